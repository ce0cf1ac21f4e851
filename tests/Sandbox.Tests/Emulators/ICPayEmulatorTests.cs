using System.Text.Json.Nodes;
using Decent.Sandbox.Emulators;
using Decent.Sandbox.Emulators.ICPay;

namespace Decent.Sandbox.Tests.Emulators;

public sealed class ICPayEmulatorTests
{
    [Theory]
    [InlineData("25", "5.00", 8, "500000000")]
    [InlineData("0.01", "3", 8, "333334")]
    [InlineData("33.333333333", "1.00", 6, "33333334")]
    [InlineData("1e1", "7", 8, "142857143")]
    public void What_is_asked_covers_the_dollars_rounded_up(string usd, string price, int decimals, string units)
    {
        Assert.True(DecimalText.TryParse(usd, out var amount));
        Assert.True(DecimalText.TryParse(price, out var rate));
        Assert.Equal(units, amount.UnitsAt(rate, decimals).ToString());
    }

    [Theory]
    [InlineData(42, 123456, "40e201002a")]
    [InlineData(0, 0, "00")]
    [InlineData(1, 0, "0000000001")]
    public void The_memo_is_packed_as_on_chain(uint account, uint intent, string hex) =>
        Assert.Equal(hex, Convert.ToHexStringLower(ICPayMemo.Pack(account, intent)));

    [Fact]
    public async Task A_payment_is_two_transfers_and_a_signed_completion()
    {
        await using var bench = await EmulatorBench.ICPayAsync();
        var intent = await CreateAsync(bench, "12.50", "ic_icp");
        Assert.Equal("250000000", intent["amount"]!.GetValue<string>());

        var paid = await bench.PostAsync($"/control/intents/{intent["id"]}/pay");
        await bench.PostAsync($"/control/intents/{intent["id"]}/pay");

        Assert.Equal("completed", paid["payment"]!["status"]!.GetValue<string>());
        Assert.Equal(["pay", "relay to aaaaa-aa"], bench.Chain.Transfers.Select(t => t.Kind));
        Assert.All(bench.Chain.Transfers, t => Assert.Equal(250_000_000, t.Units));
        var events = await bench.Receiver.AcceptedAsync(3);
        Assert.Equal(["payment_intent.created", "payment.created", "payment.completed"], events.Select(TypeOf));
        Assert.All(events, e => Assert.Equal(
            WebhookSignature.Of(EmulatorBench.WebhookSecret, bench.Clock.GetUtcNow(), e.Body),
            e.Headers["X-ICPay-Signature"]));
    }

