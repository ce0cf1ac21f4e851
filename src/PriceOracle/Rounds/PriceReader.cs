using Dapper;
using Decent.Ledger;
using Decent.PriceOracle.Aggregation;
using Decent.PriceOracle.Settings;

namespace Decent.PriceOracle.Rounds;

/// <inheritdoc cref="IPriceReader" />
internal sealed class PriceReader(OracleSettings settings, OracleStore store, TimeProvider time) : IPriceReader
{
    private const string StatesSql = "select asset, body::text from prices.states where asset = any(@assets)";

    /// <inheritdoc />
    public async Task<PriceReading> CurrentAsync(Asset asset, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asset);
        return (await ReadAsync([asset], cancellationToken))[0];
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<PriceReading>> AllAsync(CancellationToken cancellationToken) =>
        ReadAsync([.. settings.Feeds.Select(f => f.Asset)], cancellationToken);

    private async Task<IReadOnlyList<PriceReading>> ReadAsync(IReadOnlyList<Asset> assets,
        CancellationToken cancellationToken)
    {
        await using var connection = await store.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<(string Asset, string Body)>(new CommandDefinition(
            StatesSql, new { assets = assets.Select(a => a.Code).ToArray() }, cancellationToken: cancellationToken));
        var states = rows.ToDictionary(r => r.Asset, r => RoundJson.Read<FeedState>(r.Body), StringComparer.Ordinal);
        var now = time.GetUtcNow();
        return [.. assets.Select(a => Readings.Of(
            a, IsPriced(a) ? states.GetValueOrDefault(a.Code, FeedState.Initial)
                : FeedState.Initial, now, settings.Limits, settings.Gate))];
    }

    // What is no longer configured is no longer checked, whatever was known of it.
    private bool IsPriced(Asset asset) => settings.Feeds.Any(f => f.Asset == asset);
}
