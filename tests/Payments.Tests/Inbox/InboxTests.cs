using System.Text;
using Decent.Payments.Commands;
using Decent.Payments.Inbox;
using Decent.Payments.Tests.In;

namespace Decent.Payments.Tests.Inbox;

public sealed class InboxTests
{
    private static CancellationToken Token => InWorld.Token;

    [Fact]
    public async Task What_is_not_signed_rightly_is_refused_and_leaves_no_trace()
    {
        await using var world = await InWorld.CreateAsync();
        var collection = await OpenAsync(world);
        var (rail, body) = world.StripePaid(collection);
        var before = await world.DigestAsync();
        var now = world.Clock.GetUtcNow();
        await RefusedAsync("signature_invalid", RefusalKind.Unauthenticated, () => world.DeliverAsync(rail, body, "wrong", now));
        await RefusedAsync("signature_stale", RefusalKind.Unauthenticated, () => world.DeliverAsync(rail, body, InWorld.Secret, now.AddSeconds(-301)));
        await RefusedAsync("signature_stale", RefusalKind.Unauthenticated, () => world.DeliverAsync(rail, body, InWorld.Secret, now.AddSeconds(301)));
        await RefusedAsync("signature_invalid", RefusalKind.Unauthenticated, () => world.DeliverAsync("icpay", body, "x", now));
        await RefusedAsync("provider_unknown", RefusalKind.NotFound, () => world.DeliverAsync("paypal", body, InWorld.Secret, now));
        await RefusedAsync("body_malformed", RefusalKind.Invalid, () => world.DeliverAsync(rail, "{not json", InWorld.Secret, now));
        await RefusedAsync("body_malformed", RefusalKind.Invalid, () => world.DeliverAsync(rail, "[]", InWorld.Secret, now));
        await RefusedAsync("body_malformed", RefusalKind.Invalid, () => world.DeliverAsync(rail, "{\"id\":5}", InWorld.Secret, now));
        await RefusedAsync(
            "signature_invalid",
            RefusalKind.Unauthenticated,
            () => world.Inbox.ReceiveAsync(rail, new Dictionary<string, string>(), Encoding.UTF8.GetBytes(body), Token));
        await RefusedAsync(
            "body_too_large",
            RefusalKind.TooLarge,
            () => world.Inbox.ReceiveAsync(
                rail, new Dictionary<string, string>(), new byte[IWebhookInbox.MaxBodyBytes + 1], Token));
        Assert.Equal(before, await world.DigestAsync());
        Assert.DoesNotContain("webhook_stored", world.Probe.Points);
    }

    [Fact]
    public async Task A_delivery_is_on_disk_before_anything_is_done_with_it()
    {
        await using var world = await InWorld.CreateAsync();
        var collection = await OpenAsync(world);
        world.Probe.DieAt = "webhook_stored";
        var delivery = world.StripePaid(collection);
        await Assert.ThrowsAsync<ProcessDiedException>(() => world.DeliverAsync(delivery));
        Assert.Equal("awaiting_payment", (await world.Contracts.GetAsync("c-1", Token))!.State);

        // The rail never got an answer and delivers again; the first copy does the work.
        Assert.True((await world.DeliverAsync(delivery)).Duplicate);
        await world.SettleAsync();
        Assert.Equal("active", (await world.Contracts.GetAsync("c-1", Token))!.State);
    }

    [Fact]
    public async Task Events_of_unknown_types_are_stored_and_mean_nothing()
    {
        await using var world = await InWorld.CreateAsync();
        var receipt = await world.DeliverAsync(("stripe", """{"id":"evt_1","type":"some.future.event","data":{"object":{}}}"""));
        Assert.False(receipt.Duplicate);
        var second = await world.DeliverAsync(("stripe", """{"id":"evt_1","type":"some.future.event","data":{"object":{}}}"""));
        Assert.True(second.Duplicate);
        await world.SettleAsync();
        Assert.Empty(await world.OpenFindingsAsync());
        Assert.Null(await world.Work("inbox").NextDueAsync(Token));
    }

