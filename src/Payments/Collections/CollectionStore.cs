using Dapper;
using Decent.Payments.Commands;
using Npgsql;

namespace Decent.Payments.Collections;

/// <summary>Rows of collections.</summary>
internal static class CollectionStore
{
    private const string Columns = """
        id, contract_id, rail, state, token, price_units::text as price_units, currency, expected_asset,
        expected_units::text as expected_units, received_asset, received_units::text as received_units,
        fee_units::text as fee_units, resolution, checkout_url, provider_reference, payment_reference, payment_object,
        error,
        next_poll_at, polls, created_at, opened_at, settled_at
        """;

    private const string GetSql = $"select {Columns} from payments.collections where id = @id";

    private const string LockSql = $"select {Columns} from payments.collections where id = @id for update";

    private const string OfContractSql =
        $"select {Columns} from payments.collections where contract_id = @contractId order by id";

    private const string ListSql = $"""
        select {Columns} from payments.collections
        where (@contractId::text is null or contract_id = @contractId) and (@cursor::uuid is null or id < @cursor)
        order by id desc
        limit @limit
        """;

    private const string InsertSql = """
        insert into payments.collections
          (id, contract_id, rail, state, token, price_units, currency, expected_asset, expected_units, received_asset,
           received_units, fee_units, resolution, provider_reference, payment_reference, payment_object, next_poll_at,
           created_at, opened_at, settled_at)
        values
          (@Id, @ContractId, @Rail, @State, @Token, @PriceUnits, @Currency, @ExpectedAsset, @ExpectedUnits,
           @ReceivedAsset, @ReceivedUnits, @FeeUnits, @Resolution, @ProviderReference, @PaymentReference,
           @PaymentObject, @NextPollAt, @CreatedAt, @OpenedAt, @SettledAt)
        """;

    private const string SaveSql = """
        update payments.collections
        set state = @State, expected_asset = @ExpectedAsset, expected_units = @ExpectedUnits,
            received_asset = @ReceivedAsset, received_units = @ReceivedUnits, fee_units = @FeeUnits,
            resolution = @Resolution, checkout_url = @CheckoutUrl, provider_reference = @ProviderReference,
            payment_reference = @PaymentReference, payment_object = @PaymentObject, error = @Error,
            next_poll_at = @NextPollAt, polls = @Polls,
            opened_at = @OpenedAt, settled_at = @SettledAt
        where id = @Id
        """;

    // Ladder, best first: the payment itself, what we started, our own id in the rail's metadata. The last one counts
    // only while no other payment, and no other session, is known for that collection.
    private const string LocateSql = """
        select id from payments.collections
        where rail = @rail and (
          payment_reference = @key
          or (payment_reference is null and provider_reference in (@key, @sessionKey))
          or (id = @collectionRef and payment_reference is null and contract_id = @contractRef
              and (provider_reference is null or @sessionKey::text is null)))
        order by coalesce(payment_reference = @key, false) desc,
                 coalesce(provider_reference in (@key, @sessionKey), false) desc
        limit 1
        """;

    private const string ClaimDueSql = $"""
        update payments.collections
        set next_poll_at = @until
        where id = (
          select id from payments.collections where next_poll_at <= @now
          order by next_poll_at, id limit 1 for update skip locked)
        returning {Columns}
        """;

    private const string NextDueSql =
        "select min(next_poll_at) from payments.collections having count(next_poll_at) > 0";

    /// <summary>Reads a collection.</summary>
    public static Task<CollectionRow?> GetAsync(
        NpgsqlConnection connection, Guid id, NpgsqlTransaction? transaction, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<CollectionRow>(
            new CommandDefinition(GetSql, new { id }, transaction, cancellationToken: cancellationToken));

    /// <summary>Locks and reads a collection. Its contract, if any, must be locked before.</summary>
    public static Task<CollectionRow> LockAsync(CommandSession session, Guid id, CancellationToken cancellationToken) =>
        session.Connection.QuerySingleAsync<CollectionRow>(
            new CommandDefinition(LockSql, new { id }, session.Transaction, cancellationToken: cancellationToken));

    /// <summary>Collections of a contract, oldest first.</summary>
    public static async Task<List<CollectionRow>> OfContractAsync(
        NpgsqlConnection connection,
        string contractId,
        NpgsqlTransaction? transaction,
        CancellationToken cancellationToken) =>
        (await connection.QueryAsync<CollectionRow>(new CommandDefinition(
            OfContractSql, new { contractId }, transaction, cancellationToken: cancellationToken))).AsList();

    /// <summary>Collections, newest first.</summary>
    public static async Task<List<CollectionRow>> ListAsync(
        NpgsqlConnection connection,
        string? contractId,
        Guid? cursor,
        int limit,
        CancellationToken cancellationToken) =>
        (await connection.QueryAsync<CollectionRow>(new CommandDefinition(
            ListSql, new { contractId, cursor, limit }, cancellationToken: cancellationToken))).AsList();

    /// <summary>Adds a collection.</summary>
    public static Task InsertAsync(CommandSession session, CollectionRow row, CancellationToken cancellationToken) =>
        session.Connection.ExecuteAsync(
            new CommandDefinition(InsertSql, row, session.Transaction, cancellationToken: cancellationToken));

    /// <summary>Writes a locked collection.</summary>
    public static Task SaveAsync(CommandSession session, CollectionRow row, CancellationToken cancellationToken) =>
        session.Connection.ExecuteAsync(
            new CommandDefinition(SaveSql, row, session.Transaction, cancellationToken: cancellationToken));

    /// <summary>The collection a payment belongs to, or null.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="rail">The rail.</param>
    /// <param name="key">The payment at the rail.</param>
    /// <param name="sessionKey">What the payment was started with, when the message says.</param>
    /// <param name="collectionRef">Our id in the rail's metadata.</param>
    /// <param name="contractRef">The contract in the rail's metadata.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<Guid?> LocateAsync(
        CommandSession session,
        string rail,
        string key,
        string? sessionKey,
        Guid? collectionRef,
        string? contractRef,
        CancellationToken cancellationToken) =>
        session.Connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(
            LocateSql,
            new { rail, key, sessionKey, collectionRef, contractRef },
            session.Transaction,
            cancellationToken: cancellationToken));

    /// <summary>
    /// Takes the next collection that is due, so that no other worker takes it before <paramref name="until" />.
    /// </summary>
    public static Task<CollectionRow?> ClaimDueAsync(
        CommandSession session, DateTimeOffset until, CancellationToken cancellationToken) =>
        session.Connection.QuerySingleOrDefaultAsync<CollectionRow>(new CommandDefinition(
            ClaimDueSql, new { now = session.Now, until }, session.Transaction, cancellationToken: cancellationToken));

    /// <summary>When the next collection is due.</summary>
    public static Task<DateTimeOffset?> NextDueAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<DateTimeOffset?>(
            new CommandDefinition(NextDueSql, cancellationToken: cancellationToken));
}
