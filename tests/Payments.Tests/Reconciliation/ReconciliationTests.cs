using Dapper;
using Decent.Canister.Client;
using Decent.Ledger;
using Decent.Ledger.Books;
using Decent.Payments.Commands;
using Decent.Payments.Providers;
using Decent.Payments.Reconciliation;
using Decent.Payments.Tests.Transfers;
using Decent.Postgres;
using Moq;

namespace Decent.Payments.Tests.Reconciliation;

public sealed class ReconciliationTests(PayoutDatabase fixture) : IClassFixture<PayoutDatabase>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static CommandContext Operator => PayoutWorld.As("operator/recon");

    [Theory]
    [InlineData("DCT")]
    [InlineData("ICP")]
    [InlineData("ckUSDT")]
    public async Task Money_between_executed_and_committed_is_no_alarm(string token)
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        await world.FundAsync(host, world.Assets.Get(token), 10_000_000_000_000);
        var id = await world.PayoutAsync(host, world.Assets.Get(token));
        world.Agent.Next = TransferTests.Script(new Fate { AnswerLost = true });
        await host.Work("payouts").RunDueAsync(Ct);
        await host.Work("transfers").RunDueAsync(Ct);
        Assert.Equal(1, await world.TimesPaidAsync(host, id));

        var run = (await host.Reconciliation.RunAsync(Operator, Ct)).Value;

        var line = run.Lines.Single(l => l.Check == $"chain:{token}");
        Assert.Equal(ReconciliationResult.Agrees, line.Result);
        Assert.NotNull(line.InFlight);
        Assert.Empty(await host.Findings.ListAsync(FindingState.Open, Ct));
        Assert.Equal(run.Id, (await host.Reconciliation.LatestAsync(Ct))!.Id);
        await world.SettleAsync(host, [id]);
        await world.AssertSoundAsync(host, [id]);
    }

    [Fact]
    public async Task A_difference_is_raised_counted_and_closed_when_the_evidence_changes()
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        await world.FundAsync(host, world.Icp, 1_000_000_000);
        await PostAsync(
            host,
            Leg.Debit("chain/ICP/wallet", new Money(world.Icp, 5)),
            Leg.Credit("platform/capital", new Money(world.Icp, 5)));
        await host.Reconciliation.RunAsync(Operator, Ct);
        var run = (await host.Reconciliation.RunAsync(Operator, Ct)).Value;
        Assert.False(run.Agrees);
        var finding = Assert.Single(await host.Findings.ListAsync(FindingState.Open, Ct));
        Assert.Equal(("chain_mismatch", "asset:ICP", 2L), (finding.Code, finding.Subject, finding.Occurrences));

        await PostAsync(
            host,
            Leg.Credit("chain/ICP/wallet", new Money(world.Icp, 5)),
            Leg.Debit("platform/capital", new Money(world.Icp, 5)));
        Assert.True((await host.Reconciliation.RunAsync(Operator, Ct)).Value.Agrees);
        Assert.Empty(await host.Findings.ListAsync(FindingState.Open, Ct));
        var resolved = Assert.Single(await host.Findings.ListAsync(FindingState.Resolved, Ct), f => f.Code == "chain_mismatch");
        Assert.Equal("The two sides agree again.", resolved.ResolvedHow);
    }

    [Fact]
    public async Task A_ledger_that_does_not_answer_is_inconclusive_and_raises_nothing()
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        await world.FundAsync(host, world.Icp, 1_000_000_000);
        world.Ledgers["ICP"].ReadFails = static () => true;

        var run = (await host.Reconciliation.RunAsync(Operator, Ct)).Value;

        Assert.False(run.Agrees);
        Assert.Equal(ReconciliationResult.Inconclusive, run.Lines.Single(static l => l.Check == "chain:ICP").Result);
        Assert.Empty(await host.Findings.ListAsync(FindingState.Open, Ct));
    }

    [Fact]
    public async Task A_settled_payment_whose_relay_is_not_seen_yet_alarms_only_after_its_patience()
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        await PostAsync(
            host,
            Leg.Debit("rail/icpay/clearing", new Money(world.Usdt, 4_000_000)),
            Leg.Credit("fx/ckUSDT", new Money(world.Usdt, 4_000_000)));
        Assert.Equal(ReconciliationResult.Agrees, await RelayAsync(host));

        world.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(ReconciliationResult.Differs, await RelayAsync(host));
        Assert.Contains(await host.Findings.ListAsync(FindingState.Open, Ct), f => f.Code == "relay_unmatched");

        var collector = new IcrcAccount(world.Collector);
        world.Ledgers["ckUSDT"].Mint(collector, 1_000_000_000);
        world.Ledgers["ckUSDT"].Move(collector, world.Wallet, 4_000_000);
        Assert.Equal(ReconciliationResult.Agrees, await RelayAsync(host));
        Assert.Empty(await host.Findings.ListAsync(FindingState.Open, Ct));
    }

    [Fact]
    public async Task What_a_provider_is_owed_must_follow_from_releases_and_payouts()
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var provider = await world.EarnAsync(host, world.Icp, 5_000_000_000);
        await PostAsync(
            host,
            Leg.Debit($"provider/{provider}/payable", new Money(PayoutWorld.Usd, 1)),
            Leg.Credit("platform/fees", new Money(PayoutWorld.Usd, 1)));

        var run = (await host.Reconciliation.RunAsync(Operator, Ct)).Value;

        var line = run.Lines.Single(static l => l.Check == "books:payables");
        Assert.Equal(ReconciliationResult.Differs, line.Result);
        Assert.Contains(provider, line.Detail, StringComparison.Ordinal);
        Assert.Contains(await host.Findings.ListAsync(FindingState.Open, Ct), f => f.Code == "payable_wrong");
    }

    [Theory]
    [InlineData(0, 0, "Agrees")]
    [InlineData(500, 0, "Differs")]
    [InlineData(-500, 0, "Differs")]
    [InlineData(-500, 500, "Inconclusive")]
    [InlineData(-501, 500, "Differs")]
    [InlineData(500, 500, "Differs")]
    public async Task A_rails_balance_may_differ_only_by_what_is_on_its_way(int difference, int refundUnits, string expected)
    {
        var world = await fixture.WorldAsync();
        var rail = new Mock<IPaymentProvider>();
        rail.SetupGet(static r => r.Id).Returns("stripe");
        rail.SetupGet(static r => r.Capabilities).Returns(new ProviderCapabilities(false, true, true, true, true, true));
        rail.Setup(static r => r.BalanceAsync(It.IsAny<CancellationToken>())).ReturnsAsync(new ProviderBalance(
            true, [new Money(PayoutWorld.Usd, 10_000 + difference)], null));
        world.Providers.Add(rail.Object);
        await using var host = world.Host();
        await PostAsync(
            host,
            Leg.Debit("rail/stripe/clearing", new Money(PayoutWorld.Usd, 10_000)),
            Leg.Credit("platform/capital", new Money(PayoutWorld.Usd, 10_000)));
        if (refundUnits > 0)
        {
            await RefundAsync(world, host, refundUnits);
        }

        var run = (await host.Reconciliation.RunAsync(Operator, Ct)).Value;

        Assert.Equal(Enum.Parse<ReconciliationResult>(expected), run.Lines.Single(static l => l.Check == "rail:stripe:USD").Result);
        Assert.Equal(
            expected == "Differs",
            (await host.Findings.ListAsync(FindingState.Open, Ct)).Any(static f => f.Code == "rail_mismatch"));
    }

    [Fact]
    public async Task The_schedule_runs_once_per_slot_whichever_host_comes_first()
    {
        var world = await fixture.WorldAsync();
        await using var first = world.Host();
        await using var second = world.Host();
        Assert.Equal(1, await first.Work("reconciliation").RunDueAsync(Ct));
        Assert.Equal(0, await second.Work("reconciliation").RunDueAsync(Ct));
        var next = await second.Work("reconciliation").NextDueAsync(Ct);
        Assert.Equal(new DateTimeOffset(2027, 3, 2, 3, 0, 0, TimeSpan.Zero), next);
        world.Advance(TimeSpan.FromHours(16));
        Assert.Equal(1, await second.Work("reconciliation").RunDueAsync(Ct));
        Assert.Equal(0, await first.Work("reconciliation").RunDueAsync(Ct));
    }

    [Fact]
    public async Task A_closed_finding_stays_closed_and_a_new_one_opens_beside_it()
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var commands = host.Get<ICommands>();
        var finding = new Finding("made_up", FindingSeverity.Info, "thing:1", "first");
        await commands.RunAsync(Operator, async (s, ct) => { await host.Findings.RaiseAsync(s, finding, ct); return 0; }, Ct);
        await commands.RunAsync(
            Operator, async (s, ct) => { await host.Findings.ResolveAsync(s, "made_up", "thing:1", "gone", ct); return 0; }, Ct);
        await commands.RunAsync(
            Operator, async (s, ct) => { await host.Findings.RaiseAsync(s, finding with { Detail = "second" }, ct); return 0; }, Ct);

        var all = await host.Findings.ListAsync(null, Ct);
        Assert.Equal(2, all.Count);
        Assert.Equal("second", Assert.Single(all, static f => f.State == FindingState.Open).Detail);
        await using var connection = await world.Database.OpenConnectionAsync(Ct);
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => connection.ExecuteAsync(
            "update payments.findings set detail = 'x' where state = 'resolved'"));
    }

    private static async Task<ReconciliationResult> RelayAsync(PayoutHost host) =>
        (await host.Reconciliation.RunAsync(Operator, Ct)).Value.Lines
            .Single(static l => l.Check == "relay:icpay:ckUSDT").Result;

    private static async Task PostAsync(PayoutHost host, params Leg[] legs) => await host.Get<CommandRunner>().RunAsync(
        Operator,
        (s, _) =>
        {
            s.Books.Add(new Posting
            {
                Id = host.Get<Ids>().Next(),
                IdempotencyKey = $"test/{Guid.NewGuid()}",
                Reason = "test",
                EffectiveAt = s.Now,
                Legs = legs,
                Authority = PostingAuthority.Fact,
            });
            return Task.FromResult(true);
        },
        Ct);

    private static async Task RefundAsync(PayoutWorld world, PayoutHost host, int units)
    {
        await world.ReleaseAsync(host, "someone", 1_000_000_000);
        await PostAsync(
            host,
            Leg.Credit("rail/stripe/clearing", new Money(PayoutWorld.Usd, 1_000_000_000)),
            Leg.Debit("platform/capital", new Money(PayoutWorld.Usd, 1_000_000_000)));
        await using var connection = await world.Owner.OpenConnectionAsync(Ct);
        await connection.ExecuteAsync(
            """
            insert into payments.collections (id, contract_id, rail, state, received_asset, received_units, currency, price_units,
              fee_units, created_at, settled_at)
            select @collection, id, 'stripe', 'settled', 'USD', @units, 'USD', @units, 0, created_at, created_at
            from payments.contracts limit 1;
            insert into payments.refunds (id, contract_id, collection_id, rail, idempotency_key, state, currency, units, rail_asset,
              rail_units, request, created_at)
            select @refund, contract_id, id, 'stripe', 'k', 'pending', 'USD', @units, 'USD', 1, '{}', created_at
            from payments.collections limit 1;
            """,
            new { collection = Guid.NewGuid(), refund = Guid.NewGuid(), units = (decimal)units });
    }
}
