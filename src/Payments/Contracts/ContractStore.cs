using Dapper;
using Decent.Payments.Commands;
using Npgsql;

namespace Decent.Payments.Contracts;

/// <summary>Rows of contracts and their history.</summary>
internal static class ContractStore
{
    private const string Columns = """
        c.id, c.list_id, c.provider_id, c.renter_id, c.currency, c.price_units::text as price_units, c.service_start,
        c.service_end, c.payment_deadline, c.refund_account, c.fee_bps, c.state, c.paid_units::text as paid_units,
        c.paid_collection_id, p.rail as paid_by, c.released_units::text as released_units,
        c.fee_units::text as fee_units, c.refunded_units::text as refunded_units, c.dust_units::text as dust_units,
        c.released_until, c.disputed, c.created_at, c.activated_at, c.ended_at,
        c.next_check_at
        """;

    private const string From = """
        from payments.contracts c left join payments.collections p on p.id = c.paid_collection_id
        """;

    private const string LockSql = $"select {Columns} {From} where c.id = @id for update of c";

    private const string LockFreeSql = $"select {Columns} {From} where c.id = @id for update of c skip locked";

    private const string GetSql = $"select {Columns} {From} where c.id = @id";

    private const string ListSql = $"""
        select {Columns} {From}
        where (@state::text is null or c.state = @state) and (@cursor::uuid is null or c.list_id < @cursor)
        order by c.list_id desc
        limit @limit
        """;

    private const string InsertSql = """
        insert into payments.contracts
          (id, list_id, provider_id, renter_id, currency, price_units, service_start, service_end, payment_deadline,
           refund_account, fee_bps, state, created_at, changed_at, next_check_at)
        values
          (@Id, @ListId, @ProviderId, @RenterId, @Currency, @PriceUnits, @ServiceStart, @ServiceEnd, @PaymentDeadline,
           @RefundAccount, @FeeBps, @State, @CreatedAt, @CreatedAt, @NextCheckAt)
        on conflict (id) do nothing
        """;

    private const string SaveSql = """
        update payments.contracts
        set state = @State, paid_units = @PaidUnits, paid_collection_id = @PaidCollectionId,
            released_units = @ReleasedUnits, fee_units = @FeeUnits, refunded_units = @RefundedUnits,
            dust_units = @DustUnits, released_until = @ReleasedUntil, activated_at = @ActivatedAt, ended_at = @EndedAt,
            next_check_at = @NextCheckAt
        where id = @Id
        """;

    // The counter makes numbers without gaps and lets concurrent writers wait for each other on the contract's row.
    private const string EventSql = """
        with counted as (
          update payments.contracts set events = events + 1, changed_at = greatest(changed_at, @now)
          where id = @id
          returning events, changed_at)
        insert into payments.contract_events (contract_id, seq, kind, actor, detail, at)
        select @id, events, @kind, @actor, @detail, changed_at from counted
        """;

    private const string EventsSql = """
        select seq as sequence, kind, actor, detail, at from payments.contract_events
        where contract_id = @id order by seq
        """;

    /// <summary>Locks and reads a contract; null when there is none.</summary>
    public static Task<ContractRow?> LockAsync(
        CommandSession session, string id, CancellationToken cancellationToken) =>
        session.Connection.QuerySingleOrDefaultAsync<ContractRow>(
            new CommandDefinition(LockSql, new { id }, session.Transaction, cancellationToken: cancellationToken));

    /// <summary>Locks and reads a contract; null when there is none or somebody else works on it.</summary>
    public static Task<ContractRow?> LockIfFreeAsync(
        CommandSession session, string id, CancellationToken cancellationToken) =>
        session.Connection.QuerySingleOrDefaultAsync<ContractRow>(
            new CommandDefinition(LockFreeSql, new { id }, session.Transaction, cancellationToken: cancellationToken));

    /// <summary>Reads a contract without locking it.</summary>
    public static Task<ContractRow?> GetAsync(
        NpgsqlConnection connection, string id, NpgsqlTransaction? transaction, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<ContractRow>(
            new CommandDefinition(GetSql, new { id }, transaction, cancellationToken: cancellationToken));

    /// <summary>Rows by registration, newest first.</summary>
    public static async Task<List<ContractRow>> ListAsync(
        NpgsqlConnection connection, string? state, Guid? cursor, int limit, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<ContractRow>(new CommandDefinition(
            ListSql, new { state, cursor, limit }, cancellationToken: cancellationToken))).AsList();

    /// <summary>Adds a contract.</summary>
    /// <returns>False when the id is taken.</returns>
    public static async Task<bool> InsertAsync(
        CommandSession session, ContractRow row, CancellationToken cancellationToken) =>
        await session.Connection.ExecuteAsync(
            new CommandDefinition(InsertSql, row, session.Transaction, cancellationToken: cancellationToken)) == 1;

    /// <summary>Writes what changed on a locked contract, and says so in its history.</summary>
    public static async Task SaveAsync(
        CommandSession session, ContractRow row, string kind, string detail, CancellationToken cancellationToken)
    {
        await SaveQuietlyAsync(session, row, cancellationToken);
        await RecordAsync(session, row.Id, kind, detail, cancellationToken);
    }

    /// <summary>Writes what changed on a locked contract when nobody needs to read about it.</summary>
    public static Task SaveQuietlyAsync(CommandSession session, ContractRow row, CancellationToken cancellationToken) =>
        session.Connection.ExecuteAsync(
            new CommandDefinition(SaveSql, row, session.Transaction, cancellationToken: cancellationToken));

    /// <summary>Adds a line to a contract's history.</summary>
    public static Task RecordAsync(
        CommandSession session, string id, string kind, string detail, CancellationToken cancellationToken)
    {
        var arguments = new { id, kind, actor = session.Context.Actor, detail, now = session.Now };
        return session.Connection.ExecuteAsync(
            new CommandDefinition(EventSql, arguments, session.Transaction, cancellationToken: cancellationToken));
    }

    /// <summary>A contract's history, oldest first.</summary>
    public static async Task<List<ContractEventView>> EventsAsync(
        NpgsqlConnection connection, string id, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<ContractEventView>(
            new CommandDefinition(EventsSql, new { id }, cancellationToken: cancellationToken))).AsList();
}
