using Decent.Payments.Collections;
using Decent.Payments.Commands;
using Decent.Payments.Facts;
using Decent.Payments.Providers;
using Decent.Payments.Tests.In;

namespace Decent.Payments.Tests.Collections;

public sealed class CollectionTests
{
    private static CancellationToken Token => InWorld.Token;

    [Fact]
    public async Task A_card_payment_goes_from_the_rail_into_escrow()
    {
        await using var world = await InWorld.CreateAsync();
        var collection = await world.PaidAsync();
        Assert.Equal(("settled", "applied", "30000000000"), (collection.State, collection.Resolution, collection.Received!.Amount));
        Assert.Equal("active", (await world.Contracts.GetAsync("c-1", Token))!.State);
        Assert.Equal("30000000000", await world.BalanceAsync("rail/stripe/clearing"));
        Assert.Equal("30000000000", await world.BalanceAsync("contract/c-1/escrow"));
        var posting = Assert.Single(await world.Books.PostingsByLinkAsync(new("payment", collection.Id.ToString()), Token));
        Assert.Contains(posting.Links, l => l.Kind == "contract" && l.Id == "c-1");
        Assert.Empty(await world.OpenFindingsAsync());
        await world.AssertSoundAsync();
    }

    [Fact]
    public async Task A_token_payment_crosses_our_position_at_the_rails_rate()
    {
        await using var world = await InWorld.CreateAsync();
        var collection = await world.PaidAsync(rail: "icpay");
        Assert.Equal(new AmountView("6000000000", "ICP"), collection.Expected);
        Assert.Equal("6000000000", await world.BalanceAsync("rail/icpay/clearing", InWorld.Icp));
        Assert.Equal("6000000000", await world.BalanceAsync("fx/ICP", InWorld.Icp));
        Assert.Equal("-30000000000", await world.BalanceAsync("fx/USD"));
        Assert.Equal("30000000000", await world.BalanceAsync("contract/c-1/escrow"));
        var posting = Assert.Single(await world.Books.PostingsByLinkAsync(new("payment", collection.Id.ToString()), Token));
        Assert.Contains(posting.Links, l => l.Kind == "rail_rate");
        await world.AssertSoundAsync();
    }

    [Fact]
    public async Task Too_little_lies_in_suspense_and_a_top_up_completes_it()
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync();
        var collection = await world.CollectAsync(rail: "icpay");
        await world.DeliverAsync(world.ICPayPaid(collection, 5_000_000_000, "mismatched"));
        await world.SettleAsync();
        Assert.Equal(["payment_underpaid"], await world.OpenFindingsAsync());
        Assert.Equal("awaiting_payment", (await world.Contracts.GetAsync("c-1", Token))!.State);
        Assert.Equal("5000000000", await world.BalanceAsync("suspense/icpay", InWorld.Icp));
        Assert.Equal("0", await world.BalanceAsync("contract/c-1/escrow"));

        await world.DeliverAsync(world.ICPayPaid(collection, 5_500_000_000, "mismatched"));
        await world.SettleAsync();
        Assert.Equal("5500000000", await world.BalanceAsync("suspense/icpay", InWorld.Icp));

