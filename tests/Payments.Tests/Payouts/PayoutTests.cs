using Dapper;
using Decent.Ledger;
using Decent.Ledger.Books;
using Decent.Payments.Commands;
using Decent.Payments.Payouts;
using Decent.Payments.Reconciliation;
using Decent.Payments.Tests.Transfers;
using Decent.PriceOracle.Quotes;
using Npgsql;

namespace Decent.Payments.Tests.Payouts;

public sealed class PayoutTests(PayoutDatabase fixture) : IClassFixture<PayoutDatabase>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static CommandContext Alice => PayoutWorld.As(PayoutWorld.Alice);

    private static CommandContext Bob => PayoutWorld.As(PayoutWorld.Bob);

    [Fact]
    public async Task A_draft_takes_every_payable_release_of_the_provider_once()
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var provider = await world.EarnAsync(host, world.Icp, 1_500_000_000);
        await world.ReleaseAsync(host, provider, 2_500_000_000);
        await world.EarnAsync(host, world.Icp, 9_000_000_000);

        var draft = (await host.Payouts.CreateDraftAsync(Alice, provider, "USD", "ICP", Ct)).Value;

        Assert.Equal((PayoutState.Draft, "4000000000", 2), (draft.State, draft.Amount.Amount, draft.Items.Count));
        Assert.Equal("nothing_payable", await RefusalAsync(() => host.Payouts.CreateDraftAsync(Alice, provider, "USD", "ICP", Ct)));
    }

    [Fact]
    public async Task Releases_that_are_not_payable_yet_or_disputed_are_left()
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var provider = await world.EarnAsync(host, world.Icp, 2_000_000_000);
        var later = await world.ReleaseAsync(host, provider, 3_000_000_000);
        var disputed = await world.ReleaseAsync(host, provider, 5_000_000_000);
        await using (var connection = await world.Owner.OpenConnectionAsync(Ct))
        {
            await connection.ExecuteAsync(
                "update payments.releases set payable_at = payable_at + interval '1 day' where id = @later", new { later });
            await connection.ExecuteAsync(
                """
                update payments.contracts set disputed = true
                where id = (select contract_id from payments.releases where id = @disputed)
                """,
                new { disputed });
        }

        var draft = (await host.Payouts.CreateDraftAsync(Alice, provider, "USD", "ICP", Ct)).Value;
        Assert.Equal("2000000000", draft.Amount.Amount);
    }

    [Fact]
    public async Task A_draft_needs_an_account_a_known_token_and_the_minimum()
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        await world.ReleaseAsync(host, "homeless", 5_000_000_000);
        var poor = await world.EarnAsync(host, world.Icp, 999_999_999);
        Assert.Equal("payout_account_missing", await RefusalAsync(() => host.Payouts.CreateDraftAsync(Alice, "homeless", "USD", "ICP", Ct)));
        Assert.Equal("below_minimum", await RefusalAsync(() => host.Payouts.CreateDraftAsync(Alice, poor, "USD", "ICP", Ct)));
        Assert.Equal("asset_unknown", await RefusalAsync(() => host.Payouts.CreateDraftAsync(Alice, poor, "ICP", "ICP", Ct)));
        Assert.Equal("asset_unknown", await RefusalAsync(() => host.Payouts.CreateDraftAsync(Alice, poor, "USD", "USD", Ct)));
        await world.ReleaseAsync(host, poor, 1);
        Assert.Equal("1000000000", (await host.Payouts.CreateDraftAsync(Alice, poor, "USD", "ICP", Ct)).Value.Amount.Amount);
    }

    [Fact]
    public async Task Nobody_approves_what_they_drafted_not_even_past_the_program()
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var provider = await world.EarnAsync(host, world.Icp, 2_000_000_000);
        var draft = (await host.Payouts.CreateDraftAsync(Alice, provider, "USD", "ICP", Ct)).Value;

        var refused = await Assert.ThrowsAsync<RefusedException>(() => host.Payouts.ApproveAsync(Alice, draft.Id, "mine", Ct));
        Assert.Equal(("self_approval", RefusalKind.Forbidden), (refused.Code, refused.Kind));
        await using var connection = await world.Database.OpenConnectionAsync(Ct);
        var constraint = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(
            """
            select payments.move_payout(@id, 'draft', 'approved', @actor, 'x', @now, @now, null, null, null, null, null, null,
              null, null)
            """,
            new { id = draft.Id, actor = PayoutWorld.Alice, now = DateTime.UtcNow }));
        Assert.Equal("payouts_no_self_approval", constraint.ConstraintName);
        Assert.Equal("note_missing", await RefusalAsync(() => host.Payouts.ApproveAsync(Bob, draft.Id, " ", Ct)));
        Assert.Equal("not_found", await RefusalAsync(() => host.Payouts.ApproveAsync(Bob, Guid.NewGuid(), "x", Ct)));

        var approved = (await host.Payouts.ApproveAsync(Bob, draft.Id, "fine", Ct)).Value;
        Assert.Equal((PayoutState.Approved, PayoutWorld.Bob, "fine"), (approved.State, approved.ApprovedBy, approved.ApprovalNote));
        Assert.Equal("state_conflict", await RefusalAsync(() => host.Payouts.ApproveAsync(Bob, draft.Id, "again", Ct)));
    }

    [Fact]
    public async Task A_cancelled_payout_gives_its_releases_back_and_a_prepared_one_cannot_be_cancelled()
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        await world.FundAsync(host, world.Icp, 10_000_000_000_000);
        var provider = await world.EarnAsync(host, world.Icp, 2_000_000_000);
        var first = await PayoutWorld.ApprovedAsync(host, provider, world.Icp);
        var cancelled = (await host.Payouts.CancelAsync(Alice, first, "not now", Ct)).Value;
        Assert.Equal(PayoutState.Cancelled, cancelled.State);
        Assert.Single(cancelled.Items);

        var second = await PayoutWorld.ApprovedAsync(host, provider, world.Icp);
        await host.Work("payouts").RunDueAsync(Ct);
        Assert.Equal("state_conflict", await RefusalAsync(() => host.Payouts.CancelAsync(Alice, second, "too late", Ct)));
        Assert.Equal("reason_missing", await RefusalAsync(() => host.Payouts.CancelAsync(Alice, second, "", Ct)));
        await world.SettleAsync(host, [first, second]);
        await world.AssertSoundAsync(host, [first, second]);
    }

    [Fact]
    public async Task Without_a_usable_price_a_payout_waits_visibly_and_is_never_paid()
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        await world.FundAsync(host, world.Icp, 10_000_000_000_000);
        var id = await world.PayoutAsync(host, world.Icp);
        world.Quotes.Refusal = new QuoteResult.Refused("price_stale", "The price is 40 minutes old.");
        for (var i = 0; i < 30; i++)
        {
            await host.Work("payouts").RunDueAsync(Ct);
            await host.Work("transfers").RunDueAsync(Ct);
            world.Advance(TimeSpan.FromMinutes(20));
        }

        var waiting = await host.Payouts.GetAsync(id, Ct);
        Assert.Equal(PayoutState.Approved, waiting!.State);
        Assert.Contains("40 minutes old", waiting.Waiting, StringComparison.Ordinal);
        Assert.Empty(world.Agent.Sent);
        world.Quotes.Refusal = null;
        await world.SettleAsync(host, [id]);
        Assert.Equal(PayoutState.Confirmed, (await host.Payouts.GetAsync(id, Ct))!.State);
    }

    [Fact]
    public async Task A_wallet_that_is_too_low_keeps_a_payout_approved_with_a_finding_until_it_is_filled()
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var id = await world.PayoutAsync(host, world.Icp, 5_000_000_000);
        await host.Work("payouts").RunDueAsync(Ct);

        var waiting = await host.Payouts.GetAsync(id, Ct);
        Assert.Equal(PayoutState.Approved, waiting!.State);
        Assert.Contains("The wallet has 0 ICP free", waiting.Waiting, StringComparison.Ordinal);
        Assert.Contains(await host.Findings.ListAsync(FindingState.Open, Ct), f => f.Code == "wallet_low");

        await world.FundAsync(host, world.Icp, 10_000_000_000_000);
        await world.SettleAsync(host, [id]);
        Assert.Equal(PayoutState.Confirmed, (await host.Payouts.GetAsync(id, Ct))!.State);
        Assert.DoesNotContain(await host.Findings.ListAsync(FindingState.Open, Ct), f => f.Code == "wallet_low");
        await world.AssertSoundAsync(host, [id]);
    }

    [Fact]
    public async Task Money_reserved_for_one_payout_is_not_promised_to_another()
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        await world.FundAsync(host, world.Icp, 30_000_000_000);
        var ids = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add(await world.PayoutAsync(host, world.Icp, 5_000_000_000));
            world.Advance(TimeSpan.FromSeconds(1));
        }

        await host.Work("payouts").RunDueAsync(Ct);
        var states = new List<PayoutState>();
        foreach (var id in ids)
        {
            states.Add((await host.Payouts.GetAsync(id, Ct))!.State);
        }

        Assert.Equal([PayoutState.Prepared, PayoutState.Approved, PayoutState.Approved], states);
    }

    [Fact]
    public async Task A_confirmed_payout_is_posted_to_the_unit_and_its_timeline_is_one_chain()
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        await world.FundAsync(host, world.Usdt, 1_000_000_000_000);
        var id = await world.PayoutAsync(host, world.Usdt, 5_000_000_001);
        await world.SettleAsync(host, [id]);

        var payout = await host.Payouts.GetAsync(id, Ct);
        Assert.Equal(("250000000", "10000"), (payout!.Tokens!.Amount, payout.Fee!.Amount));
        var posting = Assert.Single(
            await host.Books.PostingsByLinkAsync(new Link("payout", id.ToString()), Ct),
            p => p.Reason == "payout_confirmed");
        Leg[] expected =
        [
            Leg.Debit($"provider/{payout.ProviderId}/payable", new Money(PayoutWorld.Usd, 5_000_000_001)),
            Leg.Credit("fx/USD", new Money(PayoutWorld.Usd, 5_000_000_001)),
            Leg.Debit("fx/ckUSDT", new Money(world.Usdt, 250_000_000)),
            Leg.Credit("chain/ckUSDT/wallet", new Money(world.Usdt, 250_000_000)),
            Leg.Debit("platform/expense/ledger-fees", new Money(world.Usdt, 10_000)),
            Leg.Credit("chain/ckUSDT/wallet", new Money(world.Usdt, 10_000)),
        ];
        Assert.Equal(
            expected.Select(static l => $"{l.Account} {l.Amount}").Order(StringComparer.Ordinal),
            posting.Legs.Select(static l => $"{l.Account} {l.Amount}").Order(StringComparer.Ordinal));
        Assert.Contains(new Link("price_round", "7"), posting.Links);
        Assert.Contains(new Link("block", $"ckUSDT:{payout.Block}"), posting.Links);
        Assert.Equal(
            [PayoutState.Draft, PayoutState.Approved, PayoutState.Prepared, PayoutState.Submitting, PayoutState.Submitted, PayoutState.Confirmed],
            payout.Timeline.Select(static s => s.To));
        Assert.Equal(payout.Timeline.Skip(1).Select(static s => s.From), payout.Timeline.SkipLast(1).Select(static s => (PayoutState?)s.To));
    }

    [Fact]
    public async Task Switched_off_payouts_can_only_be_cancelled()
    {
        var world = await fixture.WorldAsync();
        await using var on = world.Host();
        await world.FundAsync(on, world.Icp, 10_000_000_000_000);
        var provider = await world.EarnAsync(on, world.Icp, 2_000_000_000);
        var approved = await world.PayoutAsync(on, world.Icp);
        var draft = (await on.Payouts.CreateDraftAsync(Alice, provider, "USD", "ICP", Ct)).Value;
        var prepared = await world.PayoutAsync(on, world.Icp);
        await on.Work("payouts").RunDueAsync(Ct);
        var alsoApproved = await world.PayoutAsync(on, world.Icp);

        world.PayoutOptions = world.PayoutOptions with { Enabled = false };
        world.Options = world.Options with { PayoutsEnabled = false };
        await using var off = world.Host();
        Assert.Equal("payouts_disabled", await RefusalAsync(() => off.Payouts.CreateDraftAsync(Alice, provider, "USD", "ICP", Ct)));
        Assert.Equal("payouts_disabled", await RefusalAsync(() => off.Payouts.ApproveAsync(Bob, draft.Id, "x", Ct)));
        for (var i = 0; i < 5; i++)
        {
            await off.Work("payouts").RunDueAsync(Ct);
            await off.Work("transfers").RunDueAsync(Ct);
            world.Advance(TimeSpan.FromMinutes(5));
        }

        Assert.Empty(world.Agent.Sent);
        Assert.Equal(PayoutState.Prepared, (await off.Payouts.GetAsync(prepared, Ct))!.State);
        Assert.Equal(PayoutState.Approved, (await off.Payouts.GetAsync(alsoApproved, Ct))!.State);
        Assert.Equal(PayoutState.Prepared, (await off.Payouts.GetAsync(approved, Ct))!.State);
        await off.Payouts.CancelAsync(Alice, alsoApproved, "switched off", Ct);
    }

    [Fact]
    public async Task A_replayed_key_answers_the_first_draft_again()
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var provider = await world.EarnAsync(host, world.Icp, 2_000_000_000);
        var context = new CommandContext("api/key", new IdempotencyKey("api/key POST /payouts", "k1", new byte[32]));
        var first = await host.Payouts.CreateDraftAsync(context, provider, "USD", "ICP", Ct);
        var second = await host.Payouts.CreateDraftAsync(context, provider, "USD", "ICP", Ct);
        Assert.False(first.Replayed);
        Assert.True(second.Replayed);
        Assert.Equal(first.Value.Id, second.Value.Id);
        Assert.Equal(first.Value.Items, second.Value.Items);
    }

    [Fact]
    public async Task Lists_page_by_state_newest_first()
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        await world.FundAsync(host, world.Icp, 100_000_000_000_000);
        var ids = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await world.PayoutAsync(host, world.Icp));
            world.Advance(TimeSpan.FromSeconds(1));
        }

        var first = await host.Payouts.ListAsync(PayoutState.Approved, new PageRequest(null, 3), Ct);
        var second = await host.Payouts.ListAsync(PayoutState.Approved, new PageRequest(first.NextCursor, 3), Ct);
        Assert.Equal(Enumerable.Reverse(ids), first.Items.Concat(second.Items).Select(static p => p.Id));
        Assert.Null(second.NextCursor);
        await host.Work("payouts").RunDueAsync(Ct);
        Assert.Empty((await host.Payouts.ListAsync(PayoutState.Approved, new PageRequest(), Ct)).Items);
        Assert.Equal(5, (await host.Payouts.ListAsync(PayoutState.Prepared, new PageRequest(), Ct)).Items.Count);
        Assert.Equal(5, (await host.Payouts.ListAsync(null, new PageRequest(), Ct)).Items.Count);
    }

    private static async Task<string> RefusalAsync<T>(Func<Task<T>> act) =>
        (await Assert.ThrowsAsync<RefusedException>(act)).Code;
}
