using System.Text.Json;
using Decent.Payments.Facts;
using Decent.Payments.Providers;
using Decent.Payments.Providers.ICPay;
using Decent.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Decent.Payments.Tests.Providers;

public sealed class ICPayProviderTests : PaymentProviderContract
{
    private protected override CheckoutRequest Request { get; } = new(
        CollectionId, "c-1", "checkout:1", "24990000000", "USD", "ckUSDT", "cngnf-vqaaa-aaaar-qag4q-cai", DateTimeOffset.UnixEpoch);

    private protected override string StartedBody =>
        """{"paymentIntent":{"id":"int-1","amount":"24990000","amountUsd":24.99,"ledgerCanisterId":"cngnf-vqaaa-aaaar-qag4q-cai"}}""";

    private protected override (int Status, string Body) RefusedAnswer => (400, """{"statusCode":400,"message":"no"}""");

    private protected override IPaymentProvider Create(ScriptedHttp http) => Provider(http);

    [Fact]
    public async Task An_intent_is_asked_for_with_exact_digits_our_metadata_and_our_relay()
    {
        using var http = new ScriptedHttp(_ => ScriptedHttp.Json(StartedBody));
        var outcome = await Provider(http).StartAsync(Request, Token);
        Assert.Equal(new StartOutcome.Started("int-1", null, 24_990_000), outcome);
        var sent = Assert.Single(http.Requests);
        Assert.Equal(("POST", "/sdk/public/payments/intents"), (sent.Method, sent.Path));
        Assert.Equal("Bearer pk_x", sent.Headers["Authorization"]);
        using var body = JsonDocument.Parse(sent.Body);
        var root = body.RootElement;
        Assert.Equal("24.99", root.GetProperty("amountUsd").GetRawText());
        Assert.Equal("ic_ckusdt", root.GetProperty("tokenShortcode").GetString());
        Assert.Equal("cngnf-vqaaa-aaaar-qag4q-cai", root.GetProperty("ledgerCanisterId").GetString());
        Assert.Equal("c-1", root.GetProperty("metadata").GetProperty("contract_id").GetString());
        Assert.Equal(CollectionId.ToString(), root.GetProperty("metadata").GetProperty("collection_id").GetString());
        Assert.Equal("our-principal", root.GetProperty("recipientAddresses").GetProperty("ic").GetString());
    }

    [Theory]
    [InlineData(200, """{"paymentIntent":{"id":"i","amount":"0"}}""", false)]
    [InlineData(401, """{"statusCode":401}""", true)]
    [InlineData(404, """{"statusCode":404}""", true)]
    [InlineData(200, """{"paymentIntent":{"id":"i","amount":"5","amountUsd":30}}""", true)]
    [InlineData(200, """{"paymentIntent":{"id":"i","amount":"5","ledgerCanisterId":"ryjl3-tyaaa-aaaaa-aaaba-cai"}}""", true)]
    public async Task Only_a_clear_no_is_a_refusal_everything_else_is_not_known(int status, string body, bool refused)
    {
        using var http = new ScriptedHttp(_ => ScriptedHttp.Json(body, status));
        var outcome = await Provider(http).StartAsync(Request, Token);
        Assert.Equal(refused ? typeof(StartOutcome.Refused) : typeof(StartOutcome.Unknown), outcome.GetType());
    }

    [Fact]
    public async Task Searches_by_metadata_are_read_in_every_published_shape()
    {
        using var vectors = JsonDocument.Parse(Vectors.Text("icpay-api.json"));
        var read = 0;
        foreach (var c in vectors.RootElement.GetProperty("cases").EnumerateArray().Where(c => c.TryGetProperty("request", out _)))
        {
            using var http = new ScriptedHttp(_ => ScriptedHttp.Json(c.GetProperty("response").GetRawText()));
            var contract = c.GetProperty("request").GetProperty("body").GetProperty("metadata").GetProperty("contract_id").GetString();
            var reading = await Provider(http).ReadAsync(new PaymentQuery(CollectionId, contract, "int", null), Token);
            var facts = Assert.IsType<ProviderReading.Found>(reading).Translation.Facts;
            Assert.Equal(
                c.GetProperty("expect").GetProperty("payments").EnumerateArray().Select(p => p.GetProperty("id").GetString()),
                facts.Select(f => f.ObjectId));
            Assert.Equal(
                c.GetProperty("expect").GetProperty("captured").EnumerateArray().Select(p => p.GetString()),
                facts.Where(f => f.Kind == FactKind.PaymentCaptured).Select(f => f.Key));
            Assert.Equal("/sdk/payments/by-metadata?limit=50&offset=0", http.Requests[0].Path);
            read++;
        }

        Assert.Equal(5, read);
    }

    [Fact]
    public async Task History_is_read_to_its_last_page()
    {
        using var vectors = JsonDocument.Parse(Vectors.Text("icpay-api.json"));
        var paged = vectors.RootElement.GetProperty("cases").EnumerateArray().Single(c => c.TryGetProperty("pages", out _));
        var pages = paged.GetProperty("pages").EnumerateArray().Select(p => p.GetProperty("response").GetRawText()).ToList();
        var next = 0;
        using var http = new ScriptedHttp(_ => ScriptedHttp.Json(pages[next++]));
        var reading = await Provider(http).SweepAsync(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1), Token);
        var facts = Assert.IsType<ProviderReading.Found>(reading).Translation.Facts;
        Assert.Equal(
            paged.GetProperty("expect").GetProperty("ids").EnumerateArray().Select(i => i.GetString()), facts.Select(f => f.ObjectId));
        Assert.Equal(3, next);
    }

    [Fact]
    public async Task A_lost_start_is_found_only_by_our_own_collection_and_price()
    {
        string Row(string collection, string usd) => $$$"""
            {"payment":{"id":"p","paymentIntentId":"int-9","status":"pending","amount":"24990000",
             "metadata":{"contract_id":"c-1","collection_id":"{{{collection}}}"}},
             "intent":{"id":"int-9","amount":"24990000","amountUsd":{{{usd}}}}}
            """;
        using var other = new ScriptedHttp(_ => ScriptedHttp.Json($"[{Row(Guid.NewGuid().ToString(), "24.99")},{Row(CollectionId.ToString(), "1")}]"));
        Assert.Null(await Provider(other).FindStartedAsync(Request, Token));
        using var ours = new ScriptedHttp(_ => ScriptedHttp.Json($"[{Row(CollectionId.ToString(), "24.99")}]"));
        Assert.Equal(new StartOutcome.Started("int-9", null, 24_990_000), await Provider(ours).FindStartedAsync(Request, Token));
    }

    [Fact]
    public async Task A_rail_that_relays_reports_no_balance_and_refunds_nothing()
    {
        using var http = new ScriptedHttp(_ => throw new InvalidOperationException("not asked"));
        var provider = Provider(http);
        Assert.False((await provider.BalanceAsync(Token)).Known);
        Assert.False(provider.Capabilities.Refunds);
        Assert.Equal(ExpireOutcome.Unsupported, await provider.ExpireAsync("int-1", Token));
    }

    private static ICPayProvider Provider(ScriptedHttp http) => new(
        http,
        new ICPaySettings(new Uri("https://icpay.example/"), "sk_x", "pk_x", ["s"], "42"),
        new ICPayFacts(null),
        "our-principal",
        new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(57)));
}
