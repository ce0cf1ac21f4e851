using System.Text;
using Decent.Candid;
using Decent.Canister.Client.Tests.Agent;
using Decent.Testing;

namespace Decent.Canister.Client.Tests.Fuzz;

/// <summary>Damaged messages of the protocol: everything a node or a gateway may send, and everything it is sent.</summary>
public sealed class ProtocolFuzzTests
{
    private const ulong NowNs = 1_795_341_600_123_000_000;

    private static readonly RequestId Request = new(new byte[32]);
    private static readonly Principal Canister = ScriptedSubnet.Canister;

    [Fact]
    public void A_damaged_certificate_is_refused_or_answers_at_a_cost_within_its_length()
    {
        byte[][] originals =
        [
            SignedNetwork.Delegated(State()),
            SignedNetwork.Delegated(State(), type: "application"),
            SignedNetwork.Signed(State(), SignedNetwork.Root),
            SignedNetwork.Delegated(
                SignedNetwork.Nodes(SignedNetwork.SubnetId, NowNs, SignedNetwork.Node(1), SignedNetwork.Node(2))),
        ];
        new Fuzzing("certificate", originals, static e => e is CertificateException).Run(
            usual: 60_000,
            deep: 2_500_000,
            static (origin, bytes) =>
            {
                var certificate = Certificate.Parse(bytes);
                _ = certificate.SignedMessage();
                _ = certificate.Tree.Lookup(StatePath.RequestStatus(Request).Add("reply"));
                _ = certificate.Tree.LeavesUnder(StatePath.Of("subnet"));
                certificate.CheckSubnetScope(certificate.Delegation?.SubnetId ?? Canister);
                certificate.CheckFresh(NowNs);
                certificate.CheckCanisterScope(Canister, RangesFrom.Legacy);
                certificate.CheckCanisterScope(Canister);
            });
    }

    [Fact]
    public void A_damaged_hash_tree_is_refused_or_keeps_its_root_hash_when_written_again()
    {
        var deep = HashTree.Leaf(new byte[] { 1 });
        for (var i = 0; i < HashTree.MaximumDepth; i++)
        {
            deep = i % 3 == 0 ? HashTree.Fork(deep, HashTree.Empty) : HashTree.Labeled("x", deep);
        }

        byte[][] originals =
        [
            State().ToCbor(), State().Witness([StatePath.Time]).ToCbor(), deep.ToCbor(), HashTree.Empty.ToCbor(),
        ];
        new Fuzzing("hash tree", originals, static e => e is FormatException).Run(
            usual: 60_000,
            deep: 1_500_000,
            static (origin, bytes) =>
            {
                var tree = HashTree.Parse(bytes);
                _ = tree.IsWellFormed();
                _ = tree.Lookup(StatePath.Time);
                Assert.Equal(tree.RootHash(), HashTree.Parse(tree.ToCbor()).RootHash());
            });
    }

    [Fact]
    public void A_damaged_request_is_refused_or_has_an_id()
    {
        var owner = SignedNetwork.Node(3);
        var worker = SignedNetwork.Node(4);
        var chain = DelegationChain.Create(owner, worker.PublicKeyDer, NowNs, [Canister], "all");
        byte[][] originals =
        [
            Envelope(owner), Envelope(new DelegatedIdentity(chain, worker)),
            RequestEnvelope.Sign(
                RequestContent.ForReadState(owner.Sender, [StatePath.Time, StatePath.RequestStatus(Request)], NowNs),
                owner).ToCbor(),
        ];
        new Fuzzing("request envelope", originals, static e => e is RequestFormatException).Run(
            usual: 30_000,
            deep: 750_000,
            static (origin, bytes) =>
            {
                var envelope = RequestEnvelope.Parse(bytes);
                _ = envelope.Content.Id;
                _ = envelope.SignedMessage();
            });
    }

    [Fact]
    public void A_damaged_answer_is_refused_or_read()
    {
        byte[][] originals =
        [
            SignedNetwork.QueryReply(Request, [1, 2, 3], NowNs, [SignedNetwork.Node(1), SignedNetwork.Node(2)]),
            SignedNetwork.QueryRejection(Request, NowNs, [SignedNetwork.Node(1)]),
            ScriptedSubnet.Map(("status", "replied"), ("certificate", SignedNetwork.Delegated(State()))),
            ScriptedSubnet.Map(("root_key", SignedNetwork.RootKeyDer), ("replica_health_status", "healthy")),
        ];
        new Fuzzing("answer", originals, static e => e is AgentException).Run(
            usual: 30_000,
            deep: 750_000,
            static (original, bytes) => _ = original == 3 ? (object)AnswerCbor.ReadStatus(bytes) : AnswerCbor.Read(bytes));
    }

    [Fact]
    public void A_damaged_delegation_account_or_principal_is_refused_by_its_own_error()
    {
        var chain = DelegationChain.Create(
            SignedNetwork.Node(3), SignedNetwork.Node(4).PublicKeyDer, NowNs, [Canister], "queries");
        var account = new IcrcAccount(Canister, (byte[])[1, .. new byte[31]]);
        byte[][] originals =
        [
            Encoding.UTF8.GetBytes(chain.ToJson()), Encoding.UTF8.GetBytes(account.ToString()),
            Encoding.UTF8.GetBytes(IcpAccountIdentifier.Of(account).ToString()),
            Encoding.UTF8.GetBytes(SignedNetwork.SubnetId.ToText()),
        ];
        var campaign = new Fuzzing("texts", originals, static e =>
            e is RequestFormatException or AccountFormatException or PrincipalFormatException);
        campaign.Run(usual: 30_000, deep: 500_000, static (original, bytes) =>
        {
            var text = Encoding.UTF8.GetString(bytes);
            _ = original switch
            {
                0 => DelegationChain.FromJson(text),
                1 => IcrcAccount.Parse(text),
                2 => IcpAccountIdentifier.Parse(text),
                _ => (object)Principal.FromText(text),
            };
        });
    }

    private static HashTree State() => HashTree.OfLabels(
    [
        KeyValuePair.Create((ReadOnlyMemory<byte>)"canister"u8.ToArray(), HashTree.Labeled(
            Canister.ToArray(), HashTree.Labeled("certified_data", HashTree.Leaf(new byte[32])))),
        KeyValuePair.Create((ReadOnlyMemory<byte>)"request_status"u8.ToArray(), HashTree.Labeled(
            Request.ToArray(),
            HashTree.Fork(
                HashTree.Labeled("reply", HashTree.Leaf("DIDL\0\0"u8.ToArray())),
                HashTree.Labeled("status", HashTree.Leaf("replied"u8.ToArray()))))),
        KeyValuePair.Create(
            (ReadOnlyMemory<byte>)"time"u8.ToArray(), HashTree.Leaf(Leb128.EncodeUnsigned(NowNs))),
    ]);

    private static byte[] Envelope(IIdentity identity) => RequestEnvelope.Sign(
        RequestContent.ForMethod(
            RequestKind.Call, identity.Sender, Canister, "icrc1_transfer", new byte[80], NowNs, new byte[] { 1, 2 }),
        identity).ToCbor();
}
