using Dapper;
using Decent.PriceOracle.Sources;

namespace Decent.PriceOracle.Rounds;

/// <inheritdoc cref="IPoolPins" />
internal sealed class PoolPins(OracleStore store) : IPoolPins
{
    private const string FindSql =
        "select pool_id, ledger0, ledger1, fee, checked_at from prices.pools where source_id = @sourceId";

    private const string PinSql = """
        insert into prices.pools (source_id, pool_id, ledger0, ledger1, fee, pinned_at, checked_at)
        values (@sourceId, @poolId, @ledger0, @ledger1, @fee, @at, @at)
        on conflict (source_id) do nothing
        """;

    /// <inheritdoc />
    public async Task<PoolPin?> FindAsync(string sourceId, CancellationToken cancellationToken)
    {
        await using var connection = await store.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<PinRow>(new CommandDefinition(
            FindSql, new { sourceId }, cancellationToken: cancellationToken)) is { } row
            ? new PoolPin(row.PoolId, row.Ledger0, row.Ledger1, row.Fee, row.CheckedAt)
            : null;
    }

    /// <inheritdoc />
    public async Task<PoolPin> PinAsync(string sourceId, PoolPin pin, CancellationToken cancellationToken)
    {
        await using (var connection = await store.OpenAsync(cancellationToken))
        {
            await connection.ExecuteAsync(new CommandDefinition(
                PinSql,
                new
                {
                    sourceId,
                    poolId = pin.PoolId,
                    ledger0 = pin.Ledger0,
                    ledger1 = pin.Ledger1,
                    fee = pin.Fee,
                    at = pin.CheckedAt,
                },
                cancellationToken: cancellationToken));
        }

        return await FindAsync(sourceId, cancellationToken)
            ?? throw new InvalidOperationException($"The pool of {sourceId} was not kept.");
    }

    /// <inheritdoc />
    public async Task ConfirmAsync(string sourceId, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var connection = await store.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "update prices.pools set checked_at = @at where source_id = @sourceId",
            new { sourceId, at },
            cancellationToken: cancellationToken));
    }

    private sealed class PinRow
    {
        public string PoolId { get; init; } = "";

        public string Ledger0 { get; init; } = "";

        public string Ledger1 { get; init; } = "";

        public int Fee { get; init; }

        public DateTimeOffset CheckedAt { get; init; }
    }
}
