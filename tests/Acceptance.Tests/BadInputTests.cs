using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Decent.Acceptance.Tests;

/// <summary>What must not be accepted: each a problem with a code, and not one byte of state changed.</summary>
public sealed class BadInputTests(RunningSandbox sandbox, ITestOutputHelper output) : IClassFixture<RunningSandbox>
{
    private const string Reason = """{"reason":"x"}""";
    private const string Wallet = "k2t6j-2nvnp-4zjm3-25dtz-6xhaa-c7boj-5gayf-oj3xs-i43lp-teztq-6ae-dfxgiyy."
        + "102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20";

    [Fact]
    public async Task Every_kind_of_bad_input_is_a_typed_problem_and_leaves_the_state_byte_for_byte_as_it_was()
    {
        await PrepareAsync();
        var before = await sandbox.StateAsync();
        var wrong = new List<string>();
        foreach (var bad in Requests())
        {
            var answer = await sandbox.SendAsync(bad.Method, bad.Path, bad.Caller, bad.Body, bad.Headers);
            output.WriteLine($"{answer.Status} {answer.Code}  {bad.What}");
            if (answer.Status != bad.Status || answer.Code != bad.Code)
            {
                wrong.Add(
                    $"{bad.What}: expected {bad.Status} {bad.Code}, "
                    + $"got {answer.Status} {answer.MediaType} {answer.Body}");
            }

            if (await sandbox.StateAsync() is var after && after != before)
            {
                wrong.Add(
                    $"{bad.What} changed the state: {string.Join(", ", after.Split('\n').Except(before.Split('\n')))}");
                before = after;
            }

            Assert.Equal("true", answer.Headers.GetValueOrDefault("X-Decent-Sandbox"));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    // A contract, a payment and a used key to be bad about; then to a quiet moment well before the next full hour.
    private async Task PrepareAsync()
    {
        var created = await PostAsync("/api/v1/contracts", "marketplace", Contract("c-1"), "used-key");
        Assert.True(created.Status == 201, created.Body);
        var accepted = await sandbox.SendAsync(
            "PUT", "/api/v1/providers/alpine/payout-account", "marketplace", PayoutAccount(Wallet));
        Assert.True(accepted.Status == 200, accepted.Body);
        var now = DateTimeOffset.Parse(
            (await sandbox.SendAsync("GET", "/sandbox/clock", null)).Json["now"]!.GetValue<string>(),
            CultureInfo.InvariantCulture);
        await sandbox.WalkAsync((int)(3600 - (now.ToUnixTimeSeconds() % 3600)) + 120);
    }

    private IEnumerable<Bad> Requests() =>
        Webhooks()
            .Concat(Contracts())
            .Concat(Payments())
            .Concat(Accounts())
            .Concat(Callers())
            .Concat(Keys())
            .Concat(Shapes());

    private IEnumerable<Bad> Webhooks()
    {
        var body = """{"id":"evt_1","object":"event","type":"payment.completed","data":{"object":{}}}""";
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        foreach (var (provider, header, secretFile) in new[]
                 {
                     ("icpay", "X-ICPay-Signature", "icpay-webhook-secret"),
                     ("stripe", "Stripe-Signature", "stripe-webhook-secret"),
                 })
        {
            var secret = File.ReadAllText(Path.Combine(sandbox.Sandbox.State, "secrets", secretFile)).Trim();
            yield return Webhook("without signature", provider, body, []);
            yield return Webhook(
                "with a wrong signature", provider, body, new() { [header] = $"t={now},v1={new string('0', 64)}" });
            yield return Webhook("with another secret", provider, body, new() { [header] = Sign("other", now, body) });
            yield return Webhook(
                "with a stale signature", provider, body, new() { [header] = Sign(secret, now - 86_400, body) });
            yield return Webhook(
                "with a signature of another body", provider, body + " ", new() { [header] = Sign(secret, now, body) });
            yield return Webhook("with an unreadable signature", provider, body, new() { [header] = "t=,v1=zz" });
        }

        yield return new Bad(
            "webhook of an unknown provider",
            "POST",
            "/api/v1/webhooks/paypal",
            null,
            body,
            [],
            404,
            "provider_unknown");
    }

    private IEnumerable<Bad> Contracts()
    {
        yield return Post("negative price", "/api/v1/contracts", Contract("c-2", "-1"), 400, "amount_not_positive");
        yield return Post("price of zero", "/api/v1/contracts", Contract("c-2", "0"), 400, "amount_not_positive");
        yield return Post(
            "price above Int128",
            "/api/v1/contracts",
            Contract("c-2", "170141183460469231731687303715884105728"),
            400,
            "amount_invalid");
        yield return Post("price as decimal", "/api/v1/contracts", Contract("c-2", "1.5"), 400, "amount_invalid");
        yield return Post(
            "unknown currency",
            "/api/v1/contracts",
            Contract("c-2").Replace("USD", "XXX", StringComparison.Ordinal),
            400,
            "asset_unknown");
        yield return Post(
            "token as currency",
            "/api/v1/contracts",
            Contract("c-2").Replace("USD", "DCT", StringComparison.Ordinal),
            400,
            "asset_unknown");
        yield return Post(
            "same id, other contract", "/api/v1/contracts", Contract("c-1", "7000000000"), 409, "contract_exists");
        yield return Post(
            "cancelling an unknown contract", "/api/v1/contracts/nobody/cancel", Reason, 404, "contract_unknown");
        yield return Post("refund account with a wrong checksum", "/api/v1/contracts",
            Contract("c-2").Replace(
                "\"renterId\"",
                $"\"refundAccount\":\"{Wallet.Replace("dfxgiyy", "dfxgiya", StringComparison.Ordinal)}\",\"renterId\"",
                StringComparison.Ordinal),
            400, "account_invalid");
    }

    private IEnumerable<Bad> Payments()
    {
        yield return Post(
            "payment of an unknown contract", "/api/v1/payments", Payment("nobody", "stripe"), 404, "contract_unknown");
        yield return Post("payment over no rail", "/api/v1/payments", Payment("c-1", "cash"), 400, "rail_unknown");
        yield return Post(
            "payment in an unknown token", "/api/v1/payments", Payment("c-1", "icpay", "DOGE"), 400, "token_unknown");
        yield return Post(
            "card payment in a token", "/api/v1/payments", Payment("c-1", "stripe", "ICP"), 400, "token_forbidden");
        yield return new Bad(
            "unknown word of a state",
            "GET",
            "/api/v1/payouts?state=paidd",
            "treasurer",
            null,
            [],
            400,
            "parameter_invalid");
        yield return new Bad(
            "unknown payout",
            "GET",
            "/api/v1/payouts/00000000-0000-7000-8000-000000000000",
            "treasurer",
            null,
            [],
            404,
            "payout_unknown");
        yield return Post("payout of an unknown asset", "/api/v1/payouts", Payout("DOGE"), 400, "asset_unknown")
            with
        { Caller = "treasurer" };
    }

    private static IEnumerable<Bad> Accounts()
    {
        foreach (var (what, account) in new[]
                 {
                     ("no account", "hello"),
                     ("principal with a wrong checksum",
                         "k2t6j-2nvnp-4zjm3-25dtz-6xhaa-c7boj-5gayf-oj3xs-i43lp-teztq-6aa"),
                     ("account with a wrong checksum", Wallet.Replace("dfxgiyy", "dfxgiya", StringComparison.Ordinal)),
                     ("anonymous account", "2vxsx-fae"),
                 })
        {
            yield return new Bad(
                what, "PUT", "/api/v1/providers/alpine/payout-account", "marketplace", PayoutAccount(account),
                [], 400,
                what.StartsWith("anonymous", StringComparison.Ordinal) ? "account_forbidden" : "account_invalid");
        }
    }

    private static IEnumerable<Bad> Callers()
    {
        yield return Post(
            "no key", "/api/v1/contracts", Contract("c-2"), 401, "api_key_missing") with
        { Caller = null };
        yield return Post(
            "unknown key", "/api/v1/contracts", Contract("c-2"), 401, "api_key_invalid") with
        { Caller = "dk_nobody" };
        yield return Post(
            "key without the scope",
            "/api/v1/contracts",
            Contract("c-2"),
            403,
            "scope_missing") with
        { Caller = "approver" };
        yield return Post("drafting with the approver's key", "/api/v1/payouts", Payout("DCT"), 403, "scope_missing")
            with
        { Caller = "approver" };
    }

    private static IEnumerable<Bad> Keys()
    {
        yield return Post(
            "no Idempotency-Key",
            "/api/v1/contracts",
            Contract("c-2"),
            400,
            "idempotency_key_missing") with
        { Headers = [] };
        yield return Post(
            "Idempotency-Key that is too long", "/api/v1/contracts", Contract("c-2"), 400, "idempotency_key_missing")
            with
        { Headers = new() { ["Idempotency-Key"] = new string('k', 256) } };
        yield return Post(
            "used Idempotency-Key with another body", "/api/v1/contracts", Contract("c-2"), 409, "idempotency_conflict")
            with
        { Headers = new() { ["Idempotency-Key"] = "used-key" } };
    }

    private static IEnumerable<Bad> Shapes()
    {
        yield return Post("broken JSON", "/api/v1/contracts", "{", 400, "body_invalid");
        yield return Post(
            "unknown member",
            "/api/v1/contracts",
            Contract("c-2").Replace("\"id\"", "\"extra\":1,\"id\"", StringComparison.Ordinal),
            400,
            "body_invalid");
        yield return Post("missing member", "/api/v1/contracts", """{"id":"c-2"}""", 400, "body_invalid");
        yield return Post(
            "amount as a number",
            "/api/v1/contracts",
            Contract("c-2").Replace("\"5000000000\"", "5000000000", StringComparison.Ordinal),
            400,
            "body_invalid");
        yield return Post(
            "oversized body", "/api/v1/contracts", Contract(new string('x', 2_000_000)), 413, "body_too_large");
    }

    private static Bad Webhook(string what, string provider, string body, Dictionary<string, string> headers) => new(
        $"{provider} webhook {what}", "POST", $"/api/v1/webhooks/{provider}", null, body, headers, 401,
        what.Contains("stale", StringComparison.Ordinal) ? "signature_stale" : "signature_invalid");

    private static Bad Post(string what, string path, string body, int status, string code) => new(
        what, "POST", path, "marketplace", body, new() { ["Idempotency-Key"] = "k-" + what.Replace(' ', '-') }, status,
        code);

    private Task<RunningSandbox.Answer> PostAsync(string path, string caller, string body, string key) =>
        sandbox.SendAsync(
            "POST",
            path,
            caller,
            body,
            new Dictionary<string,
            string>(StringComparer.Ordinal)
            { ["Idempotency-Key"] = key });

    private static string Contract(string id, string amount = "5000000000") => new JsonObject
    {
        ["id"] = id,
        ["providerId"] = "alpine",
        ["renterId"] = "r-1",
        ["price"] = new JsonObject { ["amount"] = amount, ["asset"] = "USD" },
        ["serviceStart"] = "2030-01-01T00:00:00Z",
        ["serviceEnd"] = "2030-01-02T00:00:00Z",
        ["paymentDeadline"] = "2029-12-31T23:00:00Z",
    }.ToJsonString();

    private static string Payment(string contract, string rail, string? token = null)
    {
        var body = new JsonObject { ["contractId"] = contract, ["rail"] = rail };
        if (token is not null)
        {
            body["token"] = token;
        }

        return body.ToJsonString();
    }

    private static string Payout(string asset) =>
        new JsonObject { ["providerId"] = "alpine", ["currency"] = "USD", ["asset"] = asset }.ToJsonString();

    private static string PayoutAccount(string account) =>
        new JsonObject { ["asset"] = "DCT", ["account"] = account }.ToJsonString();

    private static string Sign(string secret, long at, string body)
    {
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{at}.{body}"));
        return $"t={at},v1={Convert.ToHexStringLower(mac)}";
    }

    private sealed record Bad(
        string What, string Method, string Path, string? Caller, string? Body, Dictionary<string, string> Headers,
        int Status,
        string Code);
}
