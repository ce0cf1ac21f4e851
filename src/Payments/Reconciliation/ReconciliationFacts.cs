using Dapper;
using Npgsql;

namespace Decent.Payments.Reconciliation;

/// <summary>Money of a rail on its way: it may be at the rail already and not in the books, or the other way.</summary>
/// <param name="OpenUnits">Most that collections in progress may have brought, in the currency's smallest unit.</param>
/// <param name="RefundUnits">Most that refunds in progress may have taken, same unit.</param>
/// <param name="FeesUnknown">Settled collections whose fee is not known yet.</param>
/// <param name="Unprocessed">Deliveries of the rail that are stored and not processed.</param>
internal sealed record RailInFlight(Int128 OpenUnits, Int128 RefundUnits, long FeesUnknown, long Unprocessed)
{
    /// <summary>Whether the rail may rightly hold this much more (less, when negative) than the books say.</summary>
    public bool Explains(Int128 difference) => difference > 0
        ? Unprocessed > 0 || difference <= OpenUnits
        : Unprocessed > 0 || FeesUnknown > 0 || -difference <= RefundUnits;
}

/// <summary>What the domain's own tables say, to be held against the books.</summary>
internal sealed class ReconciliationFacts(NpgsqlDataSource dataSource)
{
    private const string RailSql = """
        select
          (select coalesce(sum(c.price_units), 0)::text from payments.collections c
           where c.rail = @rail and c.currency = @currency and c.state in ('starting', 'open')) as open_units,
          (select coalesce(sum(r.units), 0)::text from payments.refunds r
           where r.rail = @rail and r.currency = @currency
             and r.state in ('prepared', 'unknown', 'pending')) as refund_units,
          (select count(*) from payments.collections c
           where c.rail = @rail and c.state = 'settled' and c.fee_units is null) as fees_unknown,
          (select count(*) from payments.inbox i where i.source = @rail and i.state = 'stored') as unprocessed
        """;

    private const string ContractsSql = """
        select id, currency, (paid_units - released_units - refunded_units - dust_units)::text as units
        from payments.contracts
        where id > @after
        order by id
        limit 1000
        """;

    private const string PayablesSql = """
        select provider_id as id, currency, sum(units)::text as units
        from (
          select provider_id, currency, sum(net_units) as units from payments.releases group by provider_id, currency
          union all
          select provider_id, currency, -sum(units) from payments.payouts where state = 'confirmed'
          group by provider_id, currency
        ) x
        group by provider_id, currency
        order by provider_id, currency
        """;

    private const string HoldsSql = """
        select coalesce(sum(units + reserved_fee_units), 0)::text
        from payments.transfers
        where asset = @asset and state not in ('confirmed', 'refused')
        """;

    private const string ClaimsSql = """
        select p.id::text
        from payments.payouts p
        where p.state not in ('cancelled', 'refused')
          and p.units is distinct from (
            select sum(r.net_units) from payments.payout_claims c join payments.releases r on r.id = c.release_id
            where c.payout_id = p.id)
        limit 20
        """;

    /// <summary>What is on its way at a rail.</summary>
    public async Task<RailInFlight> RailAsync(string rail, string currency, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleAsync<RailRow>(
            new CommandDefinition(RailSql, new { rail, currency }, cancellationToken: cancellationToken));
        return new RailInFlight(row.OpenUnits, row.RefundUnits, row.FeesUnknown, row.Unprocessed);
    }

    /// <summary>A page of contracts with what is left in their escrow.</summary>
    public async Task<IReadOnlyList<OwedRow>> ContractsAsync(string after, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<OwedRow>(
            new CommandDefinition(ContractsSql, new { after }, cancellationToken: cancellationToken));
        return rows.AsList();
    }

    /// <summary>What is owed to each provider.</summary>
    public async Task<IReadOnlyList<OwedRow>> PayablesAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<OwedRow>(
            new CommandDefinition(PayablesSql, cancellationToken: cancellationToken));
        return rows.AsList();
    }

    /// <summary>What live transfers reserve on a wallet.</summary>
    public async Task<Int128> HoldsAsync(string asset, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<Int128>(
            new CommandDefinition(HoldsSql, new { asset }, cancellationToken: cancellationToken));
    }

    /// <summary>Payouts whose claimed releases do not sum to them.</summary>
    public async Task<IReadOnlyList<string>> WrongPayoutsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<string>(
            new CommandDefinition(ClaimsSql, cancellationToken: cancellationToken));
        return rows.AsList();
    }

    private sealed class RailRow
    {
        public Int128 OpenUnits { get; init; }

        public Int128 RefundUnits { get; init; }

        public long FeesUnknown { get; init; }

        public long Unprocessed { get; init; }
    }
}

/// <summary>What the domain says is owed.</summary>
internal sealed class OwedRow
{
    public string Id { get; init; } = "";

    public string Currency { get; init; } = "";

    public Int128 Units { get; init; }
}
