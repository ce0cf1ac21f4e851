using System.Text.Json;
using Decent.Canister.Client;
using Decent.Ledger;
using Decent.Ledger.Books;
using Decent.Payments.Commands;
using Decent.Payments.Providers;
using Decent.Payments.Refunds;
using Decent.Payments.Tests.In;
using Decent.Payments.Transfers;

namespace Decent.Payments.Tests.Refunds;

public sealed class RefundTests
{
    private static CancellationToken Token => InWorld.Token;

    [Fact]
    public async Task A_card_refund_is_owed_at_once_and_out_when_the_rail_proves_it()
    {
        await using var world = await InWorld.CreateAsync();
        await CancelledAsync(world);
        Assert.Equal("15000000000", await world.BalanceAsync("contract/c-1/refundable"));
        Assert.Equal("30000000000", await world.BalanceAsync("rail/stripe/clearing"));
        Assert.Equal("prepared", (await RefundAsync(world)).State);
        Assert.Empty(world.Stripe.Refunded);
        await world.SettleAsync();
        var refund = await RefundAsync(world);
        Assert.Equal(("succeeded", "15000000000"), (refund.State, refund.RailAmount.Amount));
        Assert.Equal("0", await world.BalanceAsync("contract/c-1/refundable"));
        Assert.Equal("15000000000", await world.BalanceAsync("rail/stripe/clearing"));
        Assert.Equal(1500, Assert.Single(world.Stripe.Refunded).MinorUnits);
        Assert.Empty(await world.OpenFindingsAsync());
        await world.AssertSoundAsync();
    }

    [Fact]
    public async Task Without_an_answer_the_same_request_goes_again_and_only_an_object_of_the_rail_ends_it()
    {
        await using var world = await InWorld.CreateAsync();
        await CancelledAsync(world);
        world.Stripe.OnRefund = _ => new RefundOutcome.Unknown("timeout");
        await world.SettleAsync();
        for (var i = 0; i < 3; i++)
        {
            await world.AdvanceAsync(TimeSpan.FromHours(1));
            Assert.Equal("unknown", (await RefundAsync(world)).State);
            Assert.Equal("15000000000", await world.BalanceAsync("contract/c-1/refundable"));
        }

        world.Stripe.OnRefund = r => new RefundOutcome.Known("re_1", RefundProgress.Succeeded, null);
        await world.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Equal("succeeded", (await RefundAsync(world)).State);
        Assert.True(world.Stripe.Refunded.Count >= 4);
        Assert.Single(world.Stripe.Refunded.Distinct());
        await world.AssertSoundAsync();
    }

    [Fact]
    public async Task After_a_day_the_rail_is_looked_at_before_a_key_it_may_have_forgotten_goes_again()
    {
        await using var world = await InWorld.CreateAsync();
        await CancelledAsync(world);
        world.Stripe.OnRefund = _ => new RefundOutcome.Unknown("timeout");
        await world.SettleAsync();
        var sent = world.Stripe.Refunded.Count;
        world.Clock.Advance(TimeSpan.FromHours(24));
        world.Stripe.OnFindRefund = (_, reference) => new RefundOutcome.Known("re_found", RefundProgress.Succeeded, null);
        await world.SettleAsync();
        Assert.Equal(("succeeded", "re_found"), ((await RefundAsync(world)).State, (await RefundAsync(world)).ProviderReference));
        Assert.Equal(sent, world.Stripe.Refunded.Count);
    }

    [Fact]
    public async Task A_pending_refund_is_read_until_it_is_through()
    {
        await using var world = await InWorld.CreateAsync();
        await CancelledAsync(world);
        world.Stripe.OnRefund = _ => new RefundOutcome.Known("re_1", RefundProgress.Pending, null);
        world.Stripe.OnFindRefund = (_, id) => new RefundOutcome.Known(id!, RefundProgress.Pending, null);
        await world.SettleAsync();
        Assert.Equal("pending", (await RefundAsync(world)).State);
        world.Stripe.OnFindRefund = (_, id) => new RefundOutcome.Known(id!, RefundProgress.Succeeded, null);
        await world.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Equal("succeeded", (await RefundAsync(world)).State);
        Assert.Single(world.Stripe.Refunded);
    }

