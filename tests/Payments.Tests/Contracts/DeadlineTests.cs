using Decent.Payments.Facts;
using Decent.Payments.Providers;
using Decent.Payments.Tests.Collections;
using Decent.Payments.Tests.In;

namespace Decent.Payments.Tests.Contracts;

public sealed class DeadlineTests
{
    private static readonly TimeSpan PastDeadline = TimeSpan.FromHours(2);

    private static CancellationToken Token => InWorld.Token;

    [Fact]
    public async Task An_unpaid_contract_expires_after_its_session_was_closed_at_the_rail()
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync();
        var collection = await world.CollectAsync();
        Assert.Equal(InWorld.Start.AddHours(2), await world.Work("payment-deadlines").NextDueAsync(Token));
        await world.AdvanceAsync(PastDeadline - TimeSpan.FromSeconds(1));
        Assert.Empty(world.Stripe.Expired);
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal([collection.ProviderReference!], world.Stripe.Expired);
        Assert.Equal("expired", (await world.Contracts.GetAsync("c-1", Token))!.State);
        Assert.Equal("expired", (await world.Collections.GetAsync(collection.Id, Token))!.State);
        Assert.Null(await world.Work("payment-deadlines").NextDueAsync(Token));
        Assert.Null(await world.Work("collections").NextDueAsync(Token));
    }

    [Fact]
    public async Task A_session_that_is_already_complete_counts_as_paid()
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync();
        await world.CollectAsync();
        world.Stripe.OnExpire = _ => ExpireOutcome.AlreadyPaid;
        world.Stripe.OnRead = q => new ProviderReading.Found(new Translation([CollectionTests.Captured(q)], []));
        world.Clock.Advance(PastDeadline);
        await world.Work("payment-deadlines").RunDueAsync(Token);
        Assert.Equal("active", (await world.Contracts.GetAsync("c-1", Token))!.State);
        await world.AssertSoundAsync();
    }

    [Fact]
    public async Task While_the_rail_does_not_answer_the_contract_waits()
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync();
        await world.CollectAsync();
        world.Stripe.OnExpire = _ => ExpireOutcome.Unknown;
        await world.AdvanceAsync(PastDeadline);
        Assert.Equal("awaiting_payment", (await world.Contracts.GetAsync("c-1", Token))!.State);
        world.Stripe.OnExpire = _ => ExpireOutcome.Expired;
        await world.AdvanceAsync(TimeSpan.FromMinutes(11));
        Assert.Equal("expired", (await world.Contracts.GetAsync("c-1", Token))!.State);
    }

    [Fact]
    public async Task A_token_payment_of_the_last_minute_is_read_before_the_contract_expires()
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync();
        await world.CollectAsync(rail: "icpay");
        world.ICPay.OnRead = q => new ProviderReading.Found(new Translation(
            [
                new ProviderFact("icpay", FactKind.PaymentCaptured, q.ProviderReference, InWorld.Start.AddMinutes(119))
                {
                    PaymentKey = q.ProviderReference,
                    SessionKey = q.ProviderReference,
                    Units = 6_000_000_000,
                    Unit = InWorld.Icp.LedgerCanister!.ToText(),
                },
            ],
            []));
        world.Clock.Advance(PastDeadline);
        await world.Work("payment-deadlines").RunDueAsync(Token);
        Assert.Equal("active", (await world.Contracts.GetAsync("c-1", Token))!.State);
    }

    [Fact]
    public async Task A_token_collection_that_expired_is_still_looked_at_for_a_day()
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync();
        var collection = await world.CollectAsync(rail: "icpay");
        await world.AdvanceAsync(PastDeadline);
        Assert.Equal("expired", (await world.Collections.GetAsync(collection.Id, Token))!.State);
        world.ICPay.OnRead = q => new ProviderReading.Found(new Translation(
            [
                new ProviderFact("icpay", FactKind.PaymentCaptured, q.ProviderReference, InWorld.Start.AddHours(5))
                {
                    PaymentKey = q.ProviderReference, Units = 6_000_000_000, Unit = InWorld.Icp.LedgerCanister!.ToText(),
                },
            ],
            []));
        await world.AdvanceAsync(TimeSpan.FromHours(5));
        Assert.Equal(["payment_late"], await world.OpenFindingsAsync());
        Assert.Null(await world.Work("collections").NextDueAsync(Token));
    }

    [Fact]
    public async Task Paying_over_one_rail_closes_the_other()
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync();
        var card = await world.CollectAsync();
        var token = await world.CollectAsync(rail: "icpay");
        await world.DeliverAsync(world.ICPayPaid(token));
        await world.SettleAsync();
        Assert.Equal([card.ProviderReference!], world.Stripe.Expired);
        Assert.Equal("expired", (await world.Collections.GetAsync(card.Id, Token))!.State);
        Assert.Equal("active", (await world.Contracts.GetAsync("c-1", Token))!.State);
    }

    [Fact]
    public async Task A_start_that_was_never_answered_does_not_keep_a_contract_waiting()
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync();
        world.Stripe.OnStart = _ => new StartOutcome.Unknown("timeout");
        await world.CollectAsync();
        await world.AdvanceAsync(PastDeadline);
        Assert.Equal("expired", (await world.Contracts.GetAsync("c-1", Token))!.State);
        Assert.Null(await world.Work("collections").NextDueAsync(Token));
    }
}
