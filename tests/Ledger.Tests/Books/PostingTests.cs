using Decent.Ledger.Books;
using static Decent.Ledger.Tests.Assets;

namespace Decent.Ledger.Tests.Books;

public sealed class PostingTests(LedgerDatabase ledger) : IClassFixture<LedgerDatabase>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_posting_moves_balances_on_their_normal_sides()
    {
        var contract = ledger.NextName();
        var escrow = ChartOfAccounts.ContractEscrow(contract);
        var rail = ChartOfAccounts.RailClearingOf("r-" + contract);

        var outcome = Assert.Single(await ledger.ApplyAsync(
            ledger.Posting($"{contract}/in", Leg.Debit(rail, Dollars(100)), Leg.Credit(escrow, Dollars(100)))));

        Assert.False(outcome.Replayed);
        Assert.Empty(outcome.Breaches);
        Assert.Equal(new AccountBalance(rail, NormalSide.Debit, Dollars(100), Dollars(0), Dollars(100)), await ledger.BalanceAsync(rail, Usd));
        Assert.Equal(new AccountBalance(escrow, NormalSide.Credit, Dollars(100), Dollars(0), Dollars(100)), await ledger.BalanceAsync(escrow, Usd));
        await ledger.AssertSoundAsync();
    }

    [Fact]
    public async Task Nothing_stays_of_a_posting_whose_transaction_rolls_back()
    {
        var name = ledger.NextName();
        var before = await ledger.DigestAsync();

        await using (var connection = await ledger.Database.App.OpenConnectionAsync(Token))
        {
            await using var transaction = await connection.BeginTransactionAsync(Token);
            var batch = new BooksBatch();
            batch.Add(Deposit(name, 5));
            await ledger.Books.ApplyAsync(transaction, batch, LedgerDatabase.Now, Token);
        }

        Assert.Equal(before, await ledger.DigestAsync());
        Assert.False(Assert.Single(await ledger.ApplyAsync(Deposit(name, 5))).Replayed);
    }

    [Fact]
    public async Task The_same_key_and_body_is_replayed_with_the_first_id()
    {
        var name = ledger.NextName();
        var first = Deposit(name, 5);
        await ledger.ApplyAsync(first);
        var digest = await ledger.DigestAsync();

        var again = Assert.Single(await ledger.ApplyAtAsync(LedgerDatabase.Now.AddDays(1), first with { Id = ledger.NextId() }));

        Assert.True(again.Replayed);
        Assert.Equal(first.Id, again.Id);
        Assert.Equal(digest, await ledger.DigestAsync());
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_a_conflict_that_names_the_first()
    {
        var name = ledger.NextName();
        var first = Deposit(name, 5);
        await ledger.ApplyAsync(first);

        var refused = await ledger.RefusedAsync(BooksRefusal.IdempotencyConflict, Deposit(name, 6));

        Assert.Equal(first.Id, refused.FirstId);
    }

    [Fact]
    public async Task Of_many_identical_requests_at_once_one_is_posted_and_the_others_are_told_its_id()
    {
        var name = ledger.NextName();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => Assert.Single(await ledger.ApplyAsync(Deposit(name, 5)))));

        var first = Assert.Single(outcomes, o => !o.Replayed);
        Assert.All(outcomes, o => Assert.Equal(first.Id, o.Id));
        Assert.Equal(Dollars(5), (await ledger.BalanceAsync(ChartOfAccounts.ContractEscrow(name), Usd)).Balance);
    }

    [Fact]
    public async Task A_key_twice_in_one_batch_is_one_posting()
    {
        var name = ledger.NextName();
        var first = Deposit(name, 5);

        var outcomes = await ledger.ApplyAsync(first, Deposit(name, 5), Deposit(name + "b", 1));

        Assert.Equal([false, true, false], outcomes.Select(o => o.Replayed));
        Assert.Equal(first.Id, outcomes[1].Id);
        Assert.Equal(Dollars(5), (await ledger.BalanceAsync(ChartOfAccounts.ContractEscrow(name), Usd)).Balance);
        await ledger.RefusedAsync(BooksRefusal.IdempotencyConflict, Deposit(name + "c", 1), Deposit(name + "c", 2));
    }

    [Fact]
    public async Task A_batch_of_new_and_known_keys_applies_only_the_new_ones()
    {
        var name = ledger.NextName();
        await ledger.ApplyAsync(Deposit(name, 5));

        var outcomes = await ledger.ApplyAsync(Deposit(name + "x", 7), Deposit(name, 5), Deposit(name + "y", 8));

        Assert.Equal([false, true, false], outcomes.Select(o => o.Replayed));
        Assert.Equal(Dollars(5), (await ledger.BalanceAsync(ChartOfAccounts.ContractEscrow(name), Usd)).Balance);
        Assert.Equal(Dollars(8), (await ledger.BalanceAsync(ChartOfAccounts.ContractEscrow(name + "y"), Usd)).Balance);
    }

    [Fact]
    public async Task An_intent_that_would_go_below_the_floor_is_refused_and_its_whole_batch_with_it()
    {
        var name = ledger.NextName();
        await ledger.ApplyAsync(Deposit(name, 5));

        await ledger.RefusedAsync(BooksRefusal.FloorBreached, Deposit(name + "other", 3), Withdrawal(name, 6));
        await ledger.ApplyAsync(Withdrawal(name, 5));
        await ledger.RefusedAsync(BooksRefusal.FloorBreached, Withdrawal(name + "never", 1));
    }

    [Fact]
    public async Task Within_a_batch_the_order_decides_and_not_the_end()
    {
        var name = ledger.NextName();

        await ledger.RefusedAsync(BooksRefusal.FloorBreached, Withdrawal(name, 5), Deposit(name, 5));
        await ledger.ApplyAsync(Deposit(name, 5), Withdrawal(name, 5));

        Assert.True((await ledger.BalanceAsync(ChartOfAccounts.ContractEscrow(name), Usd)).Balance.IsZero);
    }

    [Fact]
    public async Task A_fact_goes_through_the_floor_and_reports_it()
    {
        var name = ledger.NextName();
        var escrow = ChartOfAccounts.ContractEscrow(name);
        await ledger.ApplyAsync(Deposit(name, 5));

        var fact = Withdrawal(name, 8) with { Authority = PostingAuthority.Fact };
        var outcome = Assert.Single(await ledger.ApplyAsync(fact));

        Assert.Equal([new BooksBreach(escrow, Dollars(0), Dollars(-3))], outcome.Breaches);
        Assert.Equal(1, await ledger.ScalarAsync<long>("select count(*) from ledger.breaches where posting_id = @id", new { id = fact.Id }));

        // What helps is never refused, though it does not help enough.
        Assert.Empty(Assert.Single(await ledger.ApplyAsync(Deposit(name + "-more", 1, name))).Breaches);
        Assert.Equal(Dollars(-2), (await ledger.BalanceAsync(escrow, Usd)).Balance);
    }

    [Fact]
    public async Task Each_asset_of_a_posting_sums_to_zero_alone()
    {
        var name = ledger.NextName();
        var wallet = ChartOfAccounts.Wallet("ICP");

        await ledger.ApplyAsync(ledger.Posting(
            name,
            Leg.Debit(wallet, Icps(3)), Leg.Credit(ChartOfAccounts.FxOf("ICP"), Icps(3)),
            Leg.Debit(ChartOfAccounts.FxOf("USD"), Dollars(20)), Leg.Credit(ChartOfAccounts.ContractEscrow(name), Dollars(20))));

        await ledger.RefusedAsync(
            BooksRefusal.Unbalanced,
            ledger.Posting(name + "2", Leg.Debit(wallet, Icps(3)), Leg.Credit(ChartOfAccounts.ContractEscrow(name), Dollars(3))));
        await ledger.AssertSoundAsync();
    }

    [Fact]
    public async Task What_is_no_posting_is_refused()
    {
        var name = ledger.NextName();
        var escrow = ChartOfAccounts.ContractEscrow(name);

        await ledger.RefusedAsync(BooksRefusal.Unbalanced, ledger.Posting(name));
        await ledger.RefusedAsync(BooksRefusal.Unbalanced, ledger.Posting(name, Leg.Debit(escrow, Dollars(1))));
        await ledger.RefusedAsync(BooksRefusal.Unbalanced, ledger.Posting(name, Leg.Debit(escrow, Dollars(0)), Leg.Credit(escrow, Dollars(0))));
        await ledger.RefusedAsync(BooksRefusal.AccountInvalid, Between(name, "platform/secrets", escrow, 1));
        await ledger.RefusedAsync(BooksRefusal.AccountInvalid, Between(name, ChartOfAccounts.Wallet("ICP"), escrow, 1));
        await Assert.ThrowsAsync<ArgumentException>(() => ledger.ApplyAsync(Deposit(name, 1) with { IdempotencyKey = "" }));
        await Assert.ThrowsAsync<ArgumentException>(() => ledger.ApplyAsync(Deposit(name, 1) with { Reason = "a\0b" }));
        await Assert.ThrowsAsync<ArgumentException>(() => ledger.ApplyAsync(Deposit(name, 1) with { IdempotencyKey = new string('k', 301) }));
        await Assert.ThrowsAsync<ArgumentException>(() => ledger.ApplyAsync(Deposit(name, 1) with { Links = [new Link("x", "\udc00")] }));
    }

    [Fact]
    public async Task An_asset_never_changes_its_scale()
    {
        var name = ledger.NextName();
        await ledger.ApplyAsync(Deposit(name, 5));
        var other = new Money(new Asset("USD", 2, AssetKind.Fiat, null), 5);

        await ledger.RefusedAsync(
            BooksRefusal.AccountInvalid,
            ledger.Posting(name + "2", Leg.Debit("rail/other/clearing", other), Leg.Credit(ChartOfAccounts.ContractEscrow(name + "2"), other)));
    }

    [Fact]
    public async Task Amounts_reach_to_the_end_of_Int128_and_not_beyond()
    {
        var name = ledger.NextName();
        var user = "user/" + name;
        var max = Int128.MaxValue;

        await ledger.ApplyAsync(Between(name + "1", "user/" + name + "-other", user, max));
        Assert.Equal(max, (await ledger.BalanceAsync(user, Usd)).Balance.Units);
        Assert.Equal(-max, (await ledger.BalanceAsync(user + "-other", Usd)).Balance.Units);
        await ledger.RefusedAsync(BooksRefusal.AmountOutOfRange, Between(name + "2", "user/" + name + "-third", user, 1));
        await ledger.RefusedAsync(BooksRefusal.AmountOutOfRange, Between(name + "3", user + "-other", "user/" + name + "-third", 1));
        await ledger.RefusedAsync(
            BooksRefusal.AmountOutOfRange,
            ledger.Posting(name + "4", new Leg(user, Dollars(Int128.MinValue)), new Leg(user + "-third", Dollars(max)), new Leg(user + "-third", Dollars(1))));

        var postings = await ledger.Reader.PostingsByAccountAsync(user, Usd, 0, 10, Token);
        Assert.Equal(-max, postings[0].Legs.Single(l => l.Account == user).Amount.Units);
    }

    [Fact]
    public async Task A_thousand_legs_are_one_posting()
    {
        var name = ledger.NextName();
        var legs = Enumerable.Range(0, 999)
            .Select(i => Leg.Credit(ChartOfAccounts.ContractEscrow(FormattableString.Invariant($"{name}-{i % 300}")), Dollars(i + 1)))
            .Append(Leg.Debit(ChartOfAccounts.RailClearingOf("bulk"), Dollars(999 * 1000 / 2)));

        await ledger.ApplyAsync(ledger.Posting(name, [.. legs]));

        await ledger.AssertSoundAsync();
        Assert.Equal(Dollars(301 + 601 + 901 + 1), (await ledger.BalanceAsync(ChartOfAccounts.ContractEscrow(name + "-0"), Usd)).Balance);
    }

    [Fact]
    public async Task An_empty_batch_does_nothing() => Assert.Empty(await ledger.ApplyAsync());

    private Posting Deposit(string name, Int128 units, string? contract = null) =>
        Between("in/" + name, ChartOfAccounts.RailClearingOf("stripe"), ChartOfAccounts.ContractEscrow(contract ?? name), units);

    private Posting Withdrawal(string name, Int128 units) =>
        Between("out/" + name, ChartOfAccounts.ContractEscrow(name), ChartOfAccounts.RailClearingOf("stripe"), units);

    private Posting Between(string key, string debit, string credit, Int128 units) =>
        ledger.Posting(key, Leg.Debit(debit, Dollars(units)), Leg.Credit(credit, Dollars(units)));
}
