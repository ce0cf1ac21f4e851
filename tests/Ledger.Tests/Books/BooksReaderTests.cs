using Decent.Ledger.Books;
using Decent.Ledger.Journal;
using static Decent.Ledger.Tests.Assets;

namespace Decent.Ledger.Tests.Books;

public sealed class BooksReaderTests(LedgerDatabase ledger) : IClassFixture<LedgerDatabase>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_account_without_postings_reads_as_zero_on_its_side()
    {
        Assert.Equal(
            new AccountBalance("provider/nobody/payable", NormalSide.Credit, Dollars(0), Dollars(0), Dollars(0)),
            await ledger.BalanceAsync("provider/nobody/payable", Usd));
        var refused = await Assert.ThrowsAsync<BooksRefusedException>(() => ledger.BalanceAsync("nowhere", Usd));
        Assert.Equal(BooksRefusal.AccountInvalid, refused.Refusal);
    }

    [Fact]
    public async Task A_prefix_lists_its_accounts_in_order_and_no_others()
    {
        var name = ledger.NextName();
        foreach (var suffix in new[] { "b", "a", "c_" })
        {
            await DepositAsync($"{name}-{suffix}", 1);
        }

        Assert.Equal(
            [$"contract/{name}-a/escrow", $"contract/{name}-b/escrow", $"contract/{name}-c_/escrow"],
            (await ledger.Reader.BalancesAsync($"contract/{name}-", 10, Token)).Select(b => b.Account),
            StringComparer.Ordinal);
        Assert.Single(await ledger.Reader.BalancesAsync($"contract/{name}-", 1, Token));
        Assert.Empty(await ledger.Reader.BalancesAsync($"contract/{name}-%", 10, Token));
    }

    [Fact]
    public async Task The_trial_balance_has_equal_sides_per_asset()
    {
        var name = ledger.NextName();
        await DepositAsync(name, 12);
        await ledger.ApplyAsync(ledger.Posting(name + "/icp", Leg.Debit(ChartOfAccounts.Wallet("ICP"), Icps(7)), Leg.Credit(ChartOfAccounts.PlatformCapital, Icps(7))));

        var lines = await ledger.Reader.TrialBalanceAsync(Token);

        Assert.Equal([Icp, Usd], lines.Select(l => l.Asset));
        Assert.All(lines, l => Assert.True(l.Debits == l.Credits && l.Debits.IsPositive));
    }

    [Fact]
    public async Task A_posting_reads_back_as_it_was_written()
    {
        var name = ledger.NextName();
        var posting = ledger.Posting(name, Leg.Debit("rail/stripe/clearing", Dollars(5)), Leg.Credit(ChartOfAccounts.ContractEscrow(name), Dollars(5))) with
        {
            EffectiveAt = LedgerDatabase.Now.AddDays(-3).AddTicks(1_234_567),
            Links = [new Link("contract", name), new Link("webhook", "evt_ü")],
        };
        await ledger.ApplyAsync(posting);

        var read = Assert.Single(await ledger.Reader.PostingsByLinkAsync(new Link("webhook", "evt_ü"), Token));

        Assert.Equal(posting.Id, read.Id);
        Assert.Equal(posting.IdempotencyKey, read.IdempotencyKey);
        Assert.Equal(posting.Legs, read.Legs);
        Assert.Equal(posting.Links, read.Links);
        Assert.Equal(CanonicalEncoding.Microseconds(posting.EffectiveAt), read.EffectiveAt);
        Assert.Equal(LedgerDatabase.Now, read.RecordedAt);

        // The hash can be recomputed from what the journal gives back.
        var again = posting with { EffectiveAt = read.EffectiveAt, Legs = read.Legs, Links = read.Links, Reason = read.Reason };
        Assert.Equal(CanonicalEncoding.Hash(CanonicalEncoding.Record(again, read.RecordedAt)), read.Hash.ToArray());
    }

    [Fact]
    public async Task A_cursor_over_an_account_neither_loses_nor_repeats_while_postings_come_in()
    {
        const int writers = 4;
        const int each = 25;
        var name = ledger.NextName();
        var escrow = ChartOfAccounts.ContractEscrow(name);
        var writing = Task.WhenAll(Enumerable.Range(0, writers).Select(async w =>
        {
            for (var i = 0; i < each; i++)
            {
                await DepositAsync(name, 1, FormattableString.Invariant($"{name}/{w}/{i}"));
            }
        }));

        var seen = new List<PostingRecord>();
        while (true)
        {
            var finished = writing.IsCompleted;
            var page = await ledger.Reader.PostingsByAccountAsync(escrow, Usd, seen.Count == 0 ? 0 : seen[^1].Sequence, 7, Token);
            seen.AddRange(page);
            if (finished && page.Count == 0)
            {
                break;
            }
        }

        await writing;
        Assert.Equal(writers * each, seen.Count);
        Assert.Equal(seen.Count, seen.Select(p => p.Id).Distinct().Count());
    }

    [Fact]
    public async Task Each_month_has_its_partition_made_when_it_is_first_needed()
    {
        var name = ledger.NextName();
        var months = new[] { new DateTimeOffset(2031, 12, 31, 23, 59, 59, TimeSpan.Zero), new DateTimeOffset(2032, 1, 1, 0, 0, 0, TimeSpan.Zero) };

        // Eight at once, so that several want to make the same month.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => ledger.ApplyAtAsync(
            months[i % 2],
            ledger.Posting(
                FormattableString.Invariant($"{name}/{i}"),
                Leg.Debit("rail/stripe/clearing", Dollars(1)),
                Leg.Credit(ChartOfAccounts.ContractEscrow(FormattableString.Invariant($"{name}-{i}")), Dollars(1))))));

        Assert.Equal(4, await ledger.ScalarAsync<long>("select count(*) from ledger.postings_y2031m12", source: ledger.Database.Owner));
        Assert.Equal(4, await ledger.ScalarAsync<long>("select count(*) from ledger.postings_y2032m01", source: ledger.Database.Owner));
        await ledger.AssertSoundAsync();
    }

    private async Task DepositAsync(string contract, Int128 units, string? key = null) => await ledger.ApplyAsync(ledger.Posting(
        key ?? contract + "/in", Leg.Debit("rail/stripe/clearing", Dollars(units)), Leg.Credit(ChartOfAccounts.ContractEscrow(contract), Dollars(units))));
}
