using System.Globalization;
using Decent.PriceOracle.Aggregation;

namespace Decent.PriceOracle.Rounds;

/// <summary>Says in one sentence what a round came to and why a price is as it is.</summary>
internal static class Words
{
    /// <summary>What a round came to.</summary>
    public static string OfRound(string asset, Decision decision) => decision.Outcome switch
    {
        Outcomes.Accept when decision.After.Declared =>
            $"The value of {asset} is declared by the operator and no market contradicts it.",
        Outcomes.Accept when decision.Flags.Contains(ReasonCodes.Reanchored, StringComparer.Ordinal) =>
            $"{Venues(decision.After.Venues)} confirmed a large step over several rounds.",
        Outcomes.Accept when decision.Flags.Contains(ReasonCodes.Dominant, StringComparer.Ordinal) =>
            $"The venues disagree; the much deeper one, {Venues(decision.After.Venues)}, is close to the last good price.",
        OperatorActs.Halt => $"{asset} was stopped by an operator.",
        OperatorActs.Resume => $"Two people resumed {asset}; agreeing rounds make its next price.",
        OperatorActs.Manual => $"Two people set the price of {asset} by hand.",
        OperatorActs.Revoke => $"The manual price of {asset} was ended.",
        Outcomes.Accept when decision.Used.Count == 1 => $"{Venues(decision.After.Venues)} alone has a price.",
        Outcomes.Accept => $"{Venues(decision.After.Venues)} agree.",
        var outcome => OfOutcome(outcome, asset, decision.After),
    };

    /// <summary>Why a price reads as it does.</summary>
    public static string OfReading(string asset, FeedState state, TimeSpan? age, AggregationLimits limits) =>
        state.State switch
        {
            PriceState.Bootstrap when state.HaltReason == HaltReasons.Operator =>
                $"{asset} was stopped by an operator before it had a price; two people can resume it.",
            PriceState.Bootstrap when state.ResumedAt is not null =>
                $"Two people resumed {asset}; agreeing rounds make its next price.",
            PriceState.Bootstrap when state.LastOutcome is null => $"No round has been held for {asset} yet.",
            PriceState.Bootstrap =>
                $"There never was a good price of {asset}. {OfOutcome(state.LastOutcome, asset, state)}",
            PriceState.Fresh when state.Declared =>
                $"The value of {asset} is declared by the operator, confirmed {Ago(age)}.",
            PriceState.Fresh when state.Venues.Count == 1 => $"{Venues(state.Venues)} alone made the price {Ago(age)}.",
            PriceState.Fresh => $"{Venues(state.Venues)} agreed {Ago(age)}.",
            PriceState.Stale =>
                $"The last good price is {Span(age)} old, the limit is {Span(limits.MaxAge)}. {Last(asset, state)}".TrimEnd(),
            PriceState.Held => OfOutcome(state.LastOutcome, asset, state),
            _ => OfHalt(asset, state, age, limits),
        };

    private static string OfHalt(string asset, FeedState state, TimeSpan? age, AggregationLimits limits) =>
        state.HaltReason switch
        {
            HaltReasons.Age =>
                $"The last good price is {Span(age)} old; beyond {Span(limits.HaltAfter)} no price is shown. {Last(asset, state)}".TrimEnd(),
            HaltReasons.Clock => "Every source seems to be in the future, so our own clock is wrong.",
            HaltReasons.TripStep =>
                $"The price of {asset} moved more than {Percent(limits.StepHardBps)} at once; two people must look before it resumes.",
            HaltReasons.TripDrift =>
                $"The price of {asset} moved more than {Percent(limits.DriftHardBps)} within a day; two people must look before it resumes.",
            _ => $"The price of {asset} was stopped by an operator; two people can resume it.",
        };

