using Dapper;
using Decent.Payments.Commands;
using Npgsql;

namespace Decent.Payments.Releases;

/// <summary>Rows of releases.</summary>
internal static class ReleaseStore
{
    private const string Columns = """
        id, contract_id, provider_id, currency, gross_units::text as gross_units, fee_units::text as fee_units,
        net_units::text as net_units, period_start, period_end, payable_at, created_at
        """;

    private const string InsertSql = """
        insert into payments.releases
          (id, contract_id, provider_id, currency, gross_units, fee_units, net_units, period_start, period_end,
           payable_at, created_at)
        values
          (@Id, @ContractId, @ProviderId, @Currency, @GrossUnits, @FeeUnits, @NetUnits, @PeriodStart, @PeriodEnd,
           @PayableAt, @CreatedAt)
        """;

    private const string OfContractSql =
        $"select {Columns} from payments.releases where contract_id = @contractId order by period_end limit @limit";

    private const string ListSql = $"""
        select {Columns} from payments.releases
        where (@providerId::text is null or provider_id = @providerId)
          and (@contractId::text is null or contract_id = @contractId)
          and (@cursor::uuid is null or id < @cursor)
        order by id desc
        limit @limit
        """;

    // The end of the slot in which the last release ended, or the end of service if that is sooner.
    private const string NextEnd = """
        least(service_end, to_timestamp(
          (floor(extract(epoch from coalesce(released_until, service_start)) / @slot) + 1) * @slot))
        """;

    private const string DueSql = $"""
        select id from payments.contracts
        where state = 'active' and {NextEnd} <= @now
        order by released_until nulls first, id
        limit @limit
        """;

    private const string NextDueSql =
        $"select min({NextEnd}) from payments.contracts where state = 'active' having count(*) > 0";

    /// <summary>Adds a release.</summary>
    public static Task InsertAsync(CommandSession session, ReleaseRow row, CancellationToken cancellationToken) =>
        session.Connection.ExecuteAsync(
            new CommandDefinition(InsertSql, row, session.Transaction, cancellationToken: cancellationToken));

    /// <summary>Releases of a contract, oldest first.</summary>
    public static async Task<List<ReleaseRow>> OfContractAsync(
        NpgsqlConnection connection,
        string contractId,
        int limit,
        NpgsqlTransaction? transaction,
        CancellationToken cancellationToken) =>
        (await connection.QueryAsync<ReleaseRow>(new CommandDefinition(
            OfContractSql, new { contractId, limit }, transaction, cancellationToken: cancellationToken))).AsList();

    /// <summary>Releases, newest first.</summary>
    public static async Task<List<ReleaseRow>> ListAsync(
        NpgsqlConnection connection,
        string? providerId,
        string? contractId,
        Guid? cursor,
        int limit,
        CancellationToken cancellationToken) =>
        (await connection.QueryAsync<ReleaseRow>(new CommandDefinition(
            ListSql, new { providerId, contractId, cursor, limit }, cancellationToken: cancellationToken))).AsList();

    /// <summary>Contracts with a slot to release.</summary>
    public static async Task<List<string>> DueAsync(
        NpgsqlConnection connection,
        DateTimeOffset now,
        TimeSpan slot,
        int limit,
        CancellationToken cancellationToken) =>
        (await connection.QueryAsync<string>(new CommandDefinition(
            DueSql,
            new { now, slot = (long)slot.TotalSeconds, limit },
            cancellationToken: cancellationToken))).AsList();

    /// <summary>End of the next slot any contract releases.</summary>
    public static Task<DateTimeOffset?> NextDueAsync(
        NpgsqlConnection connection, TimeSpan slot, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<DateTimeOffset?>(new CommandDefinition(
            NextDueSql, new { slot = (long)slot.TotalSeconds }, cancellationToken: cancellationToken));
}
