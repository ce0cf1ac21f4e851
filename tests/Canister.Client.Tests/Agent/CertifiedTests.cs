using System.Numerics;
using Decent.Candid;
using Decent.Canister.Client.Crypto;

namespace Decent.Canister.Client.Tests.Agent;

/// <summary>An agent with a root key believes signatures and nothing else.</summary>
public sealed class CertifiedTests
{
    private static readonly BlsSecretKey Root = BlsSecretKey.FromBytes([.. Enumerable.Repeat((byte)7, 32)]);
    private static readonly BlsSecretKey Subnet = BlsSecretKey.FromBytes([.. Enumerable.Repeat((byte)9, 32)]);
    private static readonly Principal SubnetId = Principal.SelfAuthenticating(Subnet.PublicKey.ToDer());
    private static readonly Principal RootId = Principal.SelfAuthenticating(Root.PublicKey.ToDer());

    private readonly ScriptedSubnet subnet = new(Root.PublicKey.ToDer());
    private readonly SignedRequest request;

    public CertifiedTests() =>
        request = subnet.Agent.BuildCall(ScriptedSubnet.Canister, "icrc1_transfer", new byte[] { 1 });

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reply_under_a_delegation_of_the_root_is_certified()
    {
        subnet.ThenBytes(ScriptedSubnet.Replied(Delegated(Replied(), Subnet, Root)));
        var replied = Assert.IsType<CallOutcome.Replied>(await subnet.Agent.SubmitAsync(request, Ct));
        Assert.Equal(Proof.Certified, replied.Evidence.Proof);
    }

    [Fact]
    public async Task A_reply_signed_by_the_root_itself_is_certified()
    {
        subnet.ThenBytes(ScriptedSubnet.Replied(Signed(Replied(), Root)));
        var replied = Assert.IsType<CallOutcome.Replied>(await subnet.Agent.SubmitAsync(request, Ct));
        Assert.Equal(Proof.Certified, replied.Evidence.Proof);
    }

    [Fact]
    public async Task A_reply_with_a_wrong_signature_or_delegation_is_not_believed()
    {
        byte[][] forged =
        [
            ScriptedSubnet.Certified(Replied()),
            Signed(Replied(), Subnet),
            Delegated(Replied(), Root, Root),
            Delegated(Replied(), Subnet, Subnet),
        ];
        foreach (var certificate in forged)
        {
            subnet.ThenBytes(ScriptedSubnet.Replied(certificate));
            var unknown = Assert.IsType<CallOutcome.Unknown>(await subnet.Agent.SubmitAsync(request, Ct));
            Assert.Equal(UnknownReason.BadAnswer, unknown.Reason);
        }
    }

    [Fact]
    public async Task Absence_under_a_delegation_for_the_canister_is_certified()
    {
        SetTime(request.IngressExpiryNs + 1_000);
        subnet.ThenBytes(ScriptedSubnet.Map(("certificate", Delegated(Absent(), Subnet, Root))));
        var never = Assert.IsType<CallOutcome.NotExecuted>(
            await subnet.Agent.ResolveAsync(request, TimeSpan.Zero, Ct));
        Assert.Equal(Proof.Certified, never.Evidence.Proof);
    }

    [Fact]
    public async Task Absence_in_the_root_subnets_state_counts_only_if_the_root_subnet_hosts_the_canister()
    {
        SetTime(request.IngressExpiryNs + 1_000);
        await UnknownAsync(Absent());
        await UnknownAsync(WithRootRanges("jrlun-jiaaa-aaaab-aaaaa-cai", "v2nog-2aaaa-aaaab-p777q-cai"));
        subnet.ThenBytes(ScriptedSubnet.Map(
            ("certificate", Signed(WithRootRanges("aaaaa-aa", ScriptedSubnet.Canister.ToText()), Root))));
        Assert.IsType<CallOutcome.NotExecuted>(await subnet.Agent.ResolveAsync(request, TimeSpan.Zero, Ct));
        Assert.All(subnet.Requests, r => Assert.Contains(
            StatePath.Of("subnet").Add(RootId.ToArray()).Add("canister_ranges"), r.Content.Paths));

        async Task UnknownAsync(HashTree tree)
        {
            subnet.ThenBytes(ScriptedSubnet.Map(("certificate", Signed(tree, Root))));
            var unknown = await subnet.Agent.ResolveAsync(request, TimeSpan.Zero, Ct);
            Assert.Equal(UnknownReason.BadAnswer, Assert.IsType<CallOutcome.Unknown>(unknown).Reason);
        }
    }

    private static byte[] Signed(HashTree tree, BlsSecretKey key) =>
        Certificate.Write(tree, key.Sign(Message(tree)));

    private static byte[] Delegated(HashTree tree, BlsSecretKey key, BlsSecretKey root)
    {
        var ranges = HashTree.Labeled("canister_ranges", HashTree.Labeled(
            SubnetId.ToArray(),
            HashTree.Labeled(new byte[] { 0 }, HashTree.Leaf(Ranges("aaaaa-aa", ScriptedSubnet.Canister.ToText())))));
        var keys = HashTree.Labeled("subnet", HashTree.Labeled(
            SubnetId.ToArray(), HashTree.Labeled("public_key", HashTree.Leaf(Subnet.PublicKey.ToDer()))));
        var time = HashTree.Labeled("time", HashTree.Leaf(Leb128.EncodeUnsigned(BigInteger.One)));
        var delegation = HashTree.Fork(ranges, HashTree.Fork(keys, time));
        return Certificate.Write(
            tree, key.Sign(Message(tree)), SubnetId, Signed(delegation, root));
    }

    private static byte[] Message(HashTree tree) => [.. "\u000dic-state-root"u8, .. tree.RootHash()];

    private static byte[] Ranges(string first, string last)
    {
        var writer = CborText.Create();
        writer.WriteStartArray(1);
        writer.WriteStartArray(2);
        writer.WriteByteString(Principal.FromText(first).Bytes);
        writer.WriteByteString(Principal.FromText(last).Bytes);
        writer.WriteEndArray();
        writer.WriteEndArray();
        return writer.Encode();
    }

    private HashTree WithRootRanges(string first, string last) => HashTree.Fork(
        HashTree.Labeled("request_status", HashTree.Empty),
        HashTree.Fork(
            HashTree.Labeled("subnet", HashTree.Labeled(
                RootId.ToArray(), HashTree.Labeled("canister_ranges", HashTree.Leaf(Ranges(first, last))))),
            HashTree.Labeled("time", HashTree.Leaf(Leb128.EncodeUnsigned(new BigInteger(subnet.NowNs))))));

    private HashTree Absent() => subnet.StatusTree(request.Id);

    private HashTree Replied() =>
        subnet.StatusTree(request.Id, ("status", "replied"u8.ToArray()), ("reply", new byte[] { 1 }));

    private void SetTime(ulong ns) => subnet.Business.AdjustTime(
        DateTimeOffset.UnixEpoch + new TimeSpan((long)(ns / 100)));
}
