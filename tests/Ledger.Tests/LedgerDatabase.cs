using Dapper;
using Decent.Canister.Client;
using Decent.Ledger.Books;
using Decent.Ledger.Journal;
using Decent.Ledger.Sequencing;
using Decent.Postgres;
using Decent.Testing;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresCluster))]

namespace Decent.Ledger.Tests;

/// <summary>A database with empty books, and short ways to write in them.</summary>
public sealed class LedgerDatabase() : DatabaseFixture(LedgerModule.Migrations)
{
    /// <summary>Recorded time of everything that says no other.</summary>
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Ids _ids = new(TimeProvider.System);

    public IBooks Books { get; } = new Decent.Ledger.Books.Books();

    public BooksReader Reader => new(Database.App);

    public JournalLog Journal => new(Database.App);

    /// <summary>Signs the checkpoints of the tests.</summary>
    public static IdentityCheckpointSigner Signer { get; } =
        new("decent/test", Ed25519Identity.FromSeed(Enumerable.Range(1, 32).Select(i => (byte)i).ToArray()));

    public JournalSequencer Sequencer(TimeProvider? time = null, string? file = null) =>
        new(Database.App, Signer, time ?? new FakeTimeProvider(Now), new JournalOptions { CheckpointFile = file });

    /// <summary>Sequences until every record of the books has its place.</summary>
    public async Task SequenceAllAsync(JournalSequencer? sequencer = null)
    {
        var chosen = sequencer ?? Sequencer();
        for (var run = 0; run < 1000; run++)
        {
            await chosen.RunAsync(Token);
            if (await ScalarAsync<bool>("select (select count(*) from ledger.records) = (select size from ledger.log_state())"))
            {
                await chosen.PublishAsync(Token);
                return;
            }
        }

        Assert.Fail("Some record did not find its place: " + await ScalarAsync<string>(
            """
            select (select count(*) from ledger.records) || ' records, ' || (select string_agg(r::text, ' ') from (
              select r.* from ledger.log_rounds r order by r.round desc limit 3) r) || ' missing '
              || (select string_agg(r.seq || '/' || r.xid, ' ') from ledger.records r
                  where not exists (select from ledger.log_chunks c where r.seq = any (c.seqs)))
            """));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public Guid NextId() => _ids.Next();

    /// <summary>A word no other test of the class uses.</summary>
    public string NextName() => _ids.Next().ToString("n")[^12..];

    public Posting Posting(string key, params Leg[] legs) => new()
    {
        Id = NextId(),
        IdempotencyKey = key,
        Reason = "test",
        EffectiveAt = Now,
        Legs = legs,
    };

    public HoldPlacement Hold(string key, string account, Money amount) => new()
    {
        Id = NextId(),
        IdempotencyKey = key,
        Reason = "test",
        Account = account,
        Amount = amount,
    };

    public HoldRelease Release(string key, Guid hold) => new()
    {
        HoldId = hold,
        IdempotencyKey = key,
        Reason = "test",
        Evidence = "none left",
    };

    public Task<IReadOnlyList<BooksOutcome>> ApplyAsync(params BooksOperation[] operations) => ApplyAtAsync(Now, operations);

    public async Task<IReadOnlyList<BooksOutcome>> ApplyAtAsync(DateTimeOffset recordedAt, params BooksOperation[] operations)
    {
        var batch = new BooksBatch();
        foreach (var operation in operations)
        {
            batch.Add(operation);
        }

        await using var connection = await Database.App.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        var outcomes = await Books.ApplyAsync(transaction, batch, recordedAt, Token);
        await transaction.CommitAsync(Token);
        return outcomes;
    }

    public async Task<BooksRefusedException> RefusedAsync(BooksRefusal refusal, params BooksOperation[] operations)
    {
        var before = await DigestAsync();
        var refused = await Assert.ThrowsAsync<BooksRefusedException>(() => ApplyAsync(operations));
        Assert.Equal(refusal, refused.Refusal);
        Assert.Equal(before, await DigestAsync());
        return refused;
    }

    public async Task<AccountBalance> BalanceAsync(string account, Asset asset) => await Reader.BalanceAsync(account, asset, Token);

    public async Task<T> ScalarAsync<T>(string sql, object? arguments = null, NpgsqlDataSource? source = null)
    {
        await using var connection = await (source ?? Database.App).OpenConnectionAsync(Token);
        return (await connection.ExecuteScalarAsync<T>(sql, arguments))!;
    }

    /// <summary>A digest over every row of every table of the books.</summary>
    public async Task<string> DigestAsync() => await ScalarAsync<string>(
        """
        select string_agg(d, ' ') from (
          select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) as d from ledger.assets t
          union all select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) from ledger.accounts t
          union all select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) from ledger.balances t
          union all select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) from ledger.idempotency_keys t
          union all select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) from ledger.postings t
          union all select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) from ledger.entries t
          union all select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) from ledger.links t
          union all select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) from ledger.breaches t
          union all select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) from ledger.holds t
          union all select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) from ledger.hold_events t
        ) x
        """);

    /// <summary>Fails unless the books are sound: zero per asset, and balances and holds equal to their history.</summary>
    public async Task AssertSoundAsync()
    {
        Assert.Equal(0, await ScalarAsync<long>(
            "select count(*) from (select seq, asset from ledger.entries e join ledger.accounts a on a.id = e.account_id group by 1, 2 having sum(amount) <> 0) x"));
        Assert.Equal(0, await ScalarAsync<long>(
            """
            select count(*) from ledger.balances b join ledger.accounts a on a.id = b.account_id
            where b.balance <> a.side * coalesce((select sum(amount) from ledger.entries e where e.account_id = a.id), 0)
               or b.balance <> coalesce((select balance_after from ledger.entries e where e.account_id = a.id order by seq desc, leg desc limit 1), 0)
               or b.held <> coalesce((select sum(h.amount) from ledger.holds h where h.account_id = a.id), 0)
                          - coalesce((select sum(v.amount) from ledger.hold_events v join ledger.holds h on h.id = v.hold_id where h.account_id = a.id), 0)
            """));
        Assert.Equal(0, await ScalarAsync<long>(
            "select count(*) from ledger.holds h where h.amount < (select sum(v.amount) from ledger.hold_events v where v.hold_id = h.id)"));
    }
}