    private static string OfOutcome(string? outcome, string asset, FeedState state) => outcome switch
    {
        Outcomes.None when state.LastCodes.Any(ReasonCodes.ShutsAsset) =>
            $"{asset} is shut because {OfCodes([.. state.LastCodes.Where(ReasonCodes.ShutsAsset)])}.",
        Outcomes.None when state.LastCodes.Count == 0 => "No venue has an answer.",
        Outcomes.None => $"No venue has a usable answer: {OfCodes(state.LastCodes)}.",
        Outcomes.NoQuorum when state.LastCodes.Count == 0 => "One venue alone is not enough for a price.",
        Outcomes.NoQuorum => $"One venue alone is not enough for a price; of the others {OfCodes(state.LastCodes)}.",
        Outcomes.Disagree => "The venues disagree, so there is no price.",
        Outcomes.PendingStep => $"The price of {asset} made a large step and waits for confirmation.",
        Outcomes.BootstrapWait => "The first price waits for confirmation by further rounds.",
        Outcomes.OutOfBand => "What the venues say is far from what the operator expects of a first price.",
        Outcomes.Clock => "Every source seems to be in the future, so our own clock is wrong.",
        Outcomes.TripStep => $"The price of {asset} moved too far at once.",
        Outcomes.TripDrift => $"The price of {asset} moved too far within a day.",
        Outcomes.Halted => $"There is a value for {asset}, but it stays halted.",
        _ => $"{asset} waits for its next round.",
    };

    private static string Last(string asset, FeedState state) =>
        state.LastOutcome is null or Outcomes.Accept ? "No round has been held since."
            : OfOutcome(state.LastOutcome, asset, state);

    private static string OfCodes(IReadOnlyList<string> codes) => string.Join(", ", codes.Select(OfCode));

    private static string OfCode(string code) => code switch
    {
        ReasonCodes.Call => "a canister cannot be reached",
        ReasonCodes.Timeout => "a canister did not answer in time",
        ReasonCodes.Decode => "an answer has an unknown shape",
        ReasonCodes.ErrVariant => "a canister answered with an error",
        ReasonCodes.NotFound => "there is no such pool",
        ReasonCodes.Ambiguous => "several pools answer for one pair",
        ReasonCodes.Removed => "a pool was taken out by its venue",
        ReasonCodes.Unavailable => "a pool is not available",
        ReasonCodes.Sunset => "a venue has closed",
        ReasonCodes.Disabled => "a source is switched off",
        ReasonCodes.Pair => "a pool trades another pair",
        ReasonCodes.Decimals => "a ledger's decimals are not the configured ones",
        ReasonCodes.Symbol => "a ledger's symbol is not the configured one",
        ReasonCodes.Fee => "a ledger's fee is not the configured one",
        ReasonCodes.NonFinite => "a reported price is not a number",
        ReasonCodes.NonPositive => "a price is zero or negative",
        ReasonCodes.Range => "a price cannot be true",
        ReasonCodes.ZeroLiquidity => "a pool is empty",
        ReasonCodes.LowTvl => "too little money is behind a price",
        ReasonCodes.Inconsistent => "an answer contradicts itself",
        ReasonCodes.Stale => "an answer is too old",
        ReasonCodes.Future => "an answer comes from the future",
        ReasonCodes.Coverage => "a window has too few samples",
        ReasonCodes.Moving => "a price is moving fast",
        ReasonCodes.Peg => "a stable asset is off its peg",
        ReasonCodes.Outlier => "a venue is far from the others",
        ReasonCodes.Secondary => "a venue has another route",
        _ => code,
    };

    private static string Venues(IReadOnlyList<string> venues) => venues.Count switch
    {
        0 => "Nobody",
        1 => venues[0],
        _ => string.Join(", ", venues.SkipLast(1)) + " and " + venues[^1],
    };

    private static string Ago(TimeSpan? age) =>
        age is { } span && span < TimeSpan.FromSeconds(1) ? "just now" : $"{Span(age)} ago";

    private static string Span(TimeSpan? span) => span switch
    {
        null => "unknown",
        { TotalSeconds: < 120 } s => Text(s.TotalSeconds, "s"),
        { TotalMinutes: < 120 } s => Text(s.TotalMinutes, "min"),
        { TotalHours: < 48 } s => Text(s.TotalHours, "h"),
        { } s => Text(s.TotalDays, "days"),
    };

    private static string Text(double value, string unit) =>
        Math.Floor(value).ToString("0", CultureInfo.InvariantCulture) + " " + unit;

    private static string Percent(int bps) => (bps / 100m).ToString("0.##", CultureInfo.InvariantCulture) + " %";
}
