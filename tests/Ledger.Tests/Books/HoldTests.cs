using Decent.Ledger.Books;
using static Decent.Ledger.Tests.Assets;

namespace Decent.Ledger.Tests.Books;

public sealed class HoldTests(LedgerDatabase ledger) : IClassFixture<LedgerDatabase>
{
    [Fact]
    public async Task A_hold_counts_against_what_is_available_at_once()
    {
        var payable = await FundedAsync(100);
        var hold = ledger.Hold(payable + "/h1", payable, Dollars(70));
        await ledger.ApplyAsync(hold);

        Assert.Equal(new AccountBalance(payable, NormalSide.Credit, Dollars(100), Dollars(70), Dollars(30)), await ledger.BalanceAsync(payable, Usd));
        await ledger.RefusedAsync(BooksRefusal.FloorBreached, ledger.Hold(payable + "/h2", payable, Dollars(31)));
        await ledger.RefusedAsync(BooksRefusal.FloorBreached, Spend(payable, "s", 31));
        await ledger.ApplyAsync(ledger.Hold(payable + "/h3", payable, Dollars(30)));
    }

    [Fact]
    public async Task A_hold_is_spent_in_parts_and_its_remainder_given_back()
    {
        var payable = await FundedAsync(100);
        var hold = ledger.Hold(payable + "/h", payable, Dollars(70));
        await ledger.ApplyAsync(hold);

        await ledger.ApplyAsync(Spend(payable, "a", 20, new HoldSettlement(hold.Id, Dollars(20), false)));
        Assert.Equal((Dollars(80), Dollars(50)), await StateAsync(payable));

        await ledger.ApplyAsync(Spend(payable, "b", 30, new HoldSettlement(hold.Id, Dollars(30), true)));
        Assert.Equal((Dollars(50), Dollars(0)), await StateAsync(payable));
        await ledger.RefusedAsync(BooksRefusal.HoldInvalid, Spend(payable, "c", 1, new HoldSettlement(hold.Id, Dollars(1), false)));
        await ledger.RefusedAsync(BooksRefusal.HoldInvalid, ledger.Release(payable + "/r", hold.Id));
        await ledger.AssertSoundAsync();
    }

    [Fact]
    public async Task A_released_hold_is_over()
    {
        var payable = await FundedAsync(100);
        var hold = ledger.Hold(payable + "/h", payable, Dollars(70));
        await ledger.ApplyAsync(hold);

        var released = Assert.Single(await ledger.ApplyAsync(ledger.Release(payable + "/r", hold.Id)));

        Assert.Equal(hold.Id, released.Id);
        Assert.Equal((Dollars(100), Dollars(0)), await StateAsync(payable));
        Assert.True(Assert.Single(await ledger.ApplyAsync(ledger.Release(payable + "/r", hold.Id))).Replayed);
        await ledger.RefusedAsync(BooksRefusal.HoldInvalid, ledger.Release(payable + "/r2", hold.Id));
        await ledger.RefusedAsync(BooksRefusal.HoldInvalid, Spend(payable, "s", 1, new HoldSettlement(hold.Id, Dollars(1), false)));
    }

    [Fact]
    public async Task A_hold_gives_no_more_than_it_has()
    {
        var payable = await FundedAsync(100);
        var hold = ledger.Hold(payable + "/h", payable, Dollars(70));
        await ledger.ApplyAsync(hold);

        await ledger.RefusedAsync(BooksRefusal.HoldInvalid, Spend(payable, "a", 71, new HoldSettlement(hold.Id, Dollars(71), false)));
        await ledger.RefusedAsync(
            BooksRefusal.HoldInvalid,
            Spend(payable, "b", 40, new HoldSettlement(hold.Id, Dollars(40), false)),
            Spend(payable, "c", 40, new HoldSettlement(hold.Id, Dollars(40), false)));
        await ledger.RefusedAsync(
            BooksRefusal.HoldInvalid,
            Spend(payable, "d", 40, new HoldSettlement(hold.Id, Dollars(10), true), new HoldSettlement(hold.Id, Dollars(10), false)));
        await ledger.RefusedAsync(BooksRefusal.HoldInvalid, Spend(payable, "e", 1, new HoldSettlement(Guid.NewGuid(), Dollars(1), false)));
        await ledger.RefusedAsync(BooksRefusal.HoldInvalid, Spend(payable, "f", 1, new HoldSettlement(hold.Id, Icps(1), false)));
        await ledger.RefusedAsync(BooksRefusal.HoldInvalid, Spend(payable, "g", 1, new HoldSettlement(hold.Id, Dollars(0), false)));
        await ledger.RefusedAsync(BooksRefusal.HoldInvalid, ledger.Hold(payable + "/x", payable, Dollars(-1)));
    }