    [Fact]
    public async Task Paying_too_little_is_a_mismatch_and_never_a_completion()
    {
        await using var bench = await EmulatorBench.ICPayAsync();
        var intent = await CreateAsync(bench, "10", "ic_ckusdt");
        var paid = await bench.PostAsync($"/control/intents/{intent["id"]}/pay", new { paidUnits = "9999999" });
        Assert.Equal("mismatched", paid["payment"]!["status"]!.GetValue<string>());
        var events = await bench.Receiver.AcceptedAsync(3);
        Assert.Equal("payment.updated", TypeOf(events[^1]));
        var payment = JsonNode.Parse(events[^1].Body)!["data"]!["object"]!;
        Assert.Equal("9999999", payment["paidAmount"]!.GetValue<string>());
        Assert.Equal("10000000", payment["requestedAmount"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_webhook_is_sent_until_it_is_accepted_and_survives_a_restart_of_the_emulator()
    {
        await using var bench = await EmulatorBench.ICPayAsync();
        bench.Receiver.Answers.Enqueue(500);
        bench.Receiver.Answers.Enqueue(400);
        await CreateAsync(bench, "10", "ic_ckusdt");
        await bench.RestartAsync();
        var accepted = Assert.Single(await bench.Receiver.AcceptedAsync(1));
        Assert.All(bench.Receiver.All, r => Assert.Equal(accepted.Body, r.Body));
    }

    [Fact]
    public async Task A_payment_cut_short_between_transfer_and_record_is_finished_once_after_a_restart()
    {
        await using var bench = await EmulatorBench.ICPayAsync();
        var intent = await CreateAsync(bench, "10", "ic_ckusdt");
        bench.Chain.LoseNextAnswer = true;
        await bench.PostAsync($"/control/intents/{intent["id"]}/pay", expected: 500);
        await bench.RestartAsync();
        await bench.Receiver.AcceptedAsync(3);
        Assert.Equal(2, bench.Chain.Transfers.Count);
    }

    [Fact]
    public async Task Redelivery_sends_every_delivered_event_again_with_the_same_id()
    {
        await using var bench = await EmulatorBench.ICPayAsync();
        var intent = await CreateAsync(bench, "10", "ic_ckusdt");
        await bench.PostAsync($"/control/intents/{intent["id"]}/pay");
        await bench.Receiver.AcceptedAsync(3);
        await IdleAsync(bench);

        var answer = await bench.PostAsync("/control/redeliver", new { times = 5, seed = 7 });

        Assert.Equal(15, answer["added"]!.GetValue<int>());
        var all = await bench.Receiver.AcceptedAsync(18);
        Assert.All(
            all.GroupBy(e => JsonNode.Parse(e.Body)!["id"]!.GetValue<string>()), g => Assert.Equal(6, g.Count()));
    }

    [Theory]
    [InlineData("flat")]
    [InlineData("aggregate")]
    [InlineData("array")]
    public async Task A_payment_is_found_by_metadata_in_every_shape_the_api_uses(string shape)
    {
        await using var bench = await EmulatorBench.ICPayAsync();
        var intent = await CreateAsync(bench, "10", "ic_ckusdt");
        var paid = await bench.PostAsync($"/control/intents/{intent["id"]}/pay");
        await bench.PostAsync("/control/by-metadata-shape", new { shape }, 204);

        var found = await bench.PostAsync(
            "/sdk/payments/by-metadata?limit=10", new { metadata = new { contract_id = "c-1" } });
        var nothing = await bench.PostAsync(
            "/sdk/payments/by-metadata", new { metadata = new { contract_id = "c-2" } });

        var items = shape == "array" ? found.AsArray() : found["payments"]!.AsArray();
        var item = shape == "aggregate" ? items.Single()!["payment"]! : items.Single()!;
        Assert.Equal(paid["payment"]!["id"]!.GetValue<string>(), item["id"]!.GetValue<string>());
        Assert.Empty(shape == "array" ? nothing.AsArray() : nothing["payments"]!.AsArray());
    }

    [Fact]
    public async Task Wrong_keys_and_wrong_requests_are_refused()
    {
        await using var bench = await EmulatorBench.ICPayAsync();
        await bench.SendAsync(HttpMethod.Get, "/sdk/payments/history", null, 401, "sk_other");
        await bench.SendAsync(HttpMethod.Get, "/sdk/payments/history", null, 401, "pk_test_bench");
        await bench.PostAsync("/sdk/public/payments/intents", new { amountUsd = -1, tokenShortcode = "ic_icp" }, 400);
        await bench.PostAsync("/sdk/public/payments/intents", new { amountUsd = 1, tokenShortcode = "ic_doge" }, 400);
        await bench.PostAsync("/sdk/public/payments/intents", "{", 400);
        await bench.PostAsync("/control/intents/nobody/pay", expected: 404);
        var history = await bench.GetAsync("/sdk/payments/history");
        Assert.Equal(0, history["total"]!.GetValue<int>());
    }

    private static async Task<JsonNode> CreateAsync(EmulatorBench bench, string usd, string token) =>
        (await bench.PostAsync("/sdk/public/payments/intents", $$"""
            {
              "amountUsd": {{usd}}, "tokenShortcode": "{{token}}",
              "metadata": { "contract_id": "c-1" }, "recipientAddresses": { "ic": "aaaaa-aa" }
            }
            """))["paymentIntent"]!;

    private static async Task IdleAsync(EmulatorBench bench)
    {
        while ((await bench.GetAsync("/control/idle"))["pending"]!.GetValue<int>() > 0)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static string TypeOf(RecordingReceiver.Received received) =>
        JsonNode.Parse(received.Body)!["type"]!.GetValue<string>();
}
