using System.Numerics;

namespace Decent.PriceOracle.Aggregation;

/// <summary>
/// Decides a round. A pure function: the same input gives the same decision on every machine and at any later time,
/// and the order of the candidates does not matter.
/// </summary>
internal static class Aggregator
{
    /// <summary>Decides.</summary>
    public static Decision Decide(RoundInput input)
    {
        if (input.Act is { } act)
        {
            return OperatorActs.Decide(input, act);
        }

        var before = input.Before.AgedTo(input.Now, input.Limits);
        var (votes, rejected) = Screening.Screen(input);
        if (input.DeclaredE18 is { } declared)
        {
            return DeclaredFeed.Decide(input, before, declared, votes, rejected);
        }

        var result = Quorum.Agree(votes, before.LastGoodE18, input.Limits);
        rejected.AddRange(result.Outliers.Select(c => new Rejection(c.Source, ReasonCodes.Outlier)));
        rejected.Sort((a, b) => string.CompareOrdinal(a.Source, b.Source));
        return result.Failure is { } failure
            ? WithoutValue(failure, before, rejected)
            : WithValue(input, before, result, rejected);
    }

    /// <summary>A round that came to no value.</summary>
    internal static Decision WithoutValue(string failure, FeedState before, IReadOnlyList<Rejection> rejected)
    {
        var clockIsWrong = failure == Outcomes.None && rejected.Count > 0
            && rejected.All(r => r.Code == ReasonCodes.Future);
        var outcome = clockIsWrong ? Outcomes.Clock : failure;

        // A value that waits for confirmation must be confirmed by rounds in a row; this one was not.
        var after = Remember(before with { PendingE18 = [] }, outcome, rejected);
        if (before.State is PriceState.Bootstrap or PriceState.Halted)
        {
            return new Decision(outcome, [], rejected, [], null, null, after);
        }

        after = (outcome, rejected.Any(r => ReasonCodes.ShutsAsset(r.Code))) switch
        {
            (Outcomes.Clock, _) => after with { State = PriceState.Halted, HaltReason = HaltReasons.Clock },
            (Outcomes.Disagree, _) or (_, true) => after with { State = PriceState.Held },

            // Nothing new is known: fresh stays fresh while young, held stays held until a price is accepted.
            _ => after,
        };
        return new Decision(outcome, [], rejected, [], null, null, after);
    }

    private static Decision WithValue(
        RoundInput input, FeedState before, Quorum.Result result, IReadOnlyList<Rejection> rejected)
    {
        var limits = input.Limits;
        var value = result.ValueE18;
        var round =
            new Round(before, result, rejected, value, Quorum.ConfidenceOf(result), Confirmations(result, limits));
        if (before.LastGoodE18 is not { } last)
        {
            return Bootstrap(input, round);
        }

        var step = E18.StepBps(value, last);
        if (step > limits.StepHardBps)
        {
            return round.Trip(Outcomes.TripStep, HaltReasons.TripStep);
        }

        if (input.DayAgoE18 is { } dayAgo && dayAgo.Sign > 0 && E18.StepBps(value, dayAgo) > limits.DriftHardBps)
        {
            return round.Trip(Outcomes.TripDrift, HaltReasons.TripDrift);
        }

        if (before.State == PriceState.Halted)
        {
            return AfterHalt(input, round, step <= limits.StepSoftBps);
        }

        if (step <= limits.StepSoftBps)
        {
            return round.Accept(input.Now, [], before.GraceRounds > 0 ? before.GraceRounds - 1 : 0);
        }

        var pending = round.Pending(limits);
        return Confirmed(pending, round.Confirmations, limits)
            ? round.Accept(input.Now, [ReasonCodes.Reanchored], before.GraceRounds)
            : round.Wait(Outcomes.PendingStep, PriceState.Held, pending);
    }

