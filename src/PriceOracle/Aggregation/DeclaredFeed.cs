using System.Numerics;

namespace Decent.PriceOracle.Aggregation;

/// <summary>
/// The price of a stable asset whose value the operator declared. Markets cannot measure a dollar, but they can
/// contradict each other: when two venues trade the asset against the same token and do not agree, nothing is known.
/// </summary>
internal static class DeclaredFeed
{
    /// <summary>
    /// Decides a round of a declared asset. Votes are what each venue says the common token costs in it.
    /// </summary>
    public static Decision Decide(
        RoundInput input, FeedState before, BigInteger declared, IReadOnlyList<Candidate> votes,
        IReadOnlyList<Rejection> rejected)
    {
        if (rejected.Any(r => ReasonCodes.ShutsAsset(r.Code)))
        {
            return Aggregator.WithoutValue(Outcomes.None, before, rejected);
        }

        if (votes.Count > 1)
        {
            var values = votes.Select(v => v.TwmE18!.Value).ToList();
            if (E18.SpreadBps(values.Max(), values.Min()) > input.Limits.AgreementBps)
            {
                return Aggregator.WithoutValue(Outcomes.Disagree, before, rejected);
            }
        }

        var result = new Quorum.Result(null, declared, votes, [], [ReasonCodes.PegUnknown]);
        var round = new Aggregator.Round(before, result, rejected, declared, BigInteger.Zero, 1);
        return before.HaltReason is { } reason && !HaltReasons.EndsByItself(reason)
            ? round.Wait(Outcomes.Halted, before.State, [])
            : round.Accept(input.Now, [], 0, declared: true);
    }
}
