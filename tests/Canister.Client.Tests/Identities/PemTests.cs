namespace Decent.Canister.Client.Tests.Identities;

public sealed class PemTests
{
    [Fact]
    public void Every_published_form_is_read_whatever_key_it_holds()
    {
        foreach (var item in Json.File("identities.json").Items("pem"))
        {
            var identity = IdentityPem.Read(item.Text("pem"));
            Assert.Equal(
                (item.Text("id"), item.Text("public_key_der")),
                (item.Text("id"), Convert.ToHexStringLower(identity.PublicKeyDer.Span)));
            Assert.Equal(item.Text("principal"), identity.Sender.ToText());
            IIdentity same = item.Text("kind") switch
            {
                "secp256k1" => Secp256k1Identity.FromSecret(item.Hex("secret")),
                "p256" => P256Identity.FromSecret(item.Hex("secret")),
                _ => Ed25519Identity.FromSeed(item.Hex("secret")),
            };
            Assert.Equal(identity.Sender, same.Sender);
            Assert.True(PublicKeys.Verify(identity.PublicKeyDer.Span, [1, 2], same.Sign([1, 2])));
        }
    }

    [Fact]
    public void Published_broken_files_are_refused()
    {
        foreach (var item in Json.File("identities.json").Items("invalid_pem"))
        {
            Assert.Throws<IdentityFormatException>(() => IdentityPem.Read(item.Text("pem")));
            Assert.Throws<IdentityFormatException>(() => IdentityPem.Read(item.Text("pem"), "password"));
        }
    }

    [Theory]
    [InlineData(TestKeys.Ed25519, TestKeys.Ed25519Der)]
    [InlineData(TestKeys.Secp256k1WithParameters, TestKeys.Secp256k1Der)]
    [InlineData(TestKeys.Secp256k1Pkcs8, TestKeys.Secp256k1Der)]
    [InlineData(TestKeys.P256, TestKeys.P256Der)]
    [InlineData(TestKeys.Secp256k1ScryptAes256, TestKeys.Secp256k1Der)]
    [InlineData(TestKeys.Ed25519Pbkdf2Aes256, TestKeys.Ed25519Der)]
    [InlineData(TestKeys.P256Pbkdf2Aes128, TestKeys.P256Der)]
    public void Files_of_OpenSSL_are_read_encrypted_or_not(string pem, string publicKeyDer) =>
        Assert.Equal(
            publicKeyDer, Convert.ToHexStringLower(IdentityPem.Read(pem, TestKeys.Password).PublicKeyDer.Span));

    [Theory]
    [InlineData(TestKeys.Secp256k1ScryptAes256)]
    [InlineData(TestKeys.Ed25519Pbkdf2Aes256)]
    [InlineData(TestKeys.P256Pbkdf2Aes128)]
    public void A_wrong_password_is_said_to_be_wrong_and_a_missing_one_to_be_missing(string pem)
    {
        Assert.Contains("password", Refusal(() => IdentityPem.Read(pem, "wrong-horse")), StringComparison.Ordinal);
        Assert.Contains("encrypted", Refusal(() => IdentityPem.Read(pem)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TestKeys.Ed25519TripleDes, "AES")]
    [InlineData(TestKeys.Ed25519Sha1, "HMAC-SHA-256")]
    [InlineData(TestKeys.Secp256k1OldEncryption, "openssl pkcs8")]
    [InlineData("", "no PEM block")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----", "no PEM block")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----", "")]
    public void What_is_not_read_is_refused_with_a_reason(string pem, string why) =>
        Assert.Contains(why, Refusal(() => IdentityPem.Read(pem, TestKeys.Password)), StringComparison.Ordinal);

