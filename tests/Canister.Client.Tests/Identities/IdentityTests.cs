using Decent.Candid;

namespace Decent.Canister.Client.Tests.Identities;

public sealed class IdentityTests
{
    [Fact]
    public void Every_published_form_of_an_Ed25519_key_is_read()
    {
        var read = 0;
        foreach (var item in Json.File("identities.json").Items("pem").Where(p => p.Text("kind") == "ed25519"))
        {
            var identity = Ed25519Identity.FromPem(item.Text("pem"));
            Assert.Equal(item.Text("public_key_der"), Convert.ToHexStringLower(identity.PublicKeyDer.Span));
            Assert.Equal(item.Text("principal"), identity.Sender.ToText());
            Assert.Equal(
                identity.PublicKeyDer.ToArray(), Ed25519Identity.FromSeed(item.Hex("secret")).PublicKeyDer.ToArray());
            read++;
        }

        Assert.True(read >= 3);
    }

    [Fact]
    public void A_version_2_key_in_the_standard_form_is_read()
    {
        // RFC 5958 with the public key of the RFC 8410 key as [1] in place of the BIT STRING tag.
        var der = Convert.FromHexString(
            "3051020101300506032b657004220420d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842"
            + "81210019bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1");
        Assert.Equal(
            "5yuqt-crk6p-e3gwd-mocs6-yf3tu-nepwc-rcjoh-lh5ck-gnxwp-x7qie-iae",
            Ed25519Identity.FromPem(Pem(der)).Sender.ToText());
        der[^1] ^= 1;
        Assert.Throws<IdentityFormatException>(() => Ed25519Identity.FromPem(Pem(der)));
    }

    [Fact]
    public void Files_that_hold_no_Ed25519_key_are_refused_with_a_reason()
    {
        var file = Json.File("identities.json");
        foreach (var item in file.Items("invalid_pem"))
        {
            Assert.Throws<IdentityFormatException>(() => Ed25519Identity.FromPem(item.Text("pem")));
        }

        foreach (var item in file.Items("pem").Where(p => p.Text("kind") != "ed25519"))
        {
            var refusal = Assert.Throws<IdentityFormatException>(() => Ed25519Identity.FromPem(item.Text("pem")));
            Assert.Contains("elliptic-curve", refusal.Message, StringComparison.Ordinal);
        }

        var encrypted = file.Items("invalid_pem").Single(p => p.Text("id") == "encrypted");
        Assert.Contains(
            "encrypted",
            Assert.Throws<IdentityFormatException>(() => Ed25519Identity.FromPem(encrypted.Text("pem"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Signatures_are_the_published_ones_and_verify()
    {
        foreach (var item in Json.File("identities.json").Items("ed25519"))
        {
            var identity = Ed25519Identity.FromSeed(item.Hex("secret"));
            var signature = identity.Sign(item.Hex("message"));
            Assert.Equal(item.Text("signature"), Convert.ToHexStringLower(signature));
            Assert.True(PublicKeys.Verify(identity.PublicKeyDer.Span, item.Hex("message"), signature));
            signature[3] ^= 1;
            Assert.False(PublicKeys.Verify(identity.PublicKeyDer.Span, item.Hex("message"), signature));
        }
    }

    [Fact]
    public void ECDSA_signatures_are_judged_as_published()
    {
        foreach (var item in Json.File("identities.json").Items("ecdsa"))
        {
            Assert.Equal(
                item.GetProperty("expect").GetBoolean(),
                PublicKeys.Verify(item.Hex("public_key_der"), item.Hex("message"), item.Hex("signature_r_s")));
        }
    }

    [Fact]
    public void The_anonymous_identity_is_the_anonymous_principal_without_a_key()
    {
        Assert.Equal(Principal.FromText("2vxsx-fae"), AnonymousIdentity.Instance.Sender);
        Assert.True(AnonymousIdentity.Instance.PublicKeyDer.IsEmpty);
        Assert.Empty(AnonymousIdentity.Instance.Sign([1]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("302a300506032b6570032100")]
    [InlineData("3059301306072a8648ce3d020106082a8648ce3d03010703420004" + Zeros64 + Zeros64)]
    [InlineData("3056301006072a8648ce3d020106052b8104000a034200" + "02" + Zeros64 + Zeros64)]
    public void A_key_that_is_no_key_verifies_nothing(string hex) =>
        Assert.False(PublicKeys.Verify(Convert.FromHexString(hex), [1, 2, 3], new byte[64]));

    private const string Zeros64 = "0000000000000000000000000000000000000000000000000000000000000000";

    private static string Pem(byte[] der) =>
        $"-----BEGIN PRIVATE KEY-----\n{Convert.ToBase64String(der)}\n-----END PRIVATE KEY-----\n";
}
