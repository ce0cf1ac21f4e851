using System.Numerics;

namespace Decent.PriceOracle.Aggregation;

/// <summary>Which candidates may vote: each is checked alone, then every venue keeps one vote.</summary>
internal static class Screening
{
    /// <summary>Splits candidates into votes, ordered by source, and rejections.</summary>
    public static (List<Candidate> Votes, List<Rejection> Rejected) Screen(RoundInput input)
    {
        var passed = new List<Candidate>();
        var rejected = new List<Rejection>();
        foreach (var group in input.Candidates.GroupBy(c => c.Source, StringComparer.Ordinal))
        {
            // Two answers under one name cannot both be right, and nothing says which is.
            var candidate = group.First();
            var code = group.Skip(1).Any() ? ReasonCodes.Ambiguous : Fault(candidate, input.Now, input.Limits);
            if (code is null)
            {
                passed.Add(candidate);
            }
            else
            {
                rejected.Add(new Rejection(group.Key, code));
            }
        }

        var votes = new List<Candidate>();
        foreach (var venue in passed.GroupBy(c => c.Venue, StringComparer.Ordinal))
        {
            var ranked = venue.OrderByDescending(c => c.DepthUsdE6).ThenBy(c => c.Source, StringComparer.Ordinal)
                .ToList();
            votes.Add(ranked[0]);
            rejected.AddRange(ranked.Skip(1).Select(c => new Rejection(c.Source, ReasonCodes.Secondary)));
        }

        votes.Sort((a, b) => string.CompareOrdinal(a.Source, b.Source));
        rejected.Sort((a, b) => string.CompareOrdinal(a.Source, b.Source));
        return (votes, rejected);
    }

    /// <summary>Why a candidate has no vote, or null.</summary>
    public static string? Fault(Candidate candidate, DateTimeOffset now, AggregationLimits limits)
    {
        if (candidate.Error is { } error)
        {
            return error;
        }

        if (candidate.ObservedAt - now > limits.FutureSkew)
        {
            return ReasonCodes.Future;
        }

        if (now - candidate.ObservedAt > limits.ObservationMaxAge)
        {
            return ReasonCodes.Stale;
        }

        if (candidate.TwmE18 is not { } twm || candidate.SpotE18 is not { } spot || twm.Sign <= 0 || spot.Sign <= 0)
        {
            return ReasonCodes.NonPositive;
        }

        if (!InRange(twm, limits) || !InRange(spot, limits))
        {
            return ReasonCodes.Range;
        }

        if (candidate.TvlUsdE6 < limits.MinTvlUsdE6 || candidate.DepthUsdE6.Sign < 0)
        {
            return ReasonCodes.LowTvl;
        }

        if (candidate.CoverageBps < limits.MinCoverageBps)
        {
            return ReasonCodes.Coverage;
        }

        return E18.Bps(spot, twm, twm) > limits.SpotMaxBps ? ReasonCodes.Moving : null;
    }

    private static bool InRange(BigInteger price, AggregationLimits limits) =>
        price >= limits.AbsoluteMinE18 && price <= limits.AbsoluteMaxE18;
}