    [Fact]
    public async Task The_rails_webhook_ends_a_refund_too_and_only_once()
    {
        await using var world = await InWorld.CreateAsync();
        await CancelledAsync(world);
        world.Stripe.OnRefund = _ => new RefundOutcome.Unknown("timeout");
        await world.SettleAsync();
        var refund = await RefundAsync(world);
        await world.DeliverAsync(Webhook("refund.created", "re_1", refund.Id, "pending"));
        await world.SettleAsync();
        Assert.Equal("pending", (await RefundAsync(world)).State);
        for (var i = 0; i < 3; i++)
        {
            await world.DeliverAsync(Webhook("refund.updated", "re_1", refund.Id, "succeeded"));
            await world.DeliverAsync(Webhook("refund.updated", "re_1", null, "pending"));
            await world.SettleAsync();
        }

        Assert.Equal("succeeded", (await RefundAsync(world)).State);
        Assert.Equal("15000000000", await world.BalanceAsync("rail/stripe/clearing"));
        await world.AssertSoundAsync();
    }

    [Fact]
    public async Task A_refund_that_fails_after_it_succeeded_is_owed_again_and_somebody_is_told()
    {
        await using var world = await InWorld.CreateAsync();
        await CancelledAsync(world);
        await world.SettleAsync();
        var refund = await RefundAsync(world);
        await world.DeliverAsync(Webhook("refund.failed", refund.ProviderReference!, null, "failed"));
        await world.DeliverAsync(Webhook("refund.updated", refund.ProviderReference!, null, "succeeded"));
        await world.SettleAsync();
        Assert.Equal("failed", (await RefundAsync(world)).State);
        Assert.Equal(["refund_failed"], await world.OpenFindingsAsync());
        Assert.Equal("15000000000", await world.BalanceAsync("contract/c-1/refundable"));
        Assert.Equal("30000000000", await world.BalanceAsync("rail/stripe/clearing"));
        await world.AssertSoundAsync();
    }

    [Fact]
    public async Task A_refused_refund_stays_owed_and_somebody_is_told()
    {
        await using var world = await InWorld.CreateAsync();
        await CancelledAsync(world);
        world.Stripe.OnRefund = _ => new RefundOutcome.Refused("charge_disputed", "no");
        await world.SettleAsync();
        Assert.Equal("failed", (await RefundAsync(world)).State);
        Assert.Equal(["refund_failed"], await world.OpenFindingsAsync());
        Assert.Equal("15000000000", await world.BalanceAsync("contract/c-1/refundable"));
        await world.AssertSoundAsync();
    }

    [Fact]
    public async Task A_refund_nobody_asked_for_here_is_found()
    {
        await using var world = await InWorld.CreateAsync();
        await world.PaidAsync();
        await world.DeliverAsync(Webhook("refund.created", "re_foreign", null, "succeeded"));
        await world.SettleAsync();
        Assert.Equal(["refund_unrecognised"], await world.OpenFindingsAsync());
    }

    [Theory]
    [InlineData("attempt_committed")]
    [InlineData("answer_received")]
    public async Task A_process_that_dies_around_a_refund_sends_the_same_request_again(string point)
    {
        await using var world = await InWorld.CreateAsync();
        await CancelledAsync(world);
        world.Probe.DieAt = point;
        await world.SettleAsync();
        Assert.NotEqual("succeeded", (await RefundAsync(world)).State);
        await world.AdvanceAsync(TimeSpan.FromMinutes(3));
        Assert.Equal("succeeded", (await RefundAsync(world)).State);
        Assert.Single(world.Stripe.Refunded.Distinct());
        Assert.Equal("15000000000", await world.BalanceAsync("rail/stripe/clearing"));
        await world.AssertSoundAsync();
    }