    [Fact]
    public void A_key_of_another_kind_than_asked_for_is_refused_by_name()
    {
        Assert.Contains(
            "P-256", Refusal(() => Secp256k1Identity.FromPem(TestKeys.P256)), StringComparison.Ordinal);
        Assert.Contains(
            "Ed25519", Refusal(() => P256Identity.FromPem(TestKeys.Ed25519)), StringComparison.Ordinal);
        Assert.Contains(
            "secp256k1", Refusal(() => Ed25519Identity.FromPem(TestKeys.Secp256k1Pkcs8)), StringComparison.Ordinal);
        Assert.Equal(
            TestKeys.P256Der, Convert.ToHexStringLower(P256Identity.FromPem(TestKeys.P256).PublicKeyDer.Span));
    }

    [Fact]
    public void Parameters_of_another_curve_than_the_keys_are_refused()
    {
        var mixed = TestKeys.Secp256k1WithParameters
            .Replace("BgUrgQQACg==", "BggqhkjOPQMBBw==", StringComparison.Ordinal);
        Assert.Contains("clearly", Refusal(() => IdentityPem.Read(mixed)), StringComparison.Ordinal);
    }

    [Fact]
    public void No_damaged_file_gives_anything_but_the_typed_error_and_no_error_shows_the_key()
    {
        var random = new Random(7);
        string[] files =
            [TestKeys.Ed25519, TestKeys.Secp256k1WithParameters, TestKeys.P256, TestKeys.Secp256k1Pkcs8];
        foreach (var pem in files)
        {
            var body = string.Concat(pem.Split('\n').Where(l => !l.StartsWith('-')));
            for (var i = 0; i < 300; i++)
            {
                var changed = pem.ToCharArray();
                changed[random.Next(changed.Length)] = (char)random.Next(32, 127);
                try
                {
                    _ = IdentityPem.Read(new string(changed)).Sign([1]);
                }
                catch (IdentityFormatException e)
                {
                    var text = e.ToString();
                    for (var at = 0; at + 16 <= body.Length; at += 8)
                    {
                        Assert.DoesNotContain(body.Substring(at, 16), text, StringComparison.Ordinal);
                    }
                }
            }
        }
    }

    [Fact]
    public void A_hostile_file_cannot_ask_for_endless_work()
    {
        // The same file with scrypt's cost raised to 2^30.
        var der = Convert.FromBase64String(string.Concat(
            TestKeys.Secp256k1ScryptAes256.Split('\n').Where(l => !l.StartsWith('-'))));
        var cost = der.AsSpan().IndexOf((byte[])[0x02, 0x02, 0x40, 0x00]);
        Assert.True(cost > 0);
        der[cost + 2] = 0x7f;
        var pem = $"-----BEGIN ENCRYPTED PRIVATE KEY-----\n{Convert.ToBase64String(der)}\n"
            + "-----END ENCRYPTED PRIVATE KEY-----";
        Assert.Contains("scrypt", Refusal(() => IdentityPem.Read(pem, TestKeys.Password)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_JSON_form_of_the_JavaScript_agent_is_read()
    {
        var item = Json.File("identities.json").GetProperty("ed25519_json_identity");
        var json = item.GetProperty("json").GetRawText();
        Assert.Equal(item.Text("principal"), Ed25519Identity.FromJson(json).Sender.ToText());
        var parts = item.Items("json").Select(p => p.GetString()!).ToArray();
        Assert.Equal(
            item.Text("principal"),
            Ed25519Identity.FromJson($"[\"{parts[0][24..]}\",\"{parts[1][..64]}\"]").Sender.ToText());
        var secret = parts[1];
        foreach (var bad in new[]
                 {
                     "", "{}", "[]", "[1,2]", $"[\"{parts[0]}\",\"{secret[2..]}\"]",
                     $"[\"{parts[0]}\",\"zz{secret[2..]}\"]", $"[\"{parts[0][..^2]}00\",\"{secret}\"]",
                 })
        {
            var refusal = Assert.Throws<IdentityFormatException>(() => Ed25519Identity.FromJson(bad));
            Assert.DoesNotContain(secret[10..40], refusal.ToString(), StringComparison.Ordinal);
        }
    }

    private static string Refusal(Func<object> read) =>
        Assert.Throws<IdentityFormatException>(() => { _ = read(); }).Message;
}
