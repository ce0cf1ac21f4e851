using System.Text.Json.Nodes;
using Decent.Sandbox.Supervision;
using Stripe;
using Stripe.Checkout;

namespace Decent.Sandbox.Tests.Emulators;

/// <summary>The emulator as the official SDK sees it.</summary>
public sealed class StripeEmulatorTests
{
    [Fact]
    public void The_emulator_speaks_the_version_of_the_sdk() =>
        Assert.Equal(EmulatorFile.StripeApiVersion, StripeConfiguration.ApiVersion);

    [Fact]
    public async Task A_paid_session_has_a_captured_intent_with_its_fee_and_signed_events()
    {
        await using var bench = await EmulatorBench.StripeAsync();
        var client = Client(bench);
        var session = await CreateAsync(client, bench, 9600);
        Assert.Equal(("open", "unpaid"), (session.Status, session.PaymentStatus));

        await bench.PostAsync($"/control/sessions/{session.Id}/pay");
        await bench.PostAsync($"/control/sessions/{session.Id}/pay");

        session = await client.V1.Checkout.Sessions.GetAsync(session.Id, cancellationToken: Stop);
        Assert.Equal(("complete", "paid"), (session.Status, session.PaymentStatus));
        var intent = await client.V1.PaymentIntents.GetAsync(
            session.PaymentIntentId, new PaymentIntentGetOptions { Expand = ["latest_charge.balance_transaction"] },
            cancellationToken: Stop);
        Assert.Equal("c-1", intent.Metadata["contract_id"]);
        Assert.Equal(9600, intent.AmountReceived);
        Assert.Equal(308, intent.LatestCharge.BalanceTransaction.Fee);
        var events = await bench.Receiver.AcceptedAsync(3);
        Assert.Equal(3, bench.Receiver.All.Count);
        foreach (var delivery in events)
        {
            var parsed = EventUtility.ConstructEvent(
                delivery.Body, delivery.Headers["Stripe-Signature"], EmulatorBench.WebhookSecret, 300,
                bench.Clock.GetUtcNow().ToUnixTimeSeconds());
            Assert.NotNull(parsed.Data.Object);
        }

        Assert.Contains(
            events, e => e.Body.Contains("\"type\":\"checkout.session.completed\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_replays_the_first_answer_and_refuses_other_parameters()
    {
        await using var bench = await EmulatorBench.StripeAsync();
        var client = Client(bench);
        var first = await CreateAsync(client, bench, 1000, "key-1");
        await bench.RestartAsync();
        client = Client(bench);
        var again = await CreateAsync(client, bench, 1000, "key-1");
        Assert.Equal(first.Id, again.Id);
        var conflict = await Assert.ThrowsAsync<StripeException>(() => CreateAsync(client, bench, 1001, "key-1"));
        Assert.Equal("idempotency_error", conflict.StripeError.Type);
        Assert.Single(await client.V1.Checkout.Sessions.ListAsync(cancellationToken: Stop));
    }

    [Fact]
    public async Task Refunds_never_exceed_what_was_paid_and_leave_the_balance()
    {
        await using var bench = await EmulatorBench.StripeAsync();
        var client = Client(bench);
        var session = await CreateAsync(client, bench, 7200);
        await bench.PostAsync($"/control/sessions/{session.Id}/pay");
        var intent = (await client.V1.Checkout.Sessions.GetAsync(session.Id, cancellationToken: Stop)).PaymentIntentId;

        var refund = await RefundAsync(client, intent, 3599, "refund-1");
        var replay = await RefundAsync(client, intent, 3599, "refund-1");
        Assert.Equal(refund.Id, replay.Id);
        Assert.Equal("succeeded", refund.Status);
        await Assert.ThrowsAsync<StripeException>(() => RefundAsync(client, intent, 3602, "refund-2"));
        await RefundAsync(client, intent, 3601, "refund-3");
        var spent = await Assert.ThrowsAsync<StripeException>(() => RefundAsync(client, intent, 1, "refund-4"));
        Assert.Equal("charge_already_refunded", spent.StripeError.Code);

        var balance = await client.V1.Balance.GetAsync(cancellationToken: Stop);
        Assert.Equal(-239, balance.Available.Sum(a => a.Amount) + balance.Pending.Sum(a => a.Amount));
        Assert.Equal(
            7200,
            (await client.V1.Refunds.ListAsync(new RefundListOptions { PaymentIntent = intent },
                cancellationToken: Stop)).Sum(r => r.Amount));
    }

    [Fact]
    public async Task A_session_expires_when_its_time_has_come_or_when_told_and_cannot_be_paid_then()
    {
        await using var bench = await EmulatorBench.StripeAsync();
        var client = Client(bench);
        var told = await CreateAsync(client, bench, 1000);
        Assert.Equal(
            "expired", (await client.V1.Checkout.Sessions.ExpireAsync(told.Id, cancellationToken: Stop)).Status);
        var due = await CreateAsync(client, bench, 1000);
        bench.Clock.Advance(TimeSpan.FromHours(1));
        await bench.PostAsync($"/control/sessions/{due.Id}/pay", expected: 400);
        var events = await bench.Receiver.AcceptedAsync(2);
        Assert.All(
            events, e => Assert.Equal("checkout.session.expired", JsonNode.Parse(e.Body)!["type"]!.GetValue<string>()));
        await Assert.ThrowsAsync<StripeException>(
            () => client.V1.Checkout.Sessions.ExpireAsync(due.Id, cancellationToken: Stop));
    }

    [Fact]
    public async Task Amounts_and_times_outside_the_rules_are_refused_and_change_nothing()
    {
        await using var bench = await EmulatorBench.StripeAsync();
        var client = Client(bench);
        await Assert.ThrowsAsync<StripeException>(() => CreateAsync(client, bench, 49));
        await Assert.ThrowsAsync<StripeException>(() => CreateAsync(client, bench, 100_000_000));
        await Assert.ThrowsAsync<StripeException>(
            () => CreateAsync(client, bench, 1000, expires: TimeSpan.FromMinutes(10)));
        await bench.SendAsync(HttpMethod.Get, "/v1/balance", null, 401, "sk_other");
        Assert.Empty(await client.V1.Checkout.Sessions.ListAsync(cancellationToken: Stop));
        Assert.Empty(await client.V1.Events.ListAsync(cancellationToken: Stop));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static StripeClient Client(EmulatorBench bench) => new(new StripeClientOptions
    {
        ApiKey = EmulatorBench.SecretKey,
        ApiBase = bench.Root.ToString().TrimEnd('/'),
        HttpClient = new SystemNetHttpClient(bench.Http, maxNetworkRetries: 0, enableTelemetry: false),
    });

    private static Task<Session> CreateAsync(
        StripeClient client, EmulatorBench bench, long cents, string? key = null, TimeSpan? expires = null) =>
        client.V1.Checkout.Sessions.CreateAsync(
            new SessionCreateOptions
            {
                Mode = "payment",
                ClientReferenceId = "c-1",
                SuccessUrl = "http://127.0.0.1/ok",
                ExpiresAt = (bench.Clock.GetUtcNow() + (expires ?? TimeSpan.FromMinutes(45))).UtcDateTime,
                LineItems =
                [
                    new SessionLineItemOptions
                    {
                        Quantity = 1,
                        PriceData = new SessionLineItemPriceDataOptions
                        {
                            Currency = "usd", UnitAmount = cents,
                            ProductData = new SessionLineItemPriceDataProductDataOptions { Name = "Rent" },
                        },
                    },
                ],
                PaymentIntentData = new SessionPaymentIntentDataOptions
                {
                    Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["contract_id"] = "c-1" },
                },
            },
            new RequestOptions { IdempotencyKey = key },
            Stop);

    private static Task<Refund> RefundAsync(
        StripeClient client, string intent, long cents, string key) => client.V1.Refunds.CreateAsync(
        new RefundCreateOptions { PaymentIntent = intent, Amount = cents },
        new RequestOptions { IdempotencyKey = key }, Stop);
}
