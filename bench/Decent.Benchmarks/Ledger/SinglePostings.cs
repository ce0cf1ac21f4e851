using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Dapper;
using Decent.Ledger;
using Decent.Ledger.Books;
using Decent.Postgres;
using Npgsql;

namespace Decent.Benchmarks.Ledger;

/// <summary>
/// Postings per second the way a command makes them: begin, one posting of two legs, commit. Eight writers, a thousand
/// accounts picked uniformly, every commit flushed.
/// </summary>
internal sealed class SinglePostings : IBenchmark
{
    private const int Writers = 8;
    private const int Accounts = 1000;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(6);
    private static readonly Asset Usd = Asset.Fiat("USD");

    private readonly Ids _ids = new(TimeProvider.System);
    private readonly Books _books = new();

    /// <inheritdoc />
    public string Group => "ledger";

    /// <inheritdoc />
    public async IAsyncEnumerable<BenchmarkRow> RunAsync(
        Action<string> progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        progress("starting a durable PostgreSQL cluster");
        await using var books = await BenchmarkBooks.StartAsync(Writers, cancellationToken);
        progress(string.Create(CultureInfo.InvariantCulture, $"warming up for {WarmUp.TotalSeconds:0} s"));
        var warm = await PostForAsync(books.App, WarmUp, 0, cancellationToken);
        progress(string.Create(CultureInfo.InvariantCulture, $"measuring for {Measured.TotalSeconds:0} s"));
        var clock = Stopwatch.StartNew();
        var latencies = await PostForAsync(books.App, Measured, Writers, cancellationToken);
        var elapsed = clock.Elapsed;
        await CheckAsync(books.App, warm.Count + latencies.Count, cancellationToken);

        latencies.Sort();
        yield return new BenchmarkRow(
            "ledger.post.single",
            latencies.Count / elapsed.TotalSeconds,
            "postings/s",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Writers} writers, {Accounts} accounts uniform, one posting per transaction, fsync on; p50 {At(latencies, 0.50):0.0} ms, p99 {At(latencies, 0.99):0.0} ms"));
    }

    private async Task<List<double>> PostForAsync(
        NpgsqlDataSource app, TimeSpan duration, int firstSeed, CancellationToken cancellationToken)
    {
        var all = await Task.WhenAll(Enumerable.Range(firstSeed, Writers).Select(seed => WriteAsync(app, duration, seed, cancellationToken)));
        return [.. all.SelectMany(l => l)];
    }

    private async Task<List<double>> WriteAsync(NpgsqlDataSource app, TimeSpan duration, int seed, CancellationToken cancellationToken)
    {
#pragma warning disable CA5394 // The same accounts in every run, nothing secret.
        var random = new Random(seed);
        var latencies = new List<double>();
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < duration)
        {
            var from = random.Next(Accounts);
            var to = (from + 1 + random.Next(Accounts - 1)) % Accounts;
#pragma warning restore CA5394
            var began = clock.Elapsed;
            await PostAsync(app, from, to, cancellationToken);
            latencies.Add((clock.Elapsed - began).TotalMilliseconds);
        }

        return latencies;
    }

    private async Task PostAsync(NpgsqlDataSource app, int from, int to, CancellationToken cancellationToken)
    {
        var id = _ids.Next();
        var now = TimeProvider.System.GetUtcNow();
        var amount = new Money(Usd, 1_000_000_000);
        var batch = new BooksBatch();
        batch.Add(new Posting
        {
            Id = id,
            IdempotencyKey = id.ToString("n"),
            Reason = "benchmark",
            EffectiveAt = now,
            Legs =
            [
                Leg.Debit(string.Create(CultureInfo.InvariantCulture, $"user/{from}"), amount),
                Leg.Credit(string.Create(CultureInfo.InvariantCulture, $"user/{to}"), amount),
            ],
        });
        await using var connection = await app.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await _books.ApplyAsync(transaction, batch, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    // A figure of books that are wrong is worth nothing.
    private static async Task CheckAsync(NpgsqlDataSource app, int acknowledged, CancellationToken cancellationToken)
    {
        await using var connection = await app.OpenConnectionAsync(cancellationToken);
        var recorded = await connection.QuerySingleAsync<long>(new CommandDefinition(
            "select count(*) from ledger.postings", cancellationToken: cancellationToken));
        var lines = await new BooksReader(app).TrialBalanceAsync(cancellationToken);
        if (recorded != acknowledged || lines.Any(l => l.Debits != l.Credits))
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture, $"{acknowledged} postings were acknowledged, {recorded} are recorded, or they do not balance."));
        }
    }

    private static double At(List<double> sorted, double share) => sorted[(int)((sorted.Count - 1) * share)];
}
