using System.Globalization;
using System.Text.Json.Nodes;
using Decent.Sandbox.Emulators;
using Decent.Sandbox.Emulators.ICPay;
using Decent.Testing;

namespace Decent.Sandbox.Tests.Emulators;

/// <summary>The emulators against published data of the real providers.</summary>
public sealed class VectorTests
{
    [Fact]
    public void Memos_are_those_of_the_real_sdk()
    {
        var vectors = JsonNode.Parse(Vectors.Text("icpay-memo.json"))!["vectors"]!.AsArray();
        Assert.NotEmpty(vectors);
        Assert.All(vectors, v => Assert.Equal(
            v!["memo_hex"]!.GetValue<string>(),
            Convert.ToHexStringLower(ICPayMemo.Pack(
                v["account_canister_id"]!.GetValue<uint>(), v["intent_code"]!.GetValue<uint>()))));
    }

    [Theory]
    [InlineData("icpay-webhook-signatures.json", "X-ICPay-Signature")]
    [InlineData("stripe-webhook-signatures.json", "Stripe-Signature")]
    public void A_signature_is_the_one_a_receiver_accepts(string file, string header)
    {
        var accepted = JsonNode.Parse(Vectors.Text(file))!["cases"]!.AsArray()
            .Where(c => c!["expect"]!.GetValue<string>() == "accept")
            .Select(
                c => (Case: c!, Header: c!["headers"]?[header]?.GetValue<string>() ?? c["header"]?.GetValue<string>()))
            .Where(
                c =>
                    c.Header is not null && c.Header.Split(',') is [var t, var v1] && t.StartsWith("t=")
                        && v1.StartsWith("v1="))
            .ToArray();
        Assert.NotEmpty(accepted);
        Assert.All(accepted, c =>
        {
            var at = long.Parse(c.Header!.Split(',')[0][2..], CultureInfo.InvariantCulture);
            var body = (c.Case["body"] ?? c.Case["payload"])!.GetValue<string>();
            Assert.Contains(c.Header, c.Case["secrets"]!.AsArray().Select(secret =>
                WebhookSignature.Of(secret!.GetValue<string>(), DateTimeOffset.FromUnixTimeSeconds(at), body)));
        });
    }
}
