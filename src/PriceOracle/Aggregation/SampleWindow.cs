using System.Numerics;

namespace Decent.PriceOracle.Aggregation;

/// <summary>One sample of a route.</summary>
/// <param name="At">Business time.</param>
/// <param name="Code"><c>OK</c> or the reason why there is no price.</param>
/// <param name="PriceE18">US dollars × 10^18; null unless OK.</param>
/// <param name="TvlUsdE6">Money behind it, US dollars × 10^6.</param>
/// <param name="DepthUsdE6">Money that moves it by 2 %, US dollars × 10^6.</param>
/// <param name="Flags">Codes that qualify it.</param>
internal sealed record RouteSample(
    DateTimeOffset At, string Code, BigInteger? PriceE18, BigInteger TvlUsdE6, BigInteger DepthUsdE6,
    IReadOnlyList<string> Flags);

/// <summary>
/// Turns the samples of a route into its candidate: the time-weighted median over the window, so that a spike has to
/// last more than half of the window before it counts.
/// </summary>
internal static class SampleWindow
{
    /// <summary>Builds the candidate.</summary>
    /// <param name="source">Id of the route.</param>
    /// <param name="venue">Its venue.</param>
    /// <param name="samples">Samples, any order; those outside the window are ignored.</param>
    /// <param name="now">Business time of the round.</param>
    /// <param name="window">Length of the window; zero takes the last sample alone.</param>
    /// <param name="interval">Planned distance of samples; a sample stands for at most two of them.</param>
    public static Candidate Candidate(
        string source, string venue, IEnumerable<RouteSample> samples, DateTimeOffset now, TimeSpan window,
        TimeSpan interval)
    {
        var ordered = samples.Where(s => window == TimeSpan.Zero || s.At > now - window).OrderBy(s => s.At).ToList();
        if (ordered.Count == 0)
        {
            return new Candidate { Source = source, Venue = venue, ObservedAt = now, Error = ReasonCodes.NotFound };
        }

        var last = ordered[^1];
        var spot = window == TimeSpan.Zero || !ReasonCodes.IsTransient(last.Code) ? last
            : ordered.LastOrDefault(IsGood) ?? last;
        if (!IsGood(spot))
        {
            return new Candidate { Source = source, Venue = venue, ObservedAt = spot.At, Error = spot.Code };
        }

        var weighted = window == TimeSpan.Zero
            ? [(spot.PriceE18!.Value, 1L)]
            : Weighted(ordered, now, interval);
        var covered = weighted.Sum(w => w.Weight);
        return new Candidate
        {
            Source = source,
            Venue = venue,
            TwmE18 = covered == 0 ? spot.PriceE18 : Quantile(weighted, 2, 4),
            SpotE18 = spot.PriceE18,
            TvlUsdE6 = spot.TvlUsdE6,
            DepthUsdE6 = spot.DepthUsdE6,
            ObservedAt = spot.At,
            CoverageBps = window == TimeSpan.Zero ? 10_000
                : (int)Int128.Min(10_000, (Int128)covered * 10_000 / window.Ticks),
            HalfWidthE18 = covered == 0 ? 0 : (Quantile(weighted, 3, 4) - Quantile(weighted, 1, 4)) / 2,
            Flags = spot.Flags,
        };
    }

    private static List<(BigInteger Price, long Weight)> Weighted(
        IReadOnlyList<RouteSample> ordered, DateTimeOffset now, TimeSpan interval)
    {
        var cap = interval.Ticks * 2;
        var weighted = new List<(BigInteger Price, long Weight)>(ordered.Count);
        for (var i = 0; i < ordered.Count; i++)
        {
            if (IsGood(ordered[i]))
            {
                var until = i + 1 < ordered.Count ? ordered[i + 1].At : now;
                weighted.Add((ordered[i].PriceE18!.Value, Math.Clamp((until - ordered[i].At).Ticks, 0, cap)));
            }
        }

        weighted.Sort((a, b) => a.Price.CompareTo(b.Price));
        return weighted;
    }

    /// <summary>Weighted quantile of sorted prices; exactly between two prices it is the floor of their mean.</summary>
    private static BigInteger Quantile(IReadOnlyList<(BigInteger Price, long Weight)> sorted, int part, int parts)
    {
        var target = (Int128)sorted.Sum(s => s.Weight) * part;
        var seen = Int128.Zero;
        for (var i = 0; i < sorted.Count; i++)
        {
            seen += (Int128)sorted[i].Weight * parts;
            if (seen > target)
            {
                return sorted[i].Price;
            }

            if (seen == target && sorted[i].Weight > 0)
            {
                var next = i + 1;
                while (next < sorted.Count && sorted[next].Weight == 0)
                {
                    next++;
                }

                return next < sorted.Count ? (sorted[i].Price + sorted[next].Price) / 2 : sorted[i].Price;
            }
        }

        return sorted[^1].Price;
    }

    private static bool IsGood(RouteSample sample) => sample.Code == ReasonCodes.Ok && sample.PriceE18 is not null;
}