        await world.DeliverAsync(world.ICPayPaid(collection));
        await world.SettleAsync();
        Assert.Empty(await world.OpenFindingsAsync());
        Assert.Equal("active", (await world.Contracts.GetAsync("c-1", Token))!.State);
        Assert.Equal("0", await world.BalanceAsync("suspense/icpay", InWorld.Icp));
        Assert.Equal("6000000000", await world.BalanceAsync("rail/icpay/clearing", InWorld.Icp));
        await world.AssertSoundAsync();
    }

    [Fact]
    public async Task Too_much_pays_once_and_the_rest_lies_in_suspense()
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync();
        var collection = await world.CollectAsync(rail: "icpay");
        await world.DeliverAsync(world.ICPayPaid(collection, 6_100_000_000, "mismatched"));
        await world.SettleAsync();
        Assert.Equal(["payment_overpaid"], await world.OpenFindingsAsync());
        Assert.Equal("active", (await world.Contracts.GetAsync("c-1", Token))!.State);
        Assert.Equal("100000000", await world.BalanceAsync("suspense/icpay", InWorld.Icp));
        Assert.Equal("30000000000", await world.BalanceAsync("contract/c-1/escrow"));

        // Still more of it later.
        await world.DeliverAsync(world.ICPayPaid(collection, 6_150_000_000, "mismatched"));
        await world.SettleAsync();
        Assert.Equal("150000000", await world.BalanceAsync("suspense/icpay", InWorld.Icp));
        Assert.Equal("6150000000", await world.BalanceAsync("rail/icpay/clearing", InWorld.Icp));
        await world.AssertSoundAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_payment_after_the_deadline_never_pays(bool contractHasExpired)
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync();
        var collection = await world.CollectAsync(rail: "icpay");
        world.Clock.Advance(TimeSpan.FromHours(2.5));
        if (contractHasExpired)
        {
            await world.SettleAsync();
            Assert.Equal("expired", (await world.Contracts.GetAsync("c-1", Token))!.State);
        }

        await world.DeliverAsync(world.ICPayPaid(collection));
        await world.Work("inbox").RunDueAsync(Token);
        Assert.Equal(["payment_late"], await world.OpenFindingsAsync());
        await world.SettleAsync();
        Assert.Equal("expired", (await world.Contracts.GetAsync("c-1", Token))!.State);
        Assert.Equal("6000000000", await world.BalanceAsync("suspense/icpay", InWorld.Icp));
        await world.AssertSoundAsync();
    }

    [Fact]
    public async Task A_payment_made_in_time_pays_even_when_its_word_comes_late()
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync();
        var collection = await world.CollectAsync(rail: "icpay");
        var delivery = world.ICPayPaid(collection, at: InWorld.Start.AddHours(2));
        world.Clock.Advance(TimeSpan.FromHours(2.5));
        await world.DeliverAsync(delivery);
        await world.SettleAsync();
        Assert.Equal("active", (await world.Contracts.GetAsync("c-1", Token))!.State);
    }

    [Fact]
    public async Task A_second_payment_of_a_paid_contract_is_a_duplicate()
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync();
        var card = await world.CollectAsync();
        var token = await world.CollectAsync(rail: "icpay");
        await world.DeliverAsync(world.StripePaid(card));
        await world.Work("inbox").RunDueAsync(Token);
        await world.DeliverAsync(world.ICPayPaid(token));
        await world.Work("inbox").RunDueAsync(Token);
        Assert.Equal(["payment_duplicate"], await world.OpenFindingsAsync());
        Assert.Equal("6000000000", await world.BalanceAsync("suspense/icpay", InWorld.Icp));
        Assert.Equal("30000000000", await world.BalanceAsync("contract/c-1/escrow"));
        Assert.Equal("not_applied", (await world.Collections.GetAsync(token.Id, Token))!.State);
        await world.AssertSoundAsync();
    }

    [Fact]
    public async Task A_second_intent_of_the_same_collection_is_a_duplicate_too()
    {
        await using var world = await InWorld.CreateAsync();
        var collection = await world.PaidAsync(rail: "icpay");
        await world.DeliverAsync(world.ICPayPaid(collection, intent: "intent-made-twice"));
        await world.SettleAsync();
        Assert.Equal(["payment_duplicate"], await world.OpenFindingsAsync());
        Assert.Equal(2, (await world.Collections.ListAsync("c-1", new PageRequest(), Token)).Items.Count);
        await world.AssertSoundAsync();
    }

    [Fact]
    public async Task Money_for_no_contract_of_ours_is_booked_in_suspense()
    {
        await using var world = await InWorld.CreateAsync();
        var stranger = new CollectionView(
            Guid.NewGuid(), "no-such-contract", "icpay", "open", null, null, null, null, null, null, null, "intent-x", null, InWorld.Start, null);
        await world.DeliverAsync(world.ICPayPaid(stranger, 777));
        await world.DeliverAsync(world.ICPayPaid(stranger, 777));
        await world.SettleAsync();
        Assert.Equal(["payment_unknown"], await world.OpenFindingsAsync());
        Assert.Equal("777", await world.BalanceAsync("suspense/icpay", InWorld.Icp));
        var row = Assert.Single((await world.Collections.ListAsync(null, new PageRequest(), Token)).Items);
        Assert.Null(row.ContractId);
        Assert.Equal(("not_applied", "unknown"), (row.State, row.Resolution));
    }

    [Fact]
    public async Task Another_currency_or_token_is_never_taken_for_the_price()
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync();
        var card = await world.CollectAsync();
        await world.DeliverAsync(world.StripePaid(card, 30, currency: "jpy"));
        await world.SettleAsync();
        Assert.Equal(["payment_asset_mismatch"], await world.OpenFindingsAsync());
        Assert.Equal("30000000000", await world.BalanceAsync("suspense/stripe", Ledger.Asset.Fiat("JPY")));
        Assert.Equal("awaiting_payment", (await world.Contracts.GetAsync("c-1", Token))!.State);

        var token = await world.CollectAsync(rail: "icpay");
        await world.DeliverAsync(world.ICPayPaid(token, ledger: "xevnm-gaaaa-aaaar-qafnq-cai"));
        await world.SettleAsync();
        Assert.Contains("payment_unknown", await world.OpenFindingsAsync());
        Assert.Equal("awaiting_payment", (await world.Contracts.GetAsync("c-1", Token))!.State);
        await world.AssertSoundAsync();
    }

    [Fact]
    public async Task A_failed_payment_closes_its_collection_and_money_still_wins()
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync();
        var collection = await world.CollectAsync(rail: "icpay");
        await world.DeliverAsync(world.ICPayPaid(collection, 0, "failed"));
        await world.SettleAsync();
        Assert.Equal("failed", (await world.Collections.GetAsync(collection.Id, Token))!.State);
        await world.DeliverAsync(world.ICPayPaid(collection));
        await world.SettleAsync();
        Assert.Equal("settled", (await world.Collections.GetAsync(collection.Id, Token))!.State);
    }

    [Fact]
    public async Task A_lost_webhook_heals_by_reading_the_rail()
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync();
        var collection = await world.CollectAsync();
        world.Stripe.OnRead = q => new ProviderReading.Found(new Translation([Captured(q)], []));
        await world.SettleAsync();
        Assert.Equal("awaiting_payment", (await world.Contracts.GetAsync("c-1", Token))!.State);
        await world.AdvanceAsync(TimeSpan.FromMinutes(6));
        Assert.Equal("active", (await world.Contracts.GetAsync("c-1", Token))!.State);

        // The webhook comes after all.
        await world.DeliverAsync(world.StripePaid(collection));
        await world.SettleAsync();
        Assert.Equal("30000000000", await world.BalanceAsync("rail/stripe/clearing"));
        await world.AssertSoundAsync();
    }

    [Fact]
    public async Task The_rails_fee_is_booked_once_when_it_becomes_known()
    {
        await using var world = await InWorld.CreateAsync();
        await world.PaidAsync();
        await world.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("0", await world.BalanceAsync("platform/expense/stripe-fees"));
        world.Stripe.OnRead = q => new ProviderReading.Found(new Translation(
            [
                Captured(q),
                new ProviderFact("stripe", FactKind.PaymentFee, q.PaymentReference!, InWorld.Start)
                {
                    PaymentKey = q.PaymentReference, FeeUnits = 117, Unit = "usd",
                },
            ],
            []));
        for (var i = 0; i < 3; i++)
        {
            await world.AdvanceAsync(TimeSpan.FromHours(1));
        }

        Assert.Equal("1170000000", await world.BalanceAsync("platform/expense/stripe-fees"));
        Assert.Equal("28830000000", await world.BalanceAsync("rail/stripe/clearing"));
        var collection = Assert.Single((await world.Collections.ListAsync("c-1", new PageRequest(), Token)).Items);
        Assert.Equal("1170000000", collection.Fee!.Amount);
        Assert.Null(await world.Work("collections").NextDueAsync(Token));
    }

    [Fact]
    public async Task A_start_without_an_answer_is_asked_for_with_the_same_request()
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync();
        world.Stripe.OnStart = _ => new StartOutcome.Unknown("timeout");
        var collection = await world.CollectAsync();
        Assert.Equal(("starting", null), (collection.State, collection.CheckoutUrl));
        world.Stripe.OnStart = null;
        await world.AdvanceAsync(TimeSpan.FromMinutes(3));
        var opened = (await world.Collections.GetAsync(collection.Id, Token))!;
        Assert.Equal("open", opened.State);
        Assert.NotNull(opened.CheckoutUrl);
        Assert.Equal(2, world.Stripe.Started.Count);
        Assert.Equal(world.Stripe.Started[0], world.Stripe.Started[1]);
    }

    [Fact]
    public async Task Without_idempotency_keys_the_rail_is_asked_before_a_second_intent_is_made()
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync();
        world.ICPay.OnStart = _ => new StartOutcome.Unknown("timeout");
        var collection = await world.CollectAsync(rail: "icpay");
        world.ICPay.OnFind = r => new StartOutcome.Started("intent-found", null, 6_000_000_000);
        await world.AdvanceAsync(TimeSpan.FromMinutes(3));
        var opened = (await world.Collections.GetAsync(collection.Id, Token))!;
        Assert.Equal(("open", "intent-found"), (opened.State, opened.ProviderReference));
        Assert.Single(world.ICPay.Started);
    }

    [Theory]
    [InlineData("attempt_committed")]
    [InlineData("answer_received")]
    public async Task A_process_that_dies_around_a_start_leaves_one_collection_that_opens(string point)
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync();
        world.Probe.DieAt = point;
        var order = new NewCollection("c-1", "stripe", null);
        await Assert.ThrowsAsync<ProcessDiedException>(
            () => world.Collections.StartAsync(InWorld.Caller("k"), order, Token));

        // The client asks again under its key.
        var again = await world.Collections.StartAsync(InWorld.Caller("k"), order, Token);
        Assert.True(again.Replayed);
        Assert.Equal("open", again.Value.State);
        Assert.Single((await world.Collections.ListAsync("c-1", new PageRequest(), Token)).Items);
        Assert.Single(world.Stripe.Started.Select(r => r.IdempotencyKey).Distinct());
        var third = await world.Collections.StartAsync(InWorld.Caller("k"), order, Token);
        Assert.Equal(again.Value, third.Value);
    }

    [Fact]
    public async Task A_webhook_before_the_answer_to_the_start_finds_its_collection()
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync();
        world.ICPay.OnStart = _ => new StartOutcome.Unknown("timeout");
        var collection = await world.CollectAsync(rail: "icpay");
        var delivery = world.ICPayPaid(collection with { Expected = new AmountView("6000000000", "ICP") }, intent: "intent-raced");
        await world.DeliverAsync(delivery);
        await world.SettleAsync();
        var settled = (await world.Collections.GetAsync(collection.Id, Token))!;
        Assert.Equal(("settled", "intent-raced"), (settled.State, settled.ProviderReference));
        Assert.Equal("active", (await world.Contracts.GetAsync("c-1", Token))!.State);
    }

    [Fact]
    public async Task The_rails_word_about_its_intent_opens_a_collection_whose_answer_was_lost()
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync();
        world.ICPay.OnStart = _ => new StartOutcome.Unknown("timeout");
        var collection = await world.CollectAsync(rail: "icpay");
        await world.DeliverAsync(world.ICPayIntentCreated(collection, "intent-told", 6_000_000_000));
        await world.SettleAsync();
        var opened = (await world.Collections.GetAsync(collection.Id, Token))!;
        Assert.Equal(("open", "intent-told", "6000000000"), (opened.State, opened.ProviderReference, opened.Expected?.Amount));
        await world.AdvanceAsync(TimeSpan.FromMinutes(3));
        Assert.Single(world.ICPay.Started);
        await world.DeliverAsync(world.ICPayPaid(opened));
        await world.SettleAsync();
        var settled = (await world.Collections.GetAsync(collection.Id, Token))!;
        Assert.Equal(("settled", "pay-" + collection.Id.ToString("N")), (settled.State, settled.PaymentReference));
    }

    [Fact]
    public async Task An_orphaned_second_intent_says_nothing_about_the_collection()
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync();
        var collection = await world.CollectAsync(rail: "icpay");
        await world.DeliverAsync(world.ICPayIntentCreated(collection, "intent-orphan", 1));
        await world.SettleAsync();
        Assert.Equal(collection, await world.Collections.GetAsync(collection.Id, Token));
        Assert.Empty(await world.OpenFindingsAsync());
    }

    [Fact]
    public async Task A_payment_without_any_reference_is_found_by_its_intent()
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync();
        var collection = await world.CollectAsync(rail: "icpay");
        var (rail, body) = world.ICPayPaid(collection);
        body = body.Replace("\"contractId\":\"c-1\"", "\"x\":1", StringComparison.Ordinal)
            .Replace("collection_id", "y", StringComparison.Ordinal);
        await world.DeliverAsync((rail, body));
        await world.SettleAsync();
        Assert.Equal("active", (await world.Contracts.GetAsync("c-1", Token))!.State);
    }

    [Fact]
    public async Task Wrong_requests_have_their_codes_and_change_nothing()
    {
        await using var world = await InWorld.CreateAsync();
        await world.PaidAsync("paid");
        await world.ContractAsync("open");
        await world.CollectAsync("open");
        await world.ContractAsync("late", c => c with { PaymentDeadline = InWorld.Start.AddMinutes(1) });
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await world.Work("inbox").RunDueAsync(Token);
        var before = await world.DigestAsync();
        (string Code, NewCollection Order)[] wrong =
        [
            ("contract_unknown", new(null, "stripe", null)),
            ("contract_unknown", new("nope", "stripe", null)),
            ("rail_unknown", new("open", "paypal", null)),
            ("rail_unknown", new("open", null, null)),
            ("token_forbidden", new("open", "stripe", "ICP")),
            ("token_required", new("open", "icpay", null)),
            ("token_unknown", new("open", "icpay", "DOGE")),
            ("token_unknown", new("open", "icpay", "USD")),
            ("contract_not_payable", new("paid", "stripe", null)),
            ("collection_open", new("open", "stripe", null)),
            ("deadline_passed", new("late", "stripe", null)),
        ];
        foreach (var (code, order) in wrong)
        {
            var refused = await Assert.ThrowsAsync<RefusedException>(
                () => world.Collections.StartAsync(InWorld.Caller("key"), order, Token));
            Assert.True(code == refused.Code, $"{order} was refused with {refused.Code}, expected {code}");
        }

        Assert.Equal(before, await world.DigestAsync());
    }

    [Fact]
    public async Task A_refusal_of_the_rail_is_told_and_another_start_is_possible()
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync();
        world.Stripe.OnStart = _ => new StartOutcome.Refused("amount_too_small", "no");
        var order = new NewCollection("c-1", "stripe", null);
        for (var i = 0; i < 2; i++)
        {
            var refused = await Assert.ThrowsAsync<RefusedException>(
                () => world.Collections.StartAsync(InWorld.Caller("k"), order, Token));
            Assert.Equal("provider_refused", refused.Code);
        }

        world.Stripe.OnStart = null;
        Assert.Equal("open", (await world.CollectAsync()).State);
    }

    [Fact]
    public async Task An_intent_counts_only_at_the_price_it_was_asked_for()
    {
        // ICPay's own words about the price are compared with ours when its answer to the start was lost.
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync();
        world.ICPay.OnStart = _ => new StartOutcome.Unknown("timeout");
        var collection = await world.CollectAsync(rail: "icpay");
        var (rail, body) = world.ICPayPaid(collection, 600_000_000, intent: "intent-raced");
        await world.DeliverAsync((rail, body.Replace("\"amountUsd\":30", "\"amountUsd\":3", StringComparison.Ordinal)));
        await world.SettleAsync();
        Assert.Equal(["payment_unknown"], await world.OpenFindingsAsync());
        Assert.Equal("awaiting_payment", (await world.Contracts.GetAsync("c-1", Token))!.State);
        Assert.Equal("600000000", await world.BalanceAsync("suspense/icpay", InWorld.Icp));
    }

    internal static ProviderFact Captured(PaymentQuery query)
    {
        var key = query.PaymentReference ?? "pi_" + query.CollectionId.ToString("N");
        return new ProviderFact("stripe", FactKind.PaymentCaptured, key, InWorld.Start.AddMinutes(1))
        {
            PaymentKey = key,
            SessionKey = query.ProviderReference,
            CollectionRef = query.CollectionId,
            ContractRef = query.ContractId,
            Units = 3000,
            Unit = "usd",
        };
    }
}
