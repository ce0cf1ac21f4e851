using Dapper;
using Decent.Payments.Commands;
using Npgsql;

namespace Decent.Payments.Inbox;

/// <summary>A stored delivery.</summary>
internal sealed record InboxRow
{
    public string Source { get; init; } = "";

    public string EventId { get; init; } = "";

    public string Type { get; init; } = "";

    public byte[] Body { get; init; } = [];

    public DateTimeOffset ReceivedAt { get; init; }

    public int Attempts { get; init; }
}

/// <summary>Rows of the inbox.</summary>
internal static class InboxStore
{
    private const string InsertSql = """
        insert into payments.inbox (source, event_id, id, type, headers, body, received_at)
        values (@source, @eventId, @id, @type, @headers::jsonb, @body, @receivedAt)
        on conflict (source, event_id) do nothing
        """;

    private const string LockNextSql = """
        select source, event_id, type, body, received_at, attempts
        from payments.inbox
        where state = 'stored' and coalesce(retry_at, received_at) <= @now
        order by coalesce(retry_at, received_at), id
        limit 1
        for update skip locked
        """;

    private const string DoneSql = """
        update payments.inbox set state = 'processed', outcome = @outcome, processed_at = @now, attempts = attempts + 1
        where source = @source and event_id = @eventId
        """;

    private const string RetrySql = """
        update payments.inbox
        set attempts = attempts + 1, retry_at = @retryAt, outcome = @outcome,
            state = case when @retryAt::timestamptz is null then 'set_aside' else state end,
            processed_at = case when @retryAt::timestamptz is null then @now end
        where source = @source and event_id = @eventId and state = 'stored'
        """;

    // No row rather than a row with nothing in it: an instant is never null.
    private const string NextDueSql = """
        select min(coalesce(retry_at, received_at)) from payments.inbox where state = 'stored' having count(*) > 0
        """;

    /// <summary>Stores a delivery.</summary>
    /// <returns>False when the event was stored before.</returns>
    public static async Task<bool> InsertAsync(
        NpgsqlConnection connection, object row, CancellationToken cancellationToken) =>
        await connection.ExecuteAsync(new CommandDefinition(InsertSql, row, cancellationToken: cancellationToken)) == 1;

    /// <summary>Locks and reads the next delivery to work on; null when there is none.</summary>
    public static Task<InboxRow?> LockNextAsync(CommandSession session, CancellationToken cancellationToken) =>
        session.Connection.QuerySingleOrDefaultAsync<InboxRow>(new CommandDefinition(
            LockNextSql, new { now = session.Now }, session.Transaction, cancellationToken: cancellationToken));

    /// <summary>Marks a delivery as done.</summary>
    public static Task DoneAsync(
        CommandSession session, InboxRow row, string outcome, CancellationToken cancellationToken) =>
        session.Connection.ExecuteAsync(new CommandDefinition(
            DoneSql,
            new { row.Source, row.EventId, outcome, now = session.Now },
            session.Transaction,
            cancellationToken: cancellationToken));

    /// <summary>Puts a delivery off, or aside for good when <paramref name="retryAt" /> is null.</summary>
    public static Task RetryAsync(
        CommandSession session,
        InboxRow row,
        DateTimeOffset? retryAt,
        string outcome,
        CancellationToken cancellationToken) =>
        session.Connection.ExecuteAsync(new CommandDefinition(
            RetrySql,
            new { row.Source, row.EventId, retryAt, outcome, now = session.Now },
            session.Transaction,
            cancellationToken: cancellationToken));

    /// <summary>When the next delivery is due.</summary>
    public static Task<DateTimeOffset?> NextDueAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<DateTimeOffset?>(
            new CommandDefinition(NextDueSql, cancellationToken: cancellationToken));
}
