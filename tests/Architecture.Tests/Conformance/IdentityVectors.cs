using System.Globalization;
using System.Text.Json;
using Decent.Candid;
using Decent.Canister.Client;

namespace Decent.Architecture.Tests.Conformance;

/// <summary>Keys in every form, phrases, derivations, signatures, delegation chains.</summary>
internal static class IdentityVectors
{
    private const string File = "identities.json";

    public static void Run(ConformanceRun report)
    {
        report.Each(File, "pem", static one =>
        {
            var identity = IdentityPem.Read(one.Text("pem"));
            Assert.Equal(one.Text("public_key_der"), Vector.Hex(identity.PublicKeyDer.Span));
            Assert.Equal(one.Text("principal"), identity.Sender.ToText());
        });
        report.Each(File, "invalid_pem", static one =>
            Assert.Throws<IdentityFormatException>(() => IdentityPem.Read(one.Text("pem"))));
        report.Each(File, "der_public_keys", static one =>
        {
            Assert.True(PublicKeys.IsSupported(one.Hex("der")));
            Assert.Equal(one.Text("principal"), Principal.SelfAuthenticating(one.Hex("der")).ToText());
            if (one.Text("kind") == "ed25519")
            {
                Assert.Equal(one.Text("der"), Vector.Hex(PublicKeys.Ed25519Der(one.Hex("raw"))));
            }
        });
        report.Each(File, "invalid_der_public_keys", static one => Assert.False(PublicKeys.IsSupported(one.Hex("der"))));
        report.Each(File, "ed25519_json_identity", One("ed25519_json_identity"), static one => Assert.Equal(
            one.Text("principal"), Ed25519Identity.FromJson(one.GetProperty("json").GetRawText()).Sender.ToText()));
        report.Each(File, "delegation_chain_json", One("delegation_chain_json"), Chain);
        report.Each(File, "mnemonics", static one =>
        {
            using var phrase = SeedPhrase.Parse(one.Text("mnemonic"), one.Text("passphrase"));
            Assert.Equal(one.Text("bip39_seed"), Vector.Hex(phrase.Seed));
            Same(one.GetProperty("secp256k1"), phrase.ToSecp256k1Identity());
            Same(one.GetProperty("ed25519"), phrase.ToEd25519Identity());
        });
        report.Each(File, "invalid_mnemonics", static one =>
            Assert.Throws<IdentityFormatException>(() => SeedPhrase.Parse(one.Text("mnemonic")).Dispose()));
        Steps(report, "slip10_ed25519", static seed => HierarchicalKey.Ed25519(seed));
        Steps(report, "bip32_secp256k1", static seed => HierarchicalKey.Secp256k1(seed));
        report.Each(File, "ecdsa", static one => Assert.Equal(
            one.GetProperty("expect").GetBoolean(),
            PublicKeys.Verify(one.Hex("public_key_der"), one.Hex("message"), one.Hex("signature_r_s"))));
        report.Each(File, "ed25519", static one =>
        {
            var identity = Ed25519Identity.FromSeed(one.Hex("secret"));
            Assert.Equal(Vector.Hex(PublicKeys.Ed25519Der(one.Hex("public_key"))), Vector.Hex(identity.PublicKeyDer.Span));
            Assert.Equal(one.Text("signature"), Vector.Hex(identity.Sign(one.Hex("message"))));
        });
    }

    private static IEnumerable<(string Name, JsonElement Case)> One(string section) =>
        [(section, Vector.File(File).GetProperty(section))];

    private static void Chain(JsonElement one)
    {
        var chain = DelegationChain.FromJson(one.GetProperty("json").GetRawText());
        Assert.Equal(one.Text("principal"), chain.Sender.ToText());
        Assert.Equal(one.Text("expiration_ns"), chain.ExpirationNs.ToString(CultureInfo.InvariantCulture));
        Assert.Null(chain.FindFault(chain.ExpirationNs));
        Assert.NotNull(chain.FindFault(chain.ExpirationNs + 1));
        Assert.True(JsonElement.DeepEquals(one.GetProperty("json"), JsonDocument.Parse(chain.ToJson()).RootElement));
    }

    private static void Same(JsonElement expected, IIdentity identity)
    {
        Assert.Equal(expected.Text("public_key_der"), Vector.Hex(identity.PublicKeyDer.Span));
        Assert.Equal(expected.Text("principal"), identity.Sender.ToText());
    }

    private static void Steps(ConformanceRun report, string section, Func<byte[], HierarchicalKey> root) => report.Each(
        File,
        section + ": steps",
        Vector.File(File).Items(section).SelectMany(tree =>
            tree.Items("steps").Select(step => (step.Text("path"), (Seed: tree.Hex("seed"), Step: step)))),
        one =>
        {
            var path = one.Step.Text("path").Split('/').Skip(1).Select(static s =>
                uint.Parse(s.TrimEnd('\''), CultureInfo.InvariantCulture)
                | (s.EndsWith('\'') ? HierarchicalKey.Hardened : 0));
            using var start = root(one.Seed);
            using var node = start.Derive([.. path]);
            Assert.Equal(one.Step.Text("secret"), Vector.Hex(node.Secret));
            Assert.Equal(one.Step.Text("chain_code"), Vector.Hex(node.ChainCode));
        });
}
