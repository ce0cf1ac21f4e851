using Decent.Canister.Client;
using Decent.Payments.Commands;
using Decent.Payments.Reconciliation;
using Decent.Payments.Tests.Transfers;
using Decent.Payments.Treasury;

namespace Decent.Payments.Tests.Treasury;

public sealed class TreasuryTests(PayoutDatabase fixture) : IClassFixture<PayoutDatabase>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Tokens { get; } = ["DCT", "ICP", "ckUSDT"];

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task A_relay_clears_the_rail_and_is_booked_once(string token)
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var (asset, ledger) = (world.Assets.Get(token), world.Ledgers[token]);
        var collector = new IcrcAccount(world.Collector);
        ledger.Mint(collector, 1_000_000_000);
        ledger.Move(collector, world.Wallet, 5_000_000);
        for (var i = 0; i < 7; i++)
        {
            ledger.Tick();
        }

        Assert.Equal(9, await host.Work("deposits").RunDueAsync(Ct));
        Assert.Equal(0, await host.Work("deposits").RunDueAsync(Ct));

        Assert.Equal(5_000_000, (await host.Books.BalanceAsync($"chain/{token}/wallet", asset, Ct)).Balance.Units);
        Assert.Equal(-5_000_000, (await host.Books.BalanceAsync("rail/icpay/clearing", asset, Ct)).Balance.Units);
        Assert.Empty(await host.Findings.ListAsync(FindingState.Open, Ct));
        Assert.Equal(DepositState.Relay, Assert.Single(await host.Treasury.DepositsAsync(null, Ct)).State);
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task Money_nobody_announced_waits_in_suspense_until_a_person_accepts_it(string token)
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var (asset, ledger) = (world.Assets.Get(token), world.Ledgers[token]);
        var stranger = PayoutWorld.NewAccount();
        ledger.Mint(stranger, 1_000_000_000);
        var block = ledger.Move(stranger, world.Wallet, 7_000_000);
        await host.Work("deposits").RunDueAsync(Ct);

        var finding = Assert.Single(await host.Findings.ListAsync(FindingState.Open, Ct));
        Assert.Equal(("deposit_unrecognised", $"deposit:{token}:{block}"), (finding.Code, finding.Subject));
        Assert.Equal(7_000_000, (await host.Books.BalanceAsync("suspense/chain", asset, Ct)).Balance.Units);
        foreach (var (bad, why, code) in new[]
                 {
                     (block + 5, "x", "not_found"), (block, "", "reason_missing"), (0UL, "x", "not_found"),
                 })
        {
            var refused = await Assert.ThrowsAsync<RefusedException>(
                () => host.Treasury.AcceptDepositAsync(PayoutWorld.As("t"), token, bad, why, Ct));
            Assert.Equal(code, refused.Code);
        }

        var accepted = await host.Treasury.AcceptDepositAsync(PayoutWorld.As("t"), token, block, "owner's money", Ct);
        Assert.Equal((DepositState.Accepted, "t"), (accepted.Value.State, accepted.Value.DecidedBy));
        Assert.Equal(0, (await host.Books.BalanceAsync("suspense/chain", asset, Ct)).Balance.Units);
        Assert.Equal(7_000_000, (await host.Books.BalanceAsync("platform/capital", asset, Ct)).Balance.Units);
        Assert.Empty(await host.Findings.ListAsync(FindingState.Open, Ct));
        var again = await Assert.ThrowsAsync<RefusedException>(
            () => host.Treasury.AcceptDepositAsync(PayoutWorld.As("t"), token, block, "twice", Ct));
        Assert.Equal("state_conflict", again.Code);
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task A_debit_that_no_transfer_explains_is_critical(string token)
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        await world.FundAsync(host, world.Assets.Get(token), 100_000_000_000);
        world.Ledgers[token].Move(world.Wallet, PayoutWorld.NewAccount(), 3_000_000, [1, 2, 3]);
        await host.Work("deposits").RunDueAsync(Ct);

        var finding = Assert.Single(await host.Findings.ListAsync(FindingState.Open, Ct));
        Assert.Equal(("debit_unexplained", FindingSeverity.Critical), (finding.Code, finding.Severity));
        var run = await host.Reconciliation.RunAsync(PayoutWorld.As("t"), Ct);
        Assert.Equal(ReconciliationResult.Differs, run.Value.Lines.Single(l => l.Check == $"chain:{token}").Result);
    }

    [Fact]
    public async Task The_same_memo_on_chain_twice_is_told_at_once()
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        await world.FundAsync(host, world.Icp, 10_000_000_000_000);
        var id = await world.PayoutAsync(host, world.Icp);
        await world.SettleAsync(host, [id]);
        var payout = await host.Payouts.GetAsync(id, Ct);
        var paid = world.Ledgers["ICP"].Blocks[(int)payout!.Block!.Value];
        world.Ledgers["ICP"].Move(world.Wallet, IcrcAccount.Parse(payout.Account), paid.Amount, paid.Memo!.Value.ToArray());
        await host.Work("deposits").RunDueAsync(Ct);

        Assert.Contains(
            await host.Findings.ListAsync(FindingState.Open, Ct),
            f => f is { Code: "transfer_paid_twice", Severity: FindingSeverity.Critical });
    }

    [Fact]
    public async Task The_overview_shows_chain_books_and_what_is_on_its_way()
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        await world.FundAsync(host, world.Icp, 10_000_000_000_000);
        var id = await world.PayoutAsync(host, world.Icp);
        world.Agent.Next = TransferTests.Script(new Fate { AnswerLost = true });
        await host.Work("payouts").RunDueAsync(Ct);
        await host.Work("transfers").RunDueAsync(Ct);
        var sent = world.Ledgers["ICP"].Blocks[^1];

        var token = (await host.Treasury.OverviewAsync(Ct)).Tokens.Single(static t => t.Asset == "ICP");

        Assert.Equal("10000000000000", token.Books.Amount);
        Assert.Equal((sent.Amount + sent.Fee).ToString(), token.InFlight.Amount);
        Assert.Equal((sent.Amount + sent.Fee).ToString(), token.Held.Amount);
        Assert.Equal("0", token.Difference!.Amount);
        world.Ledgers["ICP"].ReadFails = static () => true;
        var silent = (await host.Treasury.OverviewAsync(Ct)).Tokens.Single(static t => t.Asset == "ICP");
        Assert.Null(silent.OnChain);
        Assert.Null(silent.Difference);
        world.Ledgers["ICP"].ReadFails = static () => false;
        await world.SettleAsync(host, [id]);
        await world.AssertSoundAsync(host, [id]);
    }
}
