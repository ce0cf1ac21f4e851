using System.Text;
using System.Text.Json;
using Decent.Payments.Providers;
using Decent.Payments.Providers.ICPay;
using Decent.Payments.Providers.Stripe;
using Decent.Testing;

namespace Decent.Payments.Tests.Providers;

public sealed class SignatureTests
{
    [Fact]
    public void Stripe_deliveries_of_the_published_cases_are_judged_as_published()
    {
        using var vectors = JsonDocument.Parse(Vectors.Text("stripe-webhook-signatures.json"));
        var cases = vectors.RootElement.GetProperty("cases").EnumerateArray().ToList();
        Assert.Equal(16, cases.Count);
        foreach (var c in cases)
        {
            var headers = c.GetProperty("header").GetString() is { } header
                ? new Dictionary<string, string> { ["Stripe-Signature"] = header }
                : [];
            var check = new StripeVerifier(Secrets(c)).Verify(headers, Body(c), Now(c));
            Judge(c, check);
        }
    }

    [Fact]
    public void ICPay_deliveries_of_the_published_cases_are_judged_as_published()
    {
        using var vectors = JsonDocument.Parse(Vectors.Text("icpay-webhook-signatures.json"));
        var cases = vectors.RootElement.GetProperty("cases").EnumerateArray().ToList();
        Assert.Equal(10, cases.Count);
        foreach (var c in cases)
        {
            var headers = c.GetProperty("headers").EnumerateObject().ToDictionary(h => h.Name, h => h.Value.GetString()!);
            var check = new ICPayVerifier(Secrets(c)).Verify(headers, Body(c), Now(c));
            Judge(c, check);
        }
    }

    [Theory]
    [InlineData("t=99999999999999999999,v1=00")]
    [InlineData("t=-5,v1=00")]
    [InlineData("t=,v1=00")]
    [InlineData("t=0x10,v1=00")]
    public void A_header_without_a_readable_time_is_malformed_and_never_throws(string header) =>
        Assert.Equal(
            SignatureCheck.MalformedHeader,
            TimestampedSignature.Check(header, "{}"u8, ["secret"], DateTimeOffset.UnixEpoch));

    [Fact]
    public void A_time_beyond_32_bits_is_judged_by_its_age_and_does_not_overflow()
    {
        var stamp = long.MaxValue.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var mac = Convert.ToHexStringLower(
            System.Security.Cryptography.HMACSHA256.HashData("secret"u8, Encoding.UTF8.GetBytes(stamp + ".{}")));
        Assert.Equal(
            SignatureCheck.TooNew,
            TimestampedSignature.Check($"t={stamp},v1={mac}", "{}"u8, ["secret"], DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public void Without_any_secret_nothing_is_accepted() =>
        Assert.Equal(
            SignatureCheck.NoSecret, TimestampedSignature.Check("t=1,v1=00", "{}"u8, [], DateTimeOffset.UnixEpoch));

    private static void Judge(JsonElement c, SignatureCheck check)
    {
        var id = c.GetProperty("id").GetString();
        var reason = c.GetProperty("reason").GetString();
        SignatureCheck[] allowed = reason switch
        {
            "ok" => [SignatureCheck.Accepted],
            "timestamp_too_old" => [SignatureCheck.TooOld],
            "timestamp_in_future" => [SignatureCheck.TooNew],
            "bad_signature" => [SignatureCheck.BadSignature],
            "bad_signature_or_too_old" => [SignatureCheck.BadSignature, SignatureCheck.TooOld],
            "malformed_header" => [SignatureCheck.MalformedHeader],
            "missing_header" => [SignatureCheck.MissingHeader],
            "no_v1" => [SignatureCheck.NoSignature],
            "no_secret_configured" => [SignatureCheck.NoSecret],
            _ => throw new InvalidOperationException($"{id}: unknown reason {reason}"),
        };
        Assert.True(allowed.Contains(check), $"{id}: {check}, expected {reason}");
        Assert.Equal(c.GetProperty("expect").GetString() == "accept", check == SignatureCheck.Accepted);
    }

    private static List<string> Secrets(JsonElement c) =>
        [.. c.GetProperty("secrets").EnumerateArray().Select(s => s.GetString()!)];

    private static byte[] Body(JsonElement c) => Encoding.UTF8.GetBytes(c.GetProperty("body").GetString()!);

    private static DateTimeOffset Now(JsonElement c) => DateTimeOffset.FromUnixTimeSeconds(c.GetProperty("now").GetInt64());
}
