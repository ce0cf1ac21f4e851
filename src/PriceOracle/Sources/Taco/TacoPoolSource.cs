using System.Globalization;
using System.Text.Json;
using Decent.Canister.Client;
using Decent.Ledger;
using Decent.PriceOracle.Aggregation;
using Decent.PriceOracle.Settings;

namespace Decent.PriceOracle.Sources.Taco;

/// <summary>
/// A constant-product pool of the TACO exchange. Its floats are compared with the reserves and never used.
/// </summary>
internal sealed class TacoPoolSource(
    TacoSettings settings, Asset baseAsset, Asset quoteAsset, IAgent agent, TimeProvider time) : IPriceSource
{
    private readonly TacoClient _exchange = new(agent, settings.Canister);

    /// <inheritdoc />
    public string Id { get; } = $"{Venues.Taco}:{baseAsset.Code}/{quoteAsset.Code}";

    /// <inheritdoc />
    public string Venue => Venues.Taco;

    /// <inheritdoc />
    public Asset Base => baseAsset;

    /// <inheritdoc />
    public Asset Quote => quoteAsset;

    /// <inheritdoc />
    public DateTimeOffset? SunsetAt => null;

    /// <inheritdoc />
    public async Task<Observation> SampleAsync(CancellationToken cancellationToken)
    {
        try
        {
            var pools = await _exchange.GetAllAmmPoolsAsync(cancellationToken);
            var at = time.GetUtcNow();
            var ours = pools.Select(p => (Pool: p, Reserve: ToReservePool(p)))
                .Where(p => p.Reserve.Trades(baseAsset.LedgerCanister!.ToText(), quoteAsset.LedgerCanister!.ToText()))
                .ToList();
            var observation = ReservePool.Judge(ours.Select(p => p.Reserve), baseAsset, quoteAsset)
                .ToObservation(Id, at)
                with
            { Raw = Raw(ours.ConvertAll(p => p.Pool)) };
            return observation.IsOk ? observation with { Flags = [ReasonCodes.Uncertified] } : observation;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return PoolVerdict.Refuse(VenueFaults.CodeOf(e), e.Message).ToObservation(Id, time.GetUtcNow());
        }
    }

    private static ReservePool ToReservePool(TacoPool pool) => new(
        pool.Token0, pool.Reserve0, pool.Token1, pool.Reserve1,
        new ReportedPrice([pool.Price0, pool.Price1], RawRatioAllowed: true));

    private static string Raw(IReadOnlyList<TacoPool> pools) => JsonSerializer.Serialize(pools.Select(p => new
    {
        token0 = p.Token0,
        token1 = p.Token1,
        reserve0 = p.Reserve0.ToString(CultureInfo.InvariantCulture),
        reserve1 = p.Reserve1.ToString(CultureInfo.InvariantCulture),
        price0 = p.Price0.ToString("R", CultureInfo.InvariantCulture),
        price1 = p.Price1.ToString("R", CultureInfo.InvariantCulture),
    }));
}
