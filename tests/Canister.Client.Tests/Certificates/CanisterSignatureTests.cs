using System.Security.Cryptography;
using Decent.Candid;
using Decent.Canister.Client.Tests.Agent;

namespace Decent.Canister.Client.Tests.Certificates;

/// <summary>Signatures of canisters, as users of Internet Identity have them.</summary>
public sealed class CanisterSignatureTests
{
    private static readonly Principal Canister = ScriptedSubnet.Canister;
    private static readonly byte[] Seed = [1, 2, 3];
    private static readonly byte[] Message = [9, 9];
    private static readonly RootOfTrust Trust = RootOfTrust.FromDer(SignedNetwork.RootKeyDer);

    [Fact]
    public void Published_keys_are_read_and_written()
    {
        var file = Json.File("canister-signatures.json");
        foreach (var item in file.Items("public_keys"))
        {
            Assert.True(CanisterSignature.TryReadKey(item.Hex("der"), out var canister, out var seed));
            Assert.Equal(item.Text("canister"), canister.ToText());
            Assert.Equal(item.Text("seed_hex"), Convert.ToHexStringLower(seed));
            Assert.Equal(item.Hex("der"), CanisterSignature.KeyDer(canister, seed));
        }

        foreach (var item in file.Items("cases"))
        {
            Assert.Equal(
                item.Hex("public_key_der"),
                CanisterSignature.KeyDer(Principal.FromText(item.Text("signing_canister")), item.Hex("seed_hex")));
            Assert.Equal(item.Text("principal"), Principal.SelfAuthenticating(item.Hex("public_key_der")).ToText());
        }
    }

    [Fact]
    public void Published_signatures_are_judged_as_expected()
    {
        var judged = 0;
        foreach (var item in Json.File("canister-signatures.json").Items("cases"))
        {
            var root = item.Text("root_key");
            var trust = RootOfTrust.FromDer(
                root == "mainnet" ? RootOfTrust.MainnetKeyDer.Span : Convert.FromHexString(root));
            foreach (var (rule, expect) in new[] { (false, "expect"), (true, "expect_with_subnet_type_rule") })
            {
                Assert.Equal(
                    (item.Text("id"), rule, item.Text(expect) == "accept"),
                    (item.Text("id"), rule, CanisterSignature.Verify(
                        item.Hex("public_key_der"), item.Hex("signed_message"), item.Hex("signature"), trust, rule)));
            }

            judged++;
        }

        Assert.True(judged >= 5);
    }

    [Fact]
    public void A_canisters_key_is_no_Ed25519_key_and_its_signature_needs_trust()
    {
        // Another library's tests wrapped such a key as an Ed25519 key, so that they proved nothing.
        var item = Json.File("canister-signatures.json").Items("cases").First();
        var key = item.Hex("public_key_der");
        var trust = RootOfTrust.FromDer(RootOfTrust.MainnetKeyDer.Span);
        Assert.False(PublicKeys.IsSupported(key));
        Assert.Throws<IdentityFormatException>(() => PublicKeys.Ed25519Der(key));
        Assert.False(PublicKeys.Verify(key, item.Hex("signed_message"), item.Hex("signature").AsMemory(), null));
        Assert.True(PublicKeys.Verify(key, item.Hex("signed_message"), item.Hex("signature").AsMemory(), trust));
    }

    [Fact]
    public void A_user_of_Internet_Identity_signs_requests_through_a_session_key()
    {
        var session = SignedNetwork.Node(21);
        var unsigned = new SignedDelegation(session.PublicKeyDer, 1_900_000_000_000_000_000, null, null, default);
        var link = unsigned with { Signature = Signature(unsigned.SignedMessage()) };
        var chain = new DelegationChain(CanisterSignature.KeyDer(Canister, Seed), [link]);
        Assert.Null(chain.FindFault(0, Trust));
        Assert.Equal("The signature of a delegation is not valid.", chain.FindFault(0));
        var user = new DelegatedIdentity(chain, session);
        var envelope = RequestEnvelope.Parse(RequestEnvelope.Sign(
            RequestContent.ForMethod(RequestKind.Call, user.Sender, Canister, "m", default, 17, null), user).ToCbor());
        Assert.Null(envelope.FindSignatureFault(0, Trust));
        Assert.NotNull(envelope.FindSignatureFault(0));
    }

    [Theory]
    [InlineData("application", true, true)]
    [InlineData("application", false, true)]
    [InlineData(null, true, false)]
    [InlineData(null, false, true)]
    [InlineData("cloud_engine", true, false)]
    [InlineData("cloud_engine", false, false)]
    public void The_type_of_the_subnet_decides_whether_it_may_sign(string? type, bool required, bool holds) =>
        Assert.Equal(holds, CanisterSignature.Verify(
            CanisterSignature.KeyDer(Canister, Seed), Message, Signature(Message, type: type), Trust, required));

    [Fact]
    public void Another_canister_seed_message_tree_or_root_does_not_verify()
    {
        var key = CanisterSignature.KeyDer(Canister, Seed);
        var good = Signature(Message);
        Assert.True(CanisterSignature.Verify(key, Message, good, Trust));
        Assert.False(CanisterSignature.Verify(key, [9, 8], good, Trust));
        Assert.False(CanisterSignature.Verify(CanisterSignature.KeyDer(Canister, [1, 2]), Message, good, Trust));
        Assert.False(CanisterSignature.Verify(
            CanisterSignature.KeyDer(Principal.ManagementCanister, Seed), Message, good, Trust));
        Assert.False(CanisterSignature.Verify(
            key, Message, good, RootOfTrust.FromDer(RootOfTrust.MainnetKeyDer.Span)));
        Assert.False(CanisterSignature.Verify(key, Message, Signature(Message, outOfRange: true), Trust));
        Assert.False(CanisterSignature.Verify(key, Message, Signature(Message, value: [1]), Trust));
        for (var length = 0; length < good.Length; length += 7)
        {
            Assert.False(CanisterSignature.Verify(key, Message, good.AsMemory(0, length), Trust));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("302a300506032b6570032100b3997656ba51ff6da37b61d8d549ec80717266ecf48fb5da52b654412634844c")]
    [InlineData("3012300c060a2b0601040183b8430102030200ff")]
    [InlineData("3011300c060a2b0601040183b84301020301000000")]
    public void Other_DER_is_no_canisters_key(string hex) =>
        Assert.False(CanisterSignature.TryReadKey(Convert.FromHexString(hex), out _, out _));

    private static byte[] Signature(
        byte[] message, string? type = "application", bool outOfRange = false, byte[]? value = null)
    {
        var tree = HashTree.Labeled("sig", HashTree.Labeled(
            SHA256.HashData(Seed), HashTree.Labeled(SHA256.HashData(message), HashTree.Leaf(value ?? []))));
        var data = HashTree.Labeled("certified_data", HashTree.Leaf(tree.RootHash()));
        var certified = HashTree.Fork(
            SignedNetwork.Label("canister", Canister, data),
            SignedNetwork.Time(1_795_341_600_000_000_000));
        var certificate = outOfRange
            ? SignedNetwork.Delegated(certified, type: type, lastCanister: "aaaaa-aa")
            : SignedNetwork.Delegated(certified, type: type);
        return CanisterSignature.Write(certificate, tree);
    }
}
