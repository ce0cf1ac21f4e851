using CsCheck;
using Decent.Replica.Ledgers;
using Decent.Testing;

namespace Decent.Replica.Tests.Ledgers;

/// <summary>What no order of calls may break, on all three kinds of ledger.</summary>
public sealed class LedgerPropertyTests
{
    private const ulong Start = 1_770_000_000_000_000_000;
    private static readonly string[] Names = ["a", "b", "c"];

    [Theory]
    [InlineData("icrc")]
    [InlineData("icp")]
    [InlineData("platform")]
    public void Supply_is_the_sum_of_the_balances_after_any_calls(string kind) =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 3], Gen.Long[0, 30_000_000], Gen.Int[0, 3], Gen.Int[0, 5])
            .Array[1, 60]
            .Sample(
                calls =>
                {
                    var settings = Settings(kind);
                    var ledger = new TokenLedger(settings);
                    foreach (var name in Names)
                    {
                        _ = ledger.Mint(TestAccounts.Account(name), 20_000_000, null, Start);
                    }

                    var now = Start;
                    foreach (var (from, to, amount, fee, created) in calls)
                    {
                        now += 7;
                        _ = ledger.Transfer(
                            new TransferRequest(
                                TestAccounts.Account(Names[from]),
                                to == 3 ? settings.MintingAccount : TestAccounts.Account(Names[to]),
                                (UInt128)amount,
                                fee switch { 0 => null, 1 => settings.Fee, 2 => 0, _ => 3 },
                                null,
                                created == 0 ? null : Start + (ulong)created),
                            now);
                    }

                    var sum = Names.Aggregate(
                        UInt128.Zero, (total, name) => total + ledger.BalanceOf(TestAccounts.Account(name)));
                    return sum == ledger.TotalSupply;
                },
                iter: Deep.Count(100));

    [Fact]
    public void A_fee_collector_receives_what_would_be_burned()
    {
        var ledger = new TokenLedger(
            Genesis.CkUsdtSettings(null) with { FeeCollector = TestAccounts.Account("collector") });
        _ = ledger.Mint(TestAccounts.Account("a"), 1_000_000, null, Start);
        Assert.IsType<TransferVerdict.Ok>(ledger.Transfer(
            new TransferRequest(TestAccounts.Account("a"), TestAccounts.Account("b"), 1, null, null, null), Start));
        Assert.Equal((UInt128)10_000, ledger.BalanceOf(TestAccounts.Account("collector")));
        Assert.Equal((UInt128)1_000_000, ledger.TotalSupply);
    }

    [Fact]
    public void An_allowance_pays_for_amount_and_fee_and_is_used_up()
    {
        var ledger = new TokenLedger(Genesis.CkUsdtSettings(null));
        var (owner, spender, to) = (TestAccounts.Account("a"), TestAccounts.Account("s"), TestAccounts.Account("b"));
        _ = ledger.Mint(owner, 1_000_000, null, Start);
        Assert.IsType<TransferVerdict.Ok>(ledger.Approve(
            new ApproveRequest(owner, spender, 110_000, null, null, null, null, null), Start));
        var spend = new TransferRequest(owner, to, 100_000, null, null, null, spender);
        Assert.IsType<TransferVerdict.Ok>(ledger.Transfer(spend, Start));
        Assert.Equal(new TransferVerdict.InsufficientAllowance(0), ledger.Transfer(spend, Start));
        Assert.Equal((UInt128)100_000, ledger.BalanceOf(to));
    }

    private static LedgerSettings Settings(string kind) => kind switch
    {
        "icrc" => Genesis.CkUsdtSettings(null),
        "icp" => Genesis.IcpSettings(null),
        _ => Genesis.PlatformSettings,
    };
}
