using Decent.Ledger;
using Decent.Payments.Facts;
using Decent.Payments.Providers;
using Decent.Payments.Providers.Stripe;
using Microsoft.Extensions.Time.Testing;

namespace Decent.Payments.Tests.Providers;

public sealed class StripeProviderTests : PaymentProviderContract
{
    private static readonly DateTimeOffset Expiry = DateTimeOffset.FromUnixTimeSeconds(1_900_000_000);

    private protected override CheckoutRequest Request { get; } = new(
        CollectionId, "c-1", "checkout:1", "24990000000", "USD", null, null, Expiry);

    private static readonly RefundRequest Refund = new(CollectionId, "c-1", "refund:1", "pi_1", 1250, "USD");

    private protected override string StartedBody =>
        """{"id":"cs_1","object":"checkout.session","amount_total":2499,"currency":"usd","url":"https://pay.example/cs_1","status":"open"}""";

    private protected override (int Status, string Body) RefusedAnswer =>
        (400, """{"error":{"type":"invalid_request_error","code":"amount_too_small","message":"no"}}""");

    private protected override IPaymentProvider Create(ScriptedHttp http) => Provider(http);

    [Fact]
    public async Task A_session_is_asked_for_with_our_key_and_metadata_on_both_objects()
    {
        using var http = new ScriptedHttp(_ => ScriptedHttp.Json(StartedBody));
        var outcome = await Provider(http).StartAsync(Request, Token);
        Assert.Equal(new StartOutcome.Started("cs_1", "https://pay.example/cs_1", 24_990_000_000), outcome);
        var sent = Assert.Single(http.Requests);
        Assert.Equal(("POST", "/v1/checkout/sessions"), (sent.Method, sent.Path));
        Assert.Equal("checkout:1", sent.Headers["Idempotency-Key"]);
        Assert.Equal("Bearer sk_x", sent.Headers["Authorization"]);
        Assert.Equal("payment", sent.Form("mode"));
        Assert.Equal("c-1", sent.Form("client_reference_id"));
        Assert.Equal("c-1", sent.Form("metadata[contract_id]"));
        Assert.Equal(CollectionId.ToString(), sent.Form("metadata[collection_id]"));
        Assert.Equal("c-1", sent.Form("payment_intent_data[metadata][contract_id]"));
        Assert.Equal(CollectionId.ToString(), sent.Form("payment_intent_data[metadata][collection_id]"));
        Assert.Equal("2499", sent.Form("line_items[0][price_data][unit_amount]"));
        Assert.Equal("usd", sent.Form("line_items[0][price_data][currency]"));
        Assert.Equal("1900000000", sent.Form("expires_at"));
        Assert.Equal("false", sent.Form("adaptive_pricing[enabled]")?.ToLowerInvariant());
    }

    [Fact]
    public async Task The_sdk_neither_retries_by_itself_nor_reports_about_us()
    {
        using var http = new ScriptedHttp(_ => ScriptedHttp.Json("""{"error":{"type":"api_error","message":"x"}}""", 500));
        var provider = Provider(http);
        Assert.IsType<StartOutcome.Unknown>(await provider.StartAsync(Request, Token));
        Assert.Single(http.Requests);
        Assert.IsType<StartOutcome.Unknown>(await provider.StartAsync(Request, Token));
        Assert.DoesNotContain(http.Requests, r => r.Headers.ContainsKey("X-Stripe-Client-Telemetry"));
    }

    [Theory]
    [InlineData(200, """{"id":"cs_1","object":"checkout.session","amount_total":1}""", false)]
    [InlineData(409, """{"error":{"type":"idempotency_error","code":"idempotency_key_in_use","message":"x"}}""", false)]
    [InlineData(429, """{"error":{"type":"invalid_request_error","code":"rate_limit","message":"x"}}""", false)]
    [InlineData(401, """{"error":{"type":"invalid_request_error","message":"x"}}""", false)]
    [InlineData(400, """{"error":{"type":"invalid_request_error","code":"amount_too_small","message":"x"}}""", true)]
    public async Task Only_a_clear_no_is_a_refusal_everything_else_is_not_known(int status, string body, bool refused)
    {
        using var http = new ScriptedHttp(_ => ScriptedHttp.Json(body, status));
        var outcome = await Provider(http).StartAsync(Request, Token);
        Assert.Equal(refused ? typeof(StartOutcome.Refused) : typeof(StartOutcome.Unknown), outcome.GetType());
    }