    [Fact]
    public async Task Every_delivery_again_five_times_in_random_order_changes_no_balance()
    {
        await using var world = await InWorld.CreateAsync();
        var stripe = await OpenAsync(world);
        await world.ContractAsync("c-2");
        var icpay = await world.CollectAsync("c-2", "icpay");
        await world.ContractAsync("c-3");
        var under = await world.CollectAsync("c-3", "icpay");
        (string, string)[] deliveries =
        [
            world.StripePaid(stripe), world.StripeIntentPaid(stripe), world.ICPayPaid(icpay),
            world.ICPayPaid(under, 5_000_000_000, "mismatched"),
        ];
        foreach (var delivery in deliveries)
        {
            await world.DeliverAsync(delivery);
        }

        await world.SettleAsync();
        var before = await StatementAsync(world);
        var again = deliveries.SelectMany(d => Enumerable.Repeat(d, 5)).ToArray();
        new Random(7).Shuffle(again);
        foreach (var delivery in again)
        {
            Assert.True((await world.DeliverAsync(delivery)).Duplicate);
            await world.SettleAsync();
        }

        Assert.Equal(before, await StatementAsync(world));
        await world.AssertSoundAsync();
    }

    [Fact]
    public async Task The_same_payment_under_other_event_ids_changes_no_balance()
    {
        await using var world = await InWorld.CreateAsync();
        var stripe = await OpenAsync(world);
        await world.DeliverAsync(world.StripeIntentPaid(stripe));
        await world.SettleAsync();
        var before = await StatementAsync(world);
        for (var i = 0; i < 3; i++)
        {
            await world.DeliverAsync(world.StripePaid(stripe));
            await world.DeliverAsync(world.StripeIntentPaid(stripe));
            await world.SettleAsync();
        }

        Assert.Equal(before, await StatementAsync(world));
    }

    [Fact]
    public async Task An_unreadable_amount_is_found_and_moves_nothing()
    {
        await using var world = await InWorld.CreateAsync();
        var collection = await OpenAsync(world, "icpay");
        var (rail, body) = world.ICPayPaid(collection);
        await world.DeliverAsync((rail, body.Replace("\"paidAmount\":\"6000000000\"", "\"paidAmount\":\"1.5\"", StringComparison.Ordinal)));
        await world.SettleAsync();
        Assert.Equal(["payment_unreadable"], await world.OpenFindingsAsync());
        Assert.Equal("awaiting_payment", (await world.Contracts.GetAsync("c-1", Token))!.State);
    }

    [Fact]
    public async Task A_delivery_that_keeps_failing_is_set_aside_and_does_not_stop_the_others()
    {
        await using var world = await InWorld.CreateAsync();
        var collection = await OpenAsync(world);

        // An amount that no column can hold: the fold fails each time.
        var (rail, body) = world.StripePaid(collection);
        await world.DeliverAsync((rail, body.Replace("\"payment_intent\":\"", "\"payment_intent\":\"\\u0000", StringComparison.Ordinal)));
        await world.DeliverAsync(world.StripeIntentPaid(collection));
        await world.SettleAsync();
        Assert.Equal("active", (await world.Contracts.GetAsync("c-1", Token))!.State);
        for (var i = 0; i < 12; i++)
        {
            world.Clock.Advance(TimeSpan.FromHours(2));
            await world.Work("inbox").RunDueAsync(Token);
        }

        Assert.Contains("webhook_set_aside", await world.OpenFindingsAsync());
        Assert.Null(await world.Work("inbox").NextDueAsync(Token));
    }

    private static async Task<Decent.Payments.Collections.CollectionView> OpenAsync(InWorld world, string rail = "stripe")
    {
        await world.ContractAsync();
        return await world.CollectAsync("c-1", rail);
    }

    private static async Task RefusedAsync(string code, RefusalKind kind, Func<Task> act)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(act);
        Assert.Equal((code, kind), (refused.Code, refused.Kind));
    }

    private static async Task<string> StatementAsync(InWorld world)
    {
        var lines = (await world.Books.BalancesAsync("", 1000, Token)).Select(b => $"{b.Account} {b.Balance}");
        var contracts = (await world.Contracts.ListAsync(null, new PageRequest(null, 200), Token)).Items;
        return string.Join('\n', lines.Concat(contracts.Select(c => c.ToString())));
    }
}
