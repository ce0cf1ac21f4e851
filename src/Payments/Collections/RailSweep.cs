using Dapper;
using Decent.Payments.Commands;
using Decent.Payments.Providers;
using Npgsql;

namespace Decent.Payments.Collections;

/// <summary>
/// Reads rails' own lists every hour, so that money is seen whose webhook was lost and whose contract nobody polls.
/// Windows overlap; what is seen again changes nothing.
/// </summary>
internal sealed class RailSweep(
    ICommands commands,
    NpgsqlDataSource dataSource,
    IEnumerable<IFactSource> sources,
    Settlements settlements,
    TimeProvider time)
{
    private const string ReadSql = "select rail, swept_until, next_at from payments.sweeps";

    private const string SaveSql = """
        insert into payments.sweeps as s (rail, swept_until, next_at) values (@rail, @until, @nextAt)
        on conflict (rail) do update
        set swept_until = greatest(s.swept_until, excluded.swept_until), next_at = excluded.next_at
        """;

    private static readonly CommandContext Context = CommandContext.Job("job/rail-sweep");
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(10);

    private readonly IReadOnlyList<IFactSource> _sources = [.. sources];

    /// <summary>Reads the lists that are due.</summary>
    public async Task<int> RunDueAsync(CancellationToken cancellationToken)
    {
        var handled = 0;
        var now = Instants.Microseconds(time.GetUtcNow());
        var marks = await MarksAsync(cancellationToken);
        foreach (var source in _sources)
        {
            var mark = marks.GetValueOrDefault(source.ProviderId);
            if (mark is null || mark.NextAt <= now)
            {
                await SweepAsync(source, mark?.SweptUntil ?? now, now, cancellationToken);
                handled++;
            }
        }

        return handled;
    }

    /// <summary>When the next list is due; null when no rail has one.</summary>
    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        if (_sources.Count == 0)
        {
            return null;
        }

        var marks = await MarksAsync(cancellationToken);
        return _sources.Min(s => marks.GetValueOrDefault(s.ProviderId)?.NextAt ?? time.GetUtcNow());
    }

    private async Task SweepAsync(
        IFactSource source, DateTimeOffset from, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var reading = await source.SweepAsync(from - Overlap, now, cancellationToken);
        await commands.RunAsync(
            Context,
            async (session, ct) =>
            {
                var found = reading as ProviderReading.Found;
                if (found is not null)
                {
                    await settlements.TakeAsync(session, found.Translation, "sweep:" + source.ProviderId, ct);
                }

                // The mark moves in the transaction that took the facts in, and only then.
                var arguments = new
                {
                    rail = source.ProviderId,
                    until = found is null ? from : now,
                    nextAt = found is null ? now + RetryAfter : NextHour(now),
                };
                return await session.Connection.ExecuteAsync(
                    new CommandDefinition(SaveSql, arguments, session.Transaction, cancellationToken: ct));
            },
            cancellationToken);
    }

    private async Task<Dictionary<string, Mark>> MarksAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var marks = await connection.QueryAsync<Mark>(
            new CommandDefinition(ReadSql, cancellationToken: cancellationToken));
        return marks.ToDictionary(m => m.Rail, StringComparer.Ordinal);
    }

    private static DateTimeOffset NextHour(DateTimeOffset now) =>
        new(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerHour) + TimeSpan.TicksPerHour, TimeSpan.Zero);

    private sealed record Mark
    {
        public string Rail { get; init; } = "";

        public DateTimeOffset SweptUntil { get; init; }

        public DateTimeOffset NextAt { get; init; }
    }
}
