using Decent.Ledger;
using Decent.PriceOracle.Aggregation;
using Decent.PriceOracle.Settings;

namespace Decent.PriceOracle.Sources.KongSwap;

/// <summary>
/// KongSwap. The venue has closed: what its canister may still answer is no market's price, so it is not asked. The
/// source stays so that routes of the past keep their name and say why they are silent.
/// </summary>
internal sealed class KongPoolSource(KongSettings settings, Asset baseAsset, Asset quoteAsset, TimeProvider time)
    : IPriceSource
{
    /// <inheritdoc />
    public string Id { get; } = $"{Venues.KongSwap}:{baseAsset.Code}/{quoteAsset.Code}";

    /// <inheritdoc />
    public string Venue => Venues.KongSwap;

    /// <inheritdoc />
    public Asset Base => baseAsset;

    /// <inheritdoc />
    public Asset Quote => quoteAsset;

    /// <inheritdoc />
    public DateTimeOffset? SunsetAt => settings.SunsetAt;

    /// <inheritdoc />
    public Task<Observation> SampleAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return Task.FromResult(now >= settings.SunsetAt
            ? PoolVerdict.Refuse(ReasonCodes.Sunset, $"The venue closed on {settings.SunsetAt:yyyy-MM-dd}.")
                .ToObservation(Id, now)
            : PoolVerdict.Refuse(ReasonCodes.Disabled, "The venue is closing; it is not asked.")
                .ToObservation(Id, now));
    }
}
