using System.Numerics;

namespace Decent.PriceOracle.Aggregation;

/// <summary>Finds the one value that venues agree on, if there is one.</summary>
internal static class Quorum
{
    /// <summary>Result of a vote.</summary>
    /// <param name="Failure">Outcome when there is no value; null when there is one.</param>
    /// <param name="ValueE18">The value.</param>
    /// <param name="Used">Votes behind it.</param>
    /// <param name="Outliers">Votes that were set aside.</param>
    /// <param name="Flags">Codes that qualify it.</param>
    public sealed record Result(
        string? Failure, BigInteger ValueE18, IReadOnlyList<Candidate> Used, IReadOnlyList<Candidate> Outliers,
        IReadOnlyList<string> Flags);

    /// <summary>Votes, one per venue.</summary>
    public static Result Agree(IReadOnlyList<Candidate> votes, BigInteger? lastGoodE18, AggregationLimits limits)
    {
        var result = votes.Count switch
        {
            0 => Fail(Outcomes.None),
            1 => One(votes[0], limits),
            2 => Two(votes[0], votes[1], lastGoodE18, limits),
            _ => Many(votes, limits),
        };
        return result.Failure is null && ConfidenceOf(result) * 10_000 > result.ValueE18 * limits.ConfidenceMaxBps
            ? Fail(Outcomes.Disagree)
            : result;
    }

    /// <summary>The larger of the farthest vote and the widest window.</summary>
    public static BigInteger ConfidenceOf(Result result) =>
        result.Used
            .Select(c => BigInteger.Max(BigInteger.Abs(result.ValueE18 - Value(c)), c.HalfWidthE18))
            .Aggregate(BigInteger.Zero, BigInteger.Max);

    private static Result One(Candidate vote, AggregationLimits limits) =>
        limits.AllowSingleVenue
            ? new Result(null, Value(vote), [vote], [], [ReasonCodes.SingleVenue])
            : Fail(Outcomes.NoQuorum);

    private static Result Two(Candidate left, Candidate right, BigInteger? lastGoodE18, AggregationLimits limits)
    {
        if (E18.SpreadBps(Value(left), Value(right)) <= limits.AgreementBps)
        {
            return new Result(null, DepthWeightedMean(left, right), [left, right], [], []);
        }

        var (deeper, other) = left.DepthUsdE6 >= right.DepthUsdE6 ? (left, right) : (right, left);
        var dominant = limits.AllowSingleVenue
            && deeper.DepthUsdE6.Sign > 0
            && deeper.DepthUsdE6 >= other.DepthUsdE6 * limits.DominanceRatio
            && lastGoodE18 is { } last
            && E18.StepBps(Value(deeper), last) <= limits.DominantMaxBps;
        return dominant
            ? new Result(null, Value(deeper), [deeper], [other], [ReasonCodes.Dominant])
            : Fail(Outcomes.Disagree);
    }

    private static Result Many(IReadOnlyList<Candidate> votes, AggregationLimits limits)
    {
        var median = E18.Median([.. votes.Select(Value)]);
        var near = votes.Where(c => E18.Bps(Value(c), median, median) <= limits.OutlierBps).ToList();
        if (near.Count < 2 || near.Count * 2 <= votes.Count)
        {
            return Fail(Outcomes.Disagree);
        }

        var values = near.ConvertAll(Value);
        var value = E18.Median(values);

        // Two that are left over must agree as two that were alone from the start.
        var spreadsTooFar = near.Count == 2
            ? E18.SpreadBps(values[0], values[1]) > limits.AgreementBps
            : E18.Bps(values.Max(), values.Min(), value) > limits.SpreadMaxBps;
        return spreadsTooFar
            ? Fail(Outcomes.Disagree)
            : new Result(null, value, near, [.. votes.Except(near)], []);
    }

    private static BigInteger DepthWeightedMean(Candidate left, Candidate right)
    {
        var weight = left.DepthUsdE6 + right.DepthUsdE6;
        return weight.IsZero
            ? (Value(left) + Value(right)) / 2
            : ((Value(left) * left.DepthUsdE6) + (Value(right) * right.DepthUsdE6)) / weight;
    }

    private static BigInteger Value(Candidate candidate) => candidate.TwmE18!.Value;

    private static Result Fail(string outcome) => new(outcome, BigInteger.Zero, [], [], []);
}
