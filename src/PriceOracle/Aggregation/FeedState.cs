using System.Numerics;
using System.Text.Json.Serialization;

namespace Decent.PriceOracle.Aggregation;

/// <summary>Everything a feed remembers between rounds. It is stored whole and restored exactly.</summary>
internal sealed record FeedState
{
    /// <summary>A feed that never had a price.</summary>
    public static FeedState Initial { get; } = new();

    /// <summary>State after the last round; age since then is not yet taken into account.</summary>
    public PriceState State { get; init; } = PriceState.Bootstrap;

    /// <summary>Last accepted price, US dollars × 10^18.</summary>
    public BigInteger? LastGoodE18 { get; init; }

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset? LastGoodAt { get; init; }

    /// <summary>The round that accepted it.</summary>
    public long? LastGoodRound { get; init; }

    /// <summary>Values waiting for confirmation, oldest first.</summary>
    public IReadOnlyList<BigInteger> PendingE18 { get; init; } = [];

    /// <summary>
    /// Why the feed is halted: <c>AGE</c>, <c>CLOCK</c>, <c>TRIP_STEP</c>, <c>TRIP_DRIFT</c>, <c>OPERATOR</c>.
    /// </summary>
    public string? HaltReason { get; init; }

    /// <summary>Accepted rounds still to come before money may be paid after a halt.</summary>
    public int GraceRounds { get; init; }

    /// <summary>Venues behind the last accepted price.</summary>
    public IReadOnlyList<string> Venues { get; init; } = [];

    /// <summary>Flags of the last accepted price.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>Half-width of the opinions behind the last accepted price, US dollars × 10^18.</summary>
    public BigInteger ConfidenceE18 { get; init; }

    /// <summary>Smallest amount behind a used venue, US dollars × 10^6.</summary>
    public BigInteger TvlUsdE6 { get; init; }

    /// <summary>True when the last accepted price is an operator's declaration, not a measurement.</summary>
    public bool Declared { get; init; }

    /// <summary>Outcome of the last round; null before the first.</summary>
    public string? LastOutcome { get; init; }

    /// <summary>Codes of the candidates the last round did not count.</summary>
    public IReadOnlyList<string> LastCodes { get; init; } = [];

    /// <summary>A price set by hand, in force or not; it lies over the market's price and does not change it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ManualPrice? Manual { get; init; }

    /// <summary>When people last resumed the feed; prices before do not measure drift.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ResumedAt { get; init; }

    /// <summary>Age of the last good price; never negative, null when there is none.</summary>
    public TimeSpan? AgeAt(DateTimeOffset now) =>
        LastGoodAt is not { } at ? null : now > at ? now - at : TimeSpan.Zero;

    /// <summary>The state as it is at an instant: time alone makes prices stale and halts them.</summary>
    public FeedState AgedTo(DateTimeOffset now, AggregationLimits limits)
    {
        if (AgeAt(now) is not { } age || State is PriceState.Bootstrap or PriceState.Halted)
        {
            return this;
        }

        if (age > limits.HaltAfter)
        {
            return this with { State = PriceState.Halted, HaltReason = HaltReasons.Age, PendingE18 = [] };
        }

        return State == PriceState.Fresh && age > limits.MaxAge ? this with { State = PriceState.Stale } : this;
    }
}

/// <summary>Why a feed is halted.</summary>
internal static class HaltReasons
{
    /// <summary>No good price for too long.</summary>
    public const string Age = "AGE";

    /// <summary>Every source seems to be in the future: our own clock is wrong.</summary>
    public const string Clock = "CLOCK";

    /// <summary>A step beyond the hard limit.</summary>
    public const string TripStep = "TRIP_STEP";

    /// <summary>A drift beyond the hard limit within a day.</summary>
    public const string TripDrift = "TRIP_DRIFT";

    /// <summary>Stopped by an operator.</summary>
    public const string Operator = "OPERATOR";

    /// <summary>True when agreeing rounds alone may end the halt; everything else needs people.</summary>
    public static bool EndsByItself(string? reason) => reason is Age or Clock;
}