    [Fact]
    public async Task A_broken_connection_leaves_a_refund_unknown()
    {
        using var http = new ScriptedHttp(_ => throw new HttpRequestException("reset"));
        Assert.IsType<RefundOutcome.Unknown>(await Provider(http).RefundAsync(Refund, Token));
        Assert.IsType<RefundOutcome.Unknown>(await Provider(http).FindRefundAsync(Refund, null, Token));
    }

    [Fact]
    public async Task Reading_brings_the_payment_its_time_and_the_rails_fee()
    {
        using var http = new ScriptedHttp(r => ScriptedHttp.Json(r.Path.StartsWith("/v1/checkout", StringComparison.Ordinal)
            ? """
              {"id":"cs_1","object":"checkout.session","status":"complete","payment_status":"paid","amount_total":2499,
               "currency":"usd","payment_intent":"pi_1","metadata":{"contract_id":"c-1"}}
              """
            : """
              {"id":"pi_1","object":"payment_intent","status":"succeeded","amount":2499,"amount_received":2499,"currency":"usd",
               "metadata":{"contract_id":"c-1"},
               "latest_charge":{"id":"ch_1","object":"charge","created":1800000000,
                "balance_transaction":{"id":"txn_1","object":"balance_transaction","fee":102,"currency":"usd","amount":2499,"net":2397}}}
              """));
        var reading = await Provider(http).ReadAsync(new PaymentQuery(CollectionId, "c-1", "cs_1", null), Token);
        var facts = Assert.IsType<ProviderReading.Found>(reading).Translation.Facts;
        var captured = facts.Single(f => f.Kind == FactKind.PaymentCaptured);
        Assert.Equal(("pi_1", (Int128)2499, "usd"), (captured.Key, captured.Units!.Value, captured.Unit));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000), captured.OccurredAt);
        Assert.Equal((Int128)102, facts.Single(f => f.Kind == FactKind.PaymentFee).FeeUnits);
        Assert.Contains("expand", http.Requests[1].Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_open_session_has_no_facts_and_an_unknown_one_is_not_found()
    {
        using var open = new ScriptedHttp(_ => ScriptedHttp.Json(
            """{"id":"cs_1","object":"checkout.session","status":"open","payment_status":"unpaid","amount_total":1,"currency":"usd"}"""));
        var query = new PaymentQuery(CollectionId, "c-1", "cs_1", null);
        Assert.Empty(Assert.IsType<ProviderReading.Found>(await Provider(open).ReadAsync(query, Token)).Translation.Facts);
        using var gone = new ScriptedHttp(_ => ScriptedHttp.Json(
            """{"error":{"type":"invalid_request_error","code":"resource_missing","message":"x"}}""", 404));
        Assert.IsType<ProviderReading.NotFound>(await Provider(gone).ReadAsync(query, Token));
    }

    [Theory]
    [InlineData("complete", ExpireOutcome.AlreadyPaid)]
    [InlineData("expired", ExpireOutcome.Expired)]
    [InlineData("open", ExpireOutcome.Unknown)]
    public async Task Closing_what_is_no_longer_open_is_told_apart(string status, ExpireOutcome expected)
    {
        using var http = new ScriptedHttp(r => r.Method == "POST"
            ? ScriptedHttp.Json("""{"error":{"type":"invalid_request_error","message":"Only open sessions can be expired."}}""", 400)
            : ScriptedHttp.Json($$"""{"id":"cs_1","object":"checkout.session","status":"{{status}}"}"""));
        Assert.Equal(expected, await Provider(http).ExpireAsync("cs_1", Token));
    }

    [Fact]
    public async Task A_refund_goes_by_payment_with_our_key()
    {
        using var http = new ScriptedHttp(_ => ScriptedHttp.Json("""{"id":"re_1","object":"refund","status":"succeeded","amount":1250}"""));
        var outcome = await Provider(http).RefundAsync(Refund, Token);
        Assert.Equal(new RefundOutcome.Known("re_1", RefundProgress.Succeeded, null), outcome);
        var sent = Assert.Single(http.Requests);
        Assert.Equal("/v1/refunds", sent.Path);
        Assert.Equal("refund:1", sent.Headers["Idempotency-Key"]);
        Assert.Equal(("pi_1", "1250"), (sent.Form("payment_intent"), sent.Form("amount")));
        Assert.Equal(CollectionId.ToString(), sent.Form("metadata[refund_id]"));
    }

    [Theory]
    [InlineData("pending", RefundProgress.Pending)]
    [InlineData("requires_action", RefundProgress.Pending)]
    [InlineData("succeeded", RefundProgress.Succeeded)]
    [InlineData("failed", RefundProgress.Failed)]
    [InlineData("canceled", RefundProgress.Failed)]
    public async Task States_of_a_refund_are_read(string status, RefundProgress progress)
    {
        using var http = new ScriptedHttp(_ => ScriptedHttp.Json($$"""{"id":"re_1","object":"refund","status":"{{status}}"}"""));
        Assert.Equal(progress, Assert.IsType<RefundOutcome.Known>(await Provider(http).FindRefundAsync(Refund, "re_1", Token)).Progress);
    }

    [Fact]
    public async Task What_is_refunded_already_is_looked_up_and_adopted()
    {
        using var http = new ScriptedHttp(r => r.Method == "POST"
            ? ScriptedHttp.Json("""{"error":{"type":"invalid_request_error","code":"charge_already_refunded","message":"x"}}""", 400)
            : ScriptedHttp.Json($$$"""
                {"object":"list","has_more":false,"url":"/v1/refunds","data":[
                 {"id":"re_other","object":"refund","status":"succeeded","metadata":{"refund_id":"x"}},
                 {"id":"re_ours","object":"refund","status":"succeeded","metadata":{"refund_id":"{{{CollectionId}}}"}}]}
                """));
        Assert.Equal(
            new RefundOutcome.Known("re_ours", RefundProgress.Succeeded, null), await Provider(http).RefundAsync(Refund, Token));
    }

    [Theory]
    [InlineData(500, "api_error", null, typeof(RefundOutcome.Unknown))]
    [InlineData(429, "invalid_request_error", "lock_timeout", typeof(RefundOutcome.Later))]
    [InlineData(401, "invalid_request_error", null, typeof(RefundOutcome.Later))]
    [InlineData(400, "idempotency_error", null, typeof(RefundOutcome.Unknown))]
    [InlineData(400, "invalid_request_error", "charge_disputed", typeof(RefundOutcome.Refused))]
    public async Task Failed_refunds_are_told_apart(int status, string type, string? code, Type expected)
    {
        var error = System.Text.Json.JsonSerializer.Serialize(new { error = new { type, code, message = "x" } });
        using var http = new ScriptedHttp(_ => ScriptedHttp.Json(error, status));
        Assert.Equal(expected, (await Provider(http).RefundAsync(Refund, Token)).GetType());
    }

    [Fact]
    public async Task The_balance_is_what_is_available_and_what_is_pending()
    {
        using var http = new ScriptedHttp(_ => ScriptedHttp.Json("""
            {"object":"balance","available":[{"amount":1000,"currency":"usd"},{"amount":5,"currency":"sek"}],
             "pending":[{"amount":-250,"currency":"usd"}]}
            """));
        var balance = await Provider(http).BalanceAsync(Token);
        Assert.True(balance.Known);
        Assert.Equal([new Money(Asset.Fiat("USD"), 7_500_000_000)], balance.Amounts);
    }

    private static StripeProvider Provider(ScriptedHttp http) => new(
        http,
        new StripeSettings(new Uri("https://stripe.example/"), "sk_x", ["s"], "https://x.example/ok", "https://x.example/no"),
        new AssetRegistry([Asset.Fiat("USD")]),
        new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(57)));
}
