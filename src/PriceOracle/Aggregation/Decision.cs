using System.Numerics;

namespace Decent.PriceOracle.Aggregation;

/// <summary>What a round can come to.</summary>
internal static class Outcomes
{
    /// <summary>A price was accepted.</summary>
    public const string Accept = "ACCEPT";

    /// <summary>No candidate passed.</summary>
    public const string None = "NONE";

    /// <summary>One venue is not enough.</summary>
    public const string NoQuorum = "NO_QUORUM";

    /// <summary>The venues disagree.</summary>
    public const string Disagree = "DISAGREE";

    /// <summary>A large step waits for confirmation.</summary>
    public const string PendingStep = "PENDING_STEP";

    /// <summary>A first price waits for confirmation.</summary>
    public const string BootstrapWait = "BOOTSTRAP_WAIT";

    /// <summary>A first price is outside the expected band.</summary>
    public const string OutOfBand = "OUT_OF_BAND";

    /// <summary>The breaker tripped on a step.</summary>
    public const string TripStep = "TRIP_STEP";

    /// <summary>The breaker tripped on a day's drift.</summary>
    public const string TripDrift = "TRIP_DRIFT";

    /// <summary>There is a value, and the feed stays halted.</summary>
    public const string Halted = "HALTED";

    /// <summary>Every candidate claims to be from the future.</summary>
    public const string Clock = "CLOCK";
}

/// <summary>A candidate that was not counted.</summary>
/// <param name="Source">The route.</param>
/// <param name="Code">Why.</param>
internal sealed record Rejection(string Source, string Code);

/// <summary>What a round decided.</summary>
/// <param name="Outcome">One of <see cref="Outcomes" />.</param>
/// <param name="Used">Routes that were counted, ordered.</param>
/// <param name="Rejected">Routes that were not, ordered.</param>
/// <param name="Flags">Codes that qualify the outcome, ordered.</param>
/// <param name="ValueE18">The value arrived at, accepted or not; null when there is none.</param>
/// <param name="ConfidenceE18">Half-width of the opinions behind the value.</param>
/// <param name="After">The state afterwards; the id of an accepting round is filled in when it is known.</param>
internal sealed record Decision(
    string Outcome,
    IReadOnlyList<string> Used,
    IReadOnlyList<Rejection> Rejected,
    IReadOnlyList<string> Flags,
    BigInteger? ValueE18,
    BigInteger? ConfidenceE18,
    FeedState After);
