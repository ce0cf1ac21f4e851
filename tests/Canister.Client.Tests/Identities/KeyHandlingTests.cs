namespace Decent.Canister.Client.Tests.Identities;

/// <summary>Keys are erased when they are disposed of and appear nowhere.</summary>
public sealed class KeyHandlingTests
{
    private static readonly byte[] Secret = [.. Enumerable.Range(1, 32).Select(i => (byte)(i * 5))];

    [Fact]
    public void A_disposed_Ed25519_key_is_zero_and_signs_nothing()
    {
        var identity = Ed25519Identity.FromSeed(Secret);
        Assert.False(identity.IsErased);
        identity.Dispose();
        Assert.True(identity.IsErased);
        Assert.Throws<ObjectDisposedException>(() => identity.Sign([1]));
        identity.Dispose();
    }

    [Fact]
    public void A_disposed_ECDSA_key_signs_nothing()
    {
        IIdentity[] identities = [Secp256k1Identity.FromSecret(Secret), P256Identity.FromSecret(Secret)];
        foreach (var identity in identities)
        {
            Assert.Equal(64, identity.Sign([1]).Length);
            ((IDisposable)identity).Dispose();
            Assert.Throws<ObjectDisposedException>(() => identity.Sign([1]));
        }
    }

    [Fact]
    public void A_key_that_was_read_from_a_file_is_erased_with_its_holder()
    {
        var read = PrivateKeyPem.Read(TestKeys.P256, default);
        Assert.True(read.Secret.IndexOfAnyExcept((byte)0) >= 0);
        read.Dispose();
        Assert.True(read.Secret.IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public void No_text_of_an_identity_shows_the_key()
    {
        object[] things =
        [
            Ed25519Identity.FromSeed(Secret),
            Secp256k1Identity.FromSecret(Secret),
            P256Identity.FromSecret(Secret),
            AnonymousIdentity.Instance,
        ];
        foreach (var thing in things)
        {
            var text = thing + string.Join(' ', thing.GetType().GetProperties().Select(p => p.GetValue(thing) switch
            {
                ReadOnlyMemory<byte> bytes => Convert.ToHexString(bytes.Span),
                var other => other?.ToString(),
            }));
            Assert.DoesNotContain(Convert.ToHexString(Secret.AsSpan(8, 8)), text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(
                Convert.ToBase64String(Secret)[8..24], text, StringComparison.Ordinal);
        }

        Assert.Contains(
            Ed25519Identity.FromSeed(Secret).Sender.ToText(),
            Ed25519Identity.FromSeed(Secret).ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void ECDSA_signatures_are_64_bytes_with_the_low_s_and_verify()
    {
        for (var i = 0; i < 24; i++)
        {
            byte[] message = [(byte)i, 1, 2];
            Check(EllipticCurve.Secp256k1, Secp256k1Identity.FromSecret(Secret), message);
            Check(EllipticCurve.P256, P256Identity.FromSecret(Secret), message);
        }

        static void Check(EllipticCurve curve, IIdentity identity, byte[] message)
        {
            var signature = identity.Sign(message);
            Assert.Equal(64, signature.Length);
            Assert.True(curve.IsLow(signature.AsSpan(32)));
            Assert.True(PublicKeys.Verify(identity.PublicKeyDer.Span, message, signature));
            signature[40] ^= 1;
            Assert.False(PublicKeys.Verify(identity.PublicKeyDer.Span, message, signature));
        }
    }

    [Fact]
    public void A_number_that_is_no_secret_of_the_curve_is_refused()
    {
        var order = Convert.FromHexString("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
        byte[][] refused = [[], new byte[31], new byte[32], new byte[33], order, [.. Enumerable.Repeat((byte)255, 32)]];
        foreach (var secret in refused)
        {
            Assert.Throws<IdentityFormatException>(() => Secp256k1Identity.FromSecret(secret));
        }

        order[^1] -= 1;
        Assert.NotEmpty(Secp256k1Identity.FromSecret(order).Sign([1]));
    }

    [Fact]
    public void Published_public_keys_give_their_principals_and_broken_ones_are_no_keys()
    {
        var file = Json.File("identities.json");
        foreach (var item in file.Items("der_public_keys"))
        {
            Assert.True(PublicKeys.IsSupported(item.Hex("der")));
            Assert.EndsWith(item.Text("raw"), item.Text("der"), StringComparison.Ordinal);
            Assert.Equal(item.Text("principal"), Candid.Principal.SelfAuthenticating(item.Hex("der")).ToText());
            if (item.Text("kind") == "ed25519")
            {
                Assert.Equal(item.Hex("der"), PublicKeys.Ed25519Der(item.Hex("raw")));
            }
        }

        foreach (var item in file.Items("invalid_der_public_keys"))
        {
            Assert.False(PublicKeys.IsSupported(item.Hex("der")));
            Assert.False(PublicKeys.Verify(item.Hex("der"), [1], new byte[64]));
        }
    }

    [Fact]
    public void Published_envelopes_of_both_curves_are_signed_again_for_the_same_sender()
    {
        var signed = 0;
        foreach (var item in Json.File("request-ids.json").Items("signed_envelopes"))
        {
            var signer = item.GetProperty("signer");
            if (signer.Text("kind") == "ed25519")
            {
                continue;
            }

            IIdentity identity = signer.Text("kind") == "p256"
                ? P256Identity.FromSecret(signer.Hex("secret"))
                : Secp256k1Identity.FromSecret(signer.Hex("secret"));
            var stored = RequestEnvelope.Parse(item.Hex("envelope_cbor"));
            var again = RequestEnvelope.Parse(RequestEnvelope.Sign(stored.Content, identity).ToCbor());
            Assert.Null(again.FindSignatureFault(0));
            Assert.Equal(item.Text("request_id"), again.Content.Id.ToString()[2..]);
            signed++;
        }

        Assert.True(signed >= 2);
    }
}