    [Fact]
    public async Task A_token_payment_goes_back_as_a_transfer_once_the_wallet_can_pay_it()
    {
        await using var world = await InWorld.CreateAsync();
        await CancelledAsync(world, "icpay");
        await world.SettleAsync();
        Assert.Equal(["refund_wallet_low"], await world.OpenFindingsAsync());
        await FillWalletAsync(world);
        await world.AdvanceAsync(TimeSpan.FromMinutes(11));
        Assert.Empty(await world.OpenFindingsAsync());
        var refund = await RefundAsync(world);
        Assert.Equal(("pending", "3000000000", "ICP"), (refund.State, refund.RailAmount.Amount, refund.RailAmount.Asset));

        // Attempts that the wallet refused were planned too, but never committed.
        var (id, plan, hold) = world.Transfers.Planned[^1];
        Assert.Equal(("refund", refund.Id.ToString(), (Int128)3_000_000_000), (plan.Kind, plan.OwnerId, plan.Units));
        Assert.Equal(InWorld.Account, plan.To.ToString());
        Assert.Equal(id, refund.TransferId);

        await world.Commands.RunAsync(
            InWorld.Caller(), (s, ct) => ConfirmAsync(world, s, View(id, plan, hold), ct), Token);
        Assert.Equal("succeeded", (await RefundAsync(world)).State);
        Assert.Equal("0", await world.BalanceAsync("contract/c-1/refundable"));
        Assert.Equal("3000000000", await world.BalanceAsync("fx/ICP", InWorld.Icp));
        Assert.Equal("-15000000000", await world.BalanceAsync("fx/USD"));
        Assert.Equal("10000", await world.BalanceAsync("platform/expense/ledger-fees", InWorld.Icp));
        Assert.Equal("2999990000", await world.BalanceAsync("chain/ICP/wallet", InWorld.Icp));
        await world.AssertSoundAsync();
    }

    [Fact]
    public async Task A_transfer_that_was_refused_leaves_the_refund_owed()
    {
        await using var world = await InWorld.CreateAsync();
        await CancelledAsync(world, "icpay");
        await FillWalletAsync(world);
        await world.SettleAsync();
        var (id, plan, hold) = world.Transfers.Planned[^1];
        await world.Commands.RunAsync(
            InWorld.Caller(),
            async (s, ct) =>
            {
                await world.Get<ITransferOwner>().RefusedAsync(s, View(id, plan, hold), "proven absent", ct);
                return true;
            },
            Token);
        Assert.Equal("failed", (await RefundAsync(world)).State);
        Assert.Equal(["refund_failed"], await world.OpenFindingsAsync());
        Assert.Equal("15000000000", await world.BalanceAsync("contract/c-1/refundable"));
    }

    [Fact]
    public async Task Wrong_cancellations_have_their_codes_and_change_nothing()
    {
        await using var world = await InWorld.CreateAsync();
        await world.PaidAsync("no-account", "icpay", c => c with { RefundAccount = null });
        await world.PaidAsync("done", change: c => c with { ServiceEnd = InWorld.Start.AddHours(3) });
        await world.PaidAsync("cancelled");
        await world.Contracts.CancelAsync(InWorld.Caller(), "cancelled", "x", Token);
        world.Clock.Advance(TimeSpan.FromHours(3));
        var before = await world.DigestAsync();
        (string Code, string Id, string Reason)[] wrong =
        [
            ("contract_unknown", "nope", "x"),
            ("reason_invalid", "cancelled", ""),
            ("reason_invalid", "cancelled", new string('x', 501)),
            ("contract_not_cancellable", "cancelled", "x"),
            ("contract_not_cancellable", "done", "x"),
            ("refund_account_missing", "no-account", "x"),
        ];
        foreach (var (code, id, reason) in wrong)
        {
            var refused = await Assert.ThrowsAsync<RefusedException>(
                () => world.Contracts.CancelAsync(InWorld.Caller("key"), id, reason, Token));
            Assert.True(code == refused.Code, $"{id} was refused with {refused.Code}, expected {code}");
        }

        Assert.Equal(before, await world.DigestAsync());
    }

    [Fact]
    public async Task An_unpaid_contract_is_cancelled_without_money_and_its_session_closed()
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync();
        var collection = await world.CollectAsync();
        var cancelled = (await world.Contracts.CancelAsync(InWorld.Caller(), "c-1", "changed my mind", Token)).Value;
        Assert.Equal(("cancelled", "0"), (cancelled.State, cancelled.Refunded.Amount));
        await world.SettleAsync();
        Assert.Equal([collection.ProviderReference!], world.Stripe.Expired);