    private static Decision Bootstrap(RoundInput input, Round round)
    {
        var limits = input.Limits;
        if (round.Before.HaltReason == HaltReasons.Operator)
        {
            return round.Wait(Outcomes.Halted, PriceState.Bootstrap, []);
        }

        if (input.ExpectedE18 is { } expected && E18.Bps(round.Value, expected, expected) > limits.ExpectedBandBps)
        {
            return round.Wait(Outcomes.OutOfBand, PriceState.Bootstrap, []);
        }

        var pending = round.Pending(limits);
        return Confirmed(pending, round.Confirmations, limits)
            ? round.Accept(input.Now, [], round.Before.GraceRounds)
            : round.Wait(Outcomes.BootstrapWait, PriceState.Bootstrap, pending);
    }

    private static Decision AfterHalt(RoundInput input, Round round, bool withinSoftStep)
    {
        var limits = input.Limits;
        if (!HaltReasons.EndsByItself(round.Before.HaltReason) || !withinSoftStep)
        {
            return round.Wait(Outcomes.Halted, PriceState.Halted, []);
        }

        var pending = round.Pending(limits);
        return Confirmed(pending, round.Confirmations, limits)
            ? round.Accept(input.Now, [], limits.GraceRounds)
            : round.Wait(Outcomes.Halted, PriceState.Halted, pending);
    }

    private static int Confirmations(Quorum.Result result, AggregationLimits limits) =>
        result.Used.Count > 1 ? limits.ConfirmRounds : limits.ConfirmRoundsSingle;

    private static bool Confirmed(IReadOnlyList<BigInteger> pending, int rounds, AggregationLimits limits)
    {
        if (pending.Count < rounds)
        {
            return false;
        }

        var last = pending.TakeLast(rounds).ToList();
        return E18.SpreadBps(last.Max(), last.Min()) <= limits.ConfirmSpreadBps;
    }

    private static FeedState Remember(FeedState state, string outcome, IReadOnlyList<Rejection> rejected) => state with
    {
        LastOutcome = outcome,
        LastCodes = [.. rejected.Select(r => r.Code).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
    };

    /// <summary>A round that has a value, and the ways it can end.</summary>
    internal sealed record Round(
        FeedState Before,
        Quorum.Result Result,
        IReadOnlyList<Rejection> Rejected,
        BigInteger Value,
        BigInteger Confidence,
        int Confirmations)
    {
        public List<BigInteger> Pending(AggregationLimits limits) =>
            [.. Before.PendingE18.Append(Value).TakeLast(Math.Max(limits.ConfirmRounds, limits.ConfirmRoundsSingle))];

        public Decision Accept(DateTimeOffset now, IReadOnlyList<string> more, int grace, bool declared = false)
        {
            var flags = Flags(more);
            return Decide(Outcomes.Accept, flags, Before with
            {
                State = PriceState.Fresh,
                LastGoodE18 = Value,
                LastGoodAt = now,
                LastGoodRound = null,
                PendingE18 = [],
                HaltReason = null,
                GraceRounds = grace,
                Venues = [.. Result.Used.Select(c => c.Venue).Distinct(StringComparer.Ordinal)],
                Flags = flags,
                ConfidenceE18 = Confidence,
                TvlUsdE6 = Result.Used.Count == 0 ? 0 : Result.Used.Min(c => c.TvlUsdE6),
                Declared = declared,
                Manual = Before.Manual is { ClearsOnAccept: true } manual && manual.IsInForce(now) ? null
                    : Before.Manual,
            });
        }

        public Decision Wait(string outcome, PriceState state, IReadOnlyList<BigInteger> pending) =>
            Decide(outcome, Flags([]), Before with { State = state, PendingE18 = pending });

        public Decision Trip(string outcome, string haltReason) => Decide(
            outcome, Flags([]), Before with { State = PriceState.Halted, HaltReason = haltReason, PendingE18 = [] });

        private Decision Decide(string outcome, IReadOnlyList<string> flags, FeedState after) => new(
            outcome,
            [.. Result.Used.Select(c => c.Source)],
            Rejected,
            flags,
            Value,
            Confidence,
            Remember(after, outcome, Rejected));

        private List<string> Flags(IReadOnlyList<string> more) =>
        [
            .. Result.Flags.Concat(more).Concat(Result.Used.SelectMany(c => c.Flags))
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
    }
}
