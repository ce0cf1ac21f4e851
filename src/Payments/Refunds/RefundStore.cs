using Dapper;
using Decent.Payments.Commands;
using Npgsql;

namespace Decent.Payments.Refunds;

/// <summary>Rows of refunds and their history.</summary>
internal static class RefundStore
{
    private const string Columns = """
        id, contract_id, collection_id, rail, idempotency_key, state, currency, units::text as units, rail_asset,
        rail_units::text as rail_units, request::text as request, payment_reference, provider_reference, transfer_id,
        attempts, next_attempt_at, error, created_at, sent_at, settled_at
        """;

    private const string InsertSql = """
        insert into payments.refunds
          (id, contract_id, collection_id, rail, idempotency_key, state, currency, units, rail_asset, rail_units,
           request, payment_reference, next_attempt_at, created_at)
        values
          (@Id, @ContractId, @CollectionId, @Rail, @IdempotencyKey, @State, @Currency, @Units, @RailAsset, @RailUnits,
           @Request::jsonb, @PaymentReference, @NextAttemptAt, @CreatedAt)
        """;

    private const string SaveSql = """
        update payments.refunds
        set state = @State, provider_reference = @ProviderReference, transfer_id = @TransferId, attempts = @Attempts,
            next_attempt_at = @NextAttemptAt, error = @Error, sent_at = @SentAt, settled_at = @SettledAt
        where id = @Id
        """;

    private const string EventSql = """
        insert into payments.refund_events (refund_id, seq, state, detail, at)
        select @id, 1 + coalesce(max(seq), 0), @state, @detail, @now from payments.refund_events where refund_id = @id
        """;

    private const string LockSql = $"select {Columns} from payments.refunds where id = @id for update";

    private const string LockKnownSql = $"""
        select {Columns} from payments.refunds
        where rail = @rail and (provider_reference = @key or id = @refundRef)
        for update
        """;

    private const string NextIdSql = """
        select id from payments.refunds where next_attempt_at <= @now
        order by next_attempt_at, id limit 1 for update skip locked
        """;

    private const string OfContractSql =
        $"select {Columns} from payments.refunds where contract_id = @contractId order by id";

    private const string ListSql = $"""
        select {Columns} from payments.refunds
        where (@contractId::text is null or contract_id = @contractId) and (@cursor::uuid is null or id < @cursor)
        order by id desc
        limit @limit
        """;

    private const string NextDueSql =
        "select min(next_attempt_at) from payments.refunds having count(next_attempt_at) > 0";

    /// <summary>Adds a refund and the first line of its history.</summary>
    public static async Task InsertAsync(
        CommandSession session, RefundRow row, string detail, CancellationToken cancellationToken)
    {
        await session.Connection.ExecuteAsync(
            new CommandDefinition(InsertSql, row, session.Transaction, cancellationToken: cancellationToken));
        await RecordAsync(session, row, detail, cancellationToken);
    }

    /// <summary>Writes a locked refund and a line of its history.</summary>
    public static async Task SaveAsync(
        CommandSession session, RefundRow row, string detail, CancellationToken cancellationToken)
    {
        await session.Connection.ExecuteAsync(
            new CommandDefinition(SaveSql, row, session.Transaction, cancellationToken: cancellationToken));
        await RecordAsync(session, row, detail, cancellationToken);
    }

    /// <summary>Locks and reads a refund.</summary>
    public static Task<RefundRow> LockAsync(CommandSession session, Guid id, CancellationToken cancellationToken) =>
        session.Connection.QuerySingleAsync<RefundRow>(
            new CommandDefinition(LockSql, new { id }, session.Transaction, cancellationToken: cancellationToken));

    /// <summary>Locks and reads the refund a rail speaks of; null when it is none of ours.</summary>
    public static Task<RefundRow?> LockKnownAsync(
        CommandSession session, string rail, string key, Guid? refundRef, CancellationToken cancellationToken) =>
        session.Connection.QuerySingleOrDefaultAsync<RefundRow>(new CommandDefinition(
            LockKnownSql, new { rail, key, refundRef }, session.Transaction, cancellationToken: cancellationToken));

    /// <summary>Locks and reads the next refund that is due; null when there is none.</summary>
    public static async Task<RefundRow?> LockNextAsync(CommandSession session, CancellationToken cancellationToken)
    {
        var id = await session.Connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(
            NextIdSql, new { now = session.Now }, session.Transaction, cancellationToken: cancellationToken));
        return id is { } due ? await LockAsync(session, due, cancellationToken) : null;
    }

    /// <summary>Refunds of a contract, oldest first.</summary>
    public static async Task<List<RefundRow>> OfContractAsync(
        NpgsqlConnection connection,
        string contractId,
        NpgsqlTransaction? transaction,
        CancellationToken cancellationToken) =>
        (await connection.QueryAsync<RefundRow>(new CommandDefinition(
            OfContractSql, new { contractId }, transaction, cancellationToken: cancellationToken))).AsList();

    /// <summary>Refunds, newest first.</summary>
    public static async Task<List<RefundRow>> ListAsync(
        NpgsqlConnection connection,
        string? contractId,
        Guid? cursor,
        int limit,
        CancellationToken cancellationToken) =>
        (await connection.QueryAsync<RefundRow>(new CommandDefinition(
            ListSql, new { contractId, cursor, limit }, cancellationToken: cancellationToken))).AsList();

    /// <summary>When the next refund is due.</summary>
    public static Task<DateTimeOffset?> NextDueAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<DateTimeOffset?>(
            new CommandDefinition(NextDueSql, cancellationToken: cancellationToken));

    private static Task RecordAsync(
        CommandSession session, RefundRow row, string detail, CancellationToken cancellationToken) =>
        session.Connection.ExecuteAsync(new CommandDefinition(
            EventSql,
            new { id = row.Id, state = row.State, detail, now = session.Now },
            session.Transaction,
            cancellationToken: cancellationToken));
}