        // Paid in the moment of cancelling: it is late.
        await world.DeliverAsync(world.StripePaid(collection));
        await world.SettleAsync();
        Assert.Equal(["payment_late"], await world.OpenFindingsAsync());
        await world.AssertSoundAsync();
    }

    [Fact]
    public async Task Many_cancellations_at_once_refund_once()
    {
        await using var world = await InWorld.CreateAsync();
        await world.PaidAsync();
        world.Clock.Advance(TimeSpan.FromHours(360));
        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(
            async () =>
            {
                try
                {
                    return (await world.Contracts.CancelAsync(InWorld.Caller(), "c-1", "x", Token)).Value.State;
                }
                catch (RefusedException e)
                {
                    return e.Code;
                }
            },
            Token)));
        Assert.Single(results, "cancelled");
        Assert.Equal(5, results.Count(r => r == "contract_not_cancellable"));
        Assert.Single((await world.Refunds.ListAsync("c-1", new PageRequest(), Token)).Items);
        await world.SettleAsync();
        await world.AssertSoundAsync();
    }

    private static async Task CancelledAsync(InWorld world, string rail = "stripe")
    {
        await world.PaidAsync(rail: rail);
        world.Clock.Advance(TimeSpan.FromHours(360));
        var cancelled = (await world.Contracts.CancelAsync(InWorld.Caller(), "c-1", "half-way", Token)).Value;
        Assert.Equal(("cancelled", "15000000000"), (cancelled.State, cancelled.Refunded.Amount));
    }

    private static async Task<RefundView> RefundAsync(InWorld world) =>
        Assert.Single((await world.Refunds.ListAsync("c-1", new PageRequest(), Token)).Items);

    private static (string Rail, string Body) Webhook(string type, string id, Guid? refundId, string status) =>
        ("stripe", JsonSerializer.Serialize(new
        {
            id = "evt_" + Guid.NewGuid().ToString("N"),
            type,
            created = InWorld.Start.AddHours(361).ToUnixTimeSeconds(),
            data = new
            {
                @object = new
                {
                    id,
                    status,
                    amount = 1500,
                    currency = "usd",
                    payment_intent = "pi_x",
                    metadata = new { refund_id = refundId?.ToString() },
                },
            },
        }));

    /// <summary>The relayed tokens arrive, as the watcher of the wallet would book them.</summary>
    private static Task<CommandResult<bool>> FillWalletAsync(InWorld world) => world.Commands.RunAsync(
        InWorld.Caller(),
        (s, _) =>
        {
            var amount = new Money(InWorld.Icp, 6_000_000_000);
            s.Books.Add(new Posting
            {
                Id = Guid.CreateVersion7(),
                IdempotencyKey = "relay",
                Reason = "relay",
                EffectiveAt = s.Now,
                Legs =
                [
                    Leg.Debit(ChartOfAccounts.Wallet("ICP"), amount),
                    Leg.Credit(ChartOfAccounts.RailClearingOf("icpay"), amount),
                ],
            });
            return Task.FromResult(true);
        },
        Token);

    private static async Task<bool> ConfirmAsync(
        InWorld world, CommandSession session, TransferView view, CancellationToken cancellationToken)
    {
        var block = new LedgerBlock(
            7, 0, LedgerOperation.Transfer, null, null, null, null, (UInt128)(Int128)view.Amount.Units, 10_000, null, null, null);
        await world.Get<ITransferOwner>().ConfirmedAsync(session, view, block, cancellationToken);
        return true;
    }

    private static TransferView View(Guid id, TransferPlan plan, Guid hold) => new(
        id,
        plan.Kind,
        plan.OwnerId,
        plan.To,
        new Money(plan.Asset, plan.Units),
        new Money(plan.Asset, 10_000),
        hold,
        new byte[32],
        TransferState.Confirmed,
        "",
        InWorld.Start,
        InWorld.Start,
        7,
        null);
}
