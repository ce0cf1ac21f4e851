using System.Text.Json;
using Dapper;
using Decent.Payments.Commands;
using Decent.Payments.Transfers;
using Decent.Payments.Treasury;
using Decent.Postgres;
using Npgsql;

namespace Decent.Payments.Reconciliation;

/// <inheritdoc cref="IReconciliation" />
internal sealed class ReconciliationRunner(
    ICommands commands,
    NpgsqlDataSource dataSource,
    DepositWatcher watcher,
    BooksChecks booksChecks,
    RailChecks railChecks,
    IFindings findings,
    Ids ids,
    MachineClock machine) : IReconciliation
{
    private const string InsertSql = """
        insert into payments.reconciliation_runs (id, actor, at, machine_at, slot, agrees, lines)
        values (@id, @actor, @at, @machineNow, @slot, @agrees, @lines::jsonb)
        on conflict (slot) do nothing
        """;

    private const string LatestSql = """
        select id, actor, at, agrees, lines::text as lines
        from payments.reconciliation_runs
        order by at desc, id desc
        limit 1
        """;

    /// <inheritdoc />
    public Task<CommandResult<ReconciliationRun>> RunAsync(
        CommandContext context, CancellationToken cancellationToken) =>
        RunAsync(context, null, cancellationToken);

    /// <summary>As the public one, standing for a scheduled slot; the second host in the same slot records
    /// nothing.</summary>
    public async Task<CommandResult<ReconciliationRun>> RunAsync(
        CommandContext context, DateTimeOffset? slot, CancellationToken cancellationToken)
    {
        // First the watcher reads to the end, so that as little as possible is merely on its way.
        await watcher.RunDueAsync(cancellationToken);
        var lines = new List<CheckedLine>();
        lines.AddRange(await railChecks.RunAsync(cancellationToken));
        lines.AddRange(await booksChecks.RunAsync(cancellationToken));
        return await commands.RunAsync(
            context, (session, ct) => RecordAsync(session, slot, lines, ct), cancellationToken);
    }

    /// <inheritdoc />
    public async Task<ReconciliationRun?> LatestAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<RunRow>(
            new CommandDefinition(LatestSql, cancellationToken: cancellationToken));
        return row is null
            ? null
            : new ReconciliationRun(
                row.Id,
                row.Actor,
                row.At,
                row.Agrees,
                JsonSerializer.Deserialize<List<ReconciliationLine>>(row.Lines, CommandJson.Options) ?? []);
    }

    /// <summary>The last scheduled slot that was run, or null.</summary>
    public async Task<DateTimeOffset?> LastSlotAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<DateTimeOffset?>(new CommandDefinition(
            "select slot from payments.reconciliation_runs where slot is not null order by slot desc limit 1",
            cancellationToken: cancellationToken));
    }

    private async Task<ReconciliationRun> RecordAsync(
        CommandSession session,
        DateTimeOffset? slot,
        IReadOnlyList<CheckedLine> lines,
        CancellationToken cancellationToken)
    {
        var run = new ReconciliationRun(
            ids.Next(),
            session.Context.Actor,
            session.Now,
            lines.All(static l => l.Line.Result == ReconciliationResult.Agrees),
            [.. lines.Select(static l => l.Line)]);
        var inserted = await session.Connection.ExecuteAsync(new CommandDefinition(
            InsertSql,
            new
            {
                id = run.Id,
                actor = run.Actor,
                at = run.At,
                machineNow = machine.Now,
                slot,
                agrees = run.Agrees,
                lines = JsonSerializer.Serialize(run.Lines, CommandJson.Options),
            },
            session.Transaction,
            cancellationToken: cancellationToken));
        if (inserted == 0)
        {
            return run;
        }

        foreach (var line in lines)
        {
            switch (line.Line.Result)
            {
                case ReconciliationResult.Differs:
                    await findings.RaiseAsync(session, line.Finding, cancellationToken);
                    break;
                case ReconciliationResult.Agrees:
                    await findings.ResolveAsync(
                        session,
                        line.Finding.Code,
                        line.Finding.Subject,
                        "The two sides agree again.",
                        cancellationToken);
                    break;
                default:
                    // Nothing was learned, so nothing is claimed.
                    break;
            }
        }

        return run;
    }

    private sealed class RunRow
    {
        public Guid Id { get; init; }

        public string Actor { get; init; } = "";

        public DateTimeOffset At { get; init; }

        public bool Agrees { get; init; }

        public string Lines { get; init; } = "[]";
    }
}
