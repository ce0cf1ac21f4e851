using System.Numerics;
using Decent.Ledger;
using Decent.PriceOracle.Aggregation;
using Decent.PriceOracle.Settings;

namespace Decent.PriceOracle.Sources;

/// <summary>Combines the answers along a route into one US dollar value.</summary>
internal static class Routes
{
    private const int MaxPriceBits = 140;

    /// <summary>
    /// The sample of a route: the product of its legs and the declared value of the stable end, rounded once. Money
    /// behind it is that of the poorest leg. The first leg without a price names the reason.
    /// </summary>
    /// <param name="route">The route.</param>
    /// <param name="observations">Answers by source id.</param>
    /// <param name="stableUsdE18">Declared value of the stable end.</param>
    /// <param name="now">Business time, when there is no answer at all.</param>
    public static RouteSample Combine(
        RouteSettings route, IReadOnlyDictionary<string, Observation> observations, BigInteger stableUsdE18,
        DateTimeOffset now)
    {
        var legs = new List<Observation>();
        foreach (var id in route.SourceIds)
        {
            if (!observations.TryGetValue(id, out var leg))
            {
                return new RouteSample(now, ReasonCodes.NotFound, null, 0, 0, []);
            }

            if (!leg.IsOk)
            {
                return new RouteSample(leg.ObservedAt, leg.Code == ReasonCodes.Ok ? ReasonCodes.Decode
                    : leg.Code, null, 0, 0, []);
            }

            legs.Add(leg);
        }

        var price = E18.Product([.. legs.Select(l => l.PriceE18!.Value), stableUsdE18]);
        var at = legs.Min(l => l.ObservedAt);
        if (price.Sign <= 0 || price.GetBitLength() > MaxPriceBits)
        {
            return new RouteSample(at, ReasonCodes.Range, null, 0, 0, []);
        }

        var tvl = BigInteger.MinusOne;
        var depth = BigInteger.MinusOne;
        for (var i = 0; i < legs.Count; i++)
        {
            var quoteUsd = E18.Product([.. legs.Skip(i + 1).Select(l => l.PriceE18!.Value), stableUsdE18]);
            tvl = Smaller(tvl, UsdE6(legs[i].TvlQuoteE18, quoteUsd));
            depth = Smaller(depth, UsdE6(legs[i].DepthQuoteE18, quoteUsd));
        }

        List<string> flags =
        [
            .. legs.SelectMany(l => l.Flags).Append(ReasonCodes.PegUnknown)
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
        return new RouteSample(at, ReasonCodes.Ok, price, tvl, depth, flags);
    }

    /// <summary>
    /// What venues say one common token costs in a stable asset, so that they can be checked against each other. The
    /// token that most venues trade is taken, by code when several are.
    /// </summary>
    /// <param name="stable">The stable asset.</param>
    /// <param name="stableUsdE18">Its declared value.</param>
    /// <param name="sources">All sources.</param>
    /// <param name="observations">Answers by source id.</param>
    public static IReadOnlyList<Candidate> CrossChecks(
        Asset stable,
        BigInteger stableUsdE18,
        IEnumerable<IPriceSource> sources,
        IReadOnlyDictionary<string, Observation> observations)
    {
        var common = sources
            .Where(s => s.Quote == stable && observations.TryGetValue(s.Id, out var o) && o.IsOk)
            .GroupBy(s => s.Base)
            .OrderByDescending(g => g.DistinctBy(s => s.Venue, StringComparer.Ordinal).Count())
            .ThenBy(g => g.Key.Code, StringComparer.Ordinal)
            .FirstOrDefault();
        return common is null ? [] : [.. common.Select(s => CrossCheck(s, observations[s.Id], stableUsdE18))];
    }

    private static Candidate CrossCheck(IPriceSource source, Observation observation, BigInteger stableUsdE18)
    {
        var price = E18.Product([observation.PriceE18!.Value, stableUsdE18]);
        return new Candidate
        {
            Source = source.Id,
            Venue = source.Venue,
            TwmE18 = price,
            SpotE18 = price,
            TvlUsdE6 = UsdE6(observation.TvlQuoteE18, stableUsdE18),
            DepthUsdE6 = UsdE6(observation.DepthQuoteE18, stableUsdE18),
            ObservedAt = observation.ObservedAt,
            Flags = observation.Flags,
        };
    }

    private static BigInteger UsdE6(BigInteger quoteE18, BigInteger quoteUsdE18) =>
        quoteE18 * quoteUsdE18 / E18.One / E18.PerE6;

    private static BigInteger Smaller(BigInteger left, BigInteger right) =>
        left.Sign < 0 || right < left ? right : left;
}