    [Fact]
    public async Task A_hold_may_be_placed_and_spent_in_one_batch_but_not_spent_before_it_is_placed()
    {
        var payable = await FundedAsync(100);
        var hold = ledger.Hold(payable + "/h", payable, Dollars(70));
        var spend = Spend(payable, "s", 70, new HoldSettlement(hold.Id, Dollars(70), false));

        await ledger.RefusedAsync(BooksRefusal.HoldInvalid, spend, hold);
        await ledger.ApplyAsync(hold, spend);

        Assert.Equal((Dollars(30), Dollars(0)), await StateAsync(payable));
    }

    [Fact]
    public async Task One_posting_settles_holds_of_two_accounts_and_assets()
    {
        var payable = await FundedAsync(100);
        var name = ledger.NextName();
        var wallet = ChartOfAccounts.Wallet("ICP");
        await ledger.ApplyAsync(ledger.Posting(name + "/fund", Leg.Debit(wallet, Icps(50)), Leg.Credit(ChartOfAccounts.PlatformCapital, Icps(50))));
        var owed = ledger.Hold(name + "/owed", payable, Dollars(100));
        var coins = ledger.Hold(name + "/coins", wallet, Icps(11));
        await ledger.ApplyAsync(owed, coins);

        var paid = ledger.Posting(
            name + "/paid",
            Leg.Debit(payable, Dollars(100)), Leg.Credit(ChartOfAccounts.FxOf("USD"), Dollars(100)),
            Leg.Debit(ChartOfAccounts.FxOf("ICP"), Icps(10)), Leg.Credit(wallet, Icps(10)),
            Leg.Debit(ChartOfAccounts.ExpenseOf("ledger-fees"), Icps(1)), Leg.Credit(wallet, Icps(1)))
            with
        {
            Authority = PostingAuthority.Fact,
            Settles = [new HoldSettlement(owed.Id, Dollars(100), true), new HoldSettlement(coins.Id, Icps(11), true)],
        };
        Assert.Empty(Assert.Single(await ledger.ApplyAsync(paid)).Breaches);

        Assert.Equal((Dollars(0), Dollars(0)), await StateAsync(payable));
        Assert.Equal(Icps(0), (await ledger.BalanceAsync(wallet, Icp)).Held);
        await ledger.AssertSoundAsync();
    }

    [Fact]
    public async Task A_fact_that_eats_into_a_hold_is_reported()
    {
        var payable = await FundedAsync(100);
        await ledger.ApplyAsync(ledger.Hold(payable + "/h", payable, Dollars(70)));

        var outcome = Assert.Single(await ledger.ApplyAsync(Spend(payable, "s", 40) with { Authority = PostingAuthority.Fact }));

        Assert.Equal([new BooksBreach(payable, Dollars(0), Dollars(-10))], outcome.Breaches);
    }

    [Fact]
    public async Task Ten_concurrent_holds_on_one_account_never_reserve_more_than_there_is()
    {
        var payable = await FundedAsync(100);

        var placed = await Task.WhenAll(Enumerable.Range(0, 10).Select(async i =>
        {
            try
            {
                await ledger.ApplyAsync(ledger.Hold(FormattableString.Invariant($"{payable}/h{i}"), payable, Dollars(30)));
                return true;
            }
            catch (BooksRefusedException e) when (e.Refusal == BooksRefusal.FloorBreached)
            {
                return false;
            }
        }));

        Assert.Equal(3, placed.Count(p => p));
        Assert.Equal((Dollars(100), Dollars(90)), await StateAsync(payable));
    }

    private async Task<(Money Balance, Money Held)> StateAsync(string account)
    {
        var balance = await ledger.BalanceAsync(account, Usd);
        return (balance.Balance, balance.Held);
    }

    private async Task<string> FundedAsync(Int128 units)
    {
        var payable = ChartOfAccounts.PayableTo(ledger.NextName());
        await ledger.ApplyAsync(ledger.Posting(
            payable + "/fund", Leg.Debit(ChartOfAccounts.RailClearingOf("stripe"), Dollars(units)), Leg.Credit(payable, Dollars(units))));
        return payable;
    }

    private Posting Spend(string payable, string key, Int128 units, params HoldSettlement[] settles) => ledger.Posting(
        $"{payable}/spend/{key}", Leg.Debit(payable, Dollars(units)), Leg.Credit(ChartOfAccounts.FxOf("USD"), Dollars(units))) with
    {
        Settles = settles,
    };
}
