using System.Globalization;
using System.Text.Json;

namespace Decent.Canister.Client.Tests.Identities;

public sealed class SeedPhraseTests
{
    private const string Abandon =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    [Fact]
    public void Published_phrases_give_the_keys_of_dfx_quill_and_Internet_Identity()
    {
        foreach (var item in Json.File("identities.json").Items("mnemonics"))
        {
            using var phrase = SeedPhrase.Parse(item.Text("mnemonic"), item.Text("passphrase"));
            Assert.Equal(item.Text("bip39_seed"), Convert.ToHexStringLower(phrase.Seed));
            Compare(item.GetProperty("secp256k1"), phrase.ToSecp256k1Identity());
            Compare(item.GetProperty("ed25519"), phrase.ToEd25519Identity());
        }
    }

    [Fact]
    public void The_phrase_of_the_well_known_principal_gives_it()
    {
        const string words = "early cinnamon crucial teach mobile just toast real rebel around card priority "
            + "spike aerobic result account marble hero action intact inside elbow wrestle oval";
        Assert.Equal(
            "bh66w-ffyze-maien-ejjje-wzhqi-crrjo-rcgs7-twjrh-kf2km-hbtia-eae",
            SeedPhrase.Parse(words).ToSecp256k1Identity().Sender.ToText());
    }

    [Fact]
    public void Published_broken_phrases_are_refused()
    {
        foreach (var item in Json.File("identities.json").Items("invalid_mnemonics"))
        {
            Assert.Throws<IdentityFormatException>(() => SeedPhrase.Parse(item.Text("mnemonic")));
        }
    }

    [Fact]
    public void The_anchor_number_white_space_and_capitals_do_not_matter()
    {
        using var plain = SeedPhrase.Parse(Abandon);
        using var written = SeedPhrase.Parse(
            "  10042 " + Abandon.ToUpperInvariant().Replace(" ", " \r\n", StringComparison.Ordinal) + "\n");
        Assert.Equal(10042UL, written.AnchorNumber);
        Assert.Null(plain.AnchorNumber);
        Assert.Equal(plain.ToEd25519Identity().Sender, written.ToEd25519Identity().Sender);
    }

    [Fact]
    public void A_passphrase_changes_the_keys_and_must_be_ASCII()
    {
        using var plain = SeedPhrase.Parse(Abandon);
        using var guarded = SeedPhrase.Parse(Abandon, "TREZOR");
        Assert.NotEqual(plain.ToSecp256k1Identity().Sender, guarded.ToSecp256k1Identity().Sender);
        Assert.StartsWith(
            "c55257c360c07c72029aebc1b53c05ed", Convert.ToHexStringLower(guarded.Seed), StringComparison.Ordinal);
        Assert.Throws<IdentityFormatException>(() => SeedPhrase.Parse(Abandon, "pässword"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("abandon")]
    [InlineData(Abandon + " about")]
    [InlineData(Abandon + " " + Abandon + " " + Abandon)]
    [InlineData("abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon swordfish")]
    public void A_refusal_never_repeats_a_word(string phrase)
    {
        var refusal = Assert.Throws<IdentityFormatException>(() => SeedPhrase.Parse(phrase));
        Assert.DoesNotContain("abandon", refusal.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("swordfish", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_published_trees_of_keys_are_derived()
    {
        var file = Json.File("identities.json");
        foreach (var tree in file.Items("slip10_ed25519"))
        {
            Walk(tree, HierarchicalKey.Ed25519(tree.Hex("seed")));
        }

        foreach (var tree in file.Items("bip32_secp256k1"))
        {
            Walk(tree, HierarchicalKey.Secp256k1(tree.Hex("seed")));
        }

        using var root = HierarchicalKey.Ed25519(new byte[16]);
        Assert.Throws<ArgumentException>(() => root.Derive(1));
    }

    [Fact]
    public void An_erased_phrase_gives_no_key_and_shows_nothing()
    {
        var phrase = SeedPhrase.Parse(Abandon);
        var identity = phrase.ToEd25519Identity();
        Assert.DoesNotContain("abandon", phrase.ToString(), StringComparison.Ordinal);
        phrase.Dispose();
        Assert.True(phrase.Seed.IndexOfAnyExcept((byte)0) < 0);
        Assert.Throws<ObjectDisposedException>(() => phrase.ToEd25519Identity());
        Assert.Throws<ObjectDisposedException>(() => phrase.ToSecp256k1Identity());
        Assert.True(PublicKeys.Verify(identity.PublicKeyDer.Span, [1], identity.Sign([1])));
    }

    private static void Walk(JsonElement tree, HierarchicalKey root)
    {
        foreach (var step in tree.Items("steps"))
        {
            var path = step.Text("path").Split('/').Skip(1).Select(s =>
                uint.Parse(s.TrimEnd('\''), CultureInfo.InvariantCulture)
                | (s.EndsWith('\'') ? HierarchicalKey.Hardened : 0));
            using var node = root.Derive([.. path]);
            Assert.Equal(
                (step.Text("path"), step.Text("secret")),
                (step.Text("path"), Convert.ToHexStringLower(node.Secret)));
            Assert.Equal(step.Text("chain_code"), Convert.ToHexStringLower(node.ChainCode));
        }
    }

    private static void Compare(JsonElement expected, IIdentity identity)
    {
        Assert.Equal(expected.Text("public_key_der"), Convert.ToHexStringLower(identity.PublicKeyDer.Span));
        Assert.Equal(expected.Text("principal"), identity.Sender.ToText());
    }
}
