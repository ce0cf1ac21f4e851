using Dapper;
using Decent.Payments.Commands;
using Decent.Postgres;
using Npgsql;

namespace Decent.Payments.Reconciliation;

/// <inheritdoc cref="IFindings" />
internal sealed class Findings(NpgsqlDataSource dataSource, Ids ids) : IFindings
{
    private const string RaiseSql = """
        insert into payments.findings (id, code, severity, subject, detail, state, raised_at, last_seen_at, raised_by)
        values (@id, @code, @severity, @subject, @detail, 'open', @now, @now, @actor)
        on conflict (code, subject) where state = 'open'
        do update set detail = excluded.detail, severity = excluded.severity, last_seen_at = excluded.last_seen_at,
                      occurrences = payments.findings.occurrences + 1
        """;

    private const string ResolveSql = """
        update payments.findings
        set state = 'resolved', resolved_at = @now, resolved_how = @how, resolved_by = @actor
        where code = @code and subject = @subject and state = 'open'
        """;

    private const string ListSql = """
        select id, code, severity, subject, detail, state, raised_at, last_seen_at, occurrences, resolved_at,
          resolved_how
        from payments.findings
        where @state::text is null or state = @state
        order by raised_at desc, id desc
        limit 1000
        """;

    /// <inheritdoc />
    public async Task RaiseAsync(CommandSession session, Finding finding, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(finding);
        var arguments = new
        {
            id = ids.Next(),
            code = finding.Code,
            severity = finding.Severity.ToString().ToLowerInvariant(),
            subject = finding.Subject,
            detail = finding.Detail,
            now = session.Now,
            actor = session.Context.Actor,
        };
        await session.Connection.ExecuteAsync(
            new CommandDefinition(RaiseSql, arguments, session.Transaction, cancellationToken: cancellationToken));
    }

    /// <inheritdoc />
    public async Task ResolveAsync(
        CommandSession session, string code, string subject, string how, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        var arguments = new { code, subject, how, now = session.Now, actor = session.Context.Actor };
        await session.Connection.ExecuteAsync(
            new CommandDefinition(ResolveSql, arguments, session.Transaction, cancellationToken: cancellationToken));
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<FindingView>> ListAsync(FindingState? state, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<FindingView>(new CommandDefinition(
            ListSql, new { state = state?.ToString().ToLowerInvariant() }, cancellationToken: cancellationToken));
        return rows.AsList();
    }
}
