using System.Numerics;

namespace Decent.PriceOracle.Aggregation;

/// <summary>Parameters of a round. Defaults are those of the house; every one can be set in configuration.</summary>
internal sealed record AggregationLimits
{
    /// <summary>Oldest usable observation.</summary>
    public TimeSpan ObservationMaxAge { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>How far ahead of us an observation may claim to be.</summary>
    public TimeSpan FutureSkew { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Smallest believable price, US dollars × 10^18.</summary>
    public BigInteger AbsoluteMinE18 { get; init; } = BigInteger.Pow(10, 12);

    /// <summary>Largest believable price, US dollars × 10^18.</summary>
    public BigInteger AbsoluteMaxE18 { get; init; } = BigInteger.Pow(10, 21);

    /// <summary>Money that must stand behind a candidate, US dollars × 10^6.</summary>
    public BigInteger MinTvlUsdE6 { get; init; } = 500_000_000;

    /// <summary>Share of the window that must be covered by samples.</summary>
    public int MinCoverageBps { get; init; } = 6_000;

    /// <summary>Largest distance of the last sample from the window's median.</summary>
    public int SpotMaxBps { get; init; } = 1_000;

    /// <summary>Whether one venue alone can make a value.</summary>
    public bool AllowSingleVenue { get; init; } = true;

    /// <summary>Within what two venues agree.</summary>
    public int AgreementBps { get; init; } = 500;

    /// <summary>How many times deeper one of two disagreeing venues must be to be followed.</summary>
    public int DominanceRatio { get; init; } = 10;

    /// <summary>Within what of the last good price a dominant venue must be.</summary>
    public int DominantMaxBps { get; init; } = 1_000;

    /// <summary>Distance from the median that makes an outlier of three or more.</summary>
    public int OutlierBps { get; init; } = 2_000;

    /// <summary>Largest spread among three or more.</summary>
    public int SpreadMaxBps { get; init; } = 1_000;

    /// <summary>Step that needs no confirmation.</summary>
    public int StepSoftBps { get; init; } = 1_500;

    /// <summary>Step that trips the breaker.</summary>
    public int StepHardBps { get; init; } = 5_000;

    /// <summary>Drift against the price a day ago that trips the breaker.</summary>
    public int DriftHardBps { get; init; } = 6_000;

    /// <summary>Agreeing rounds that confirm, with two or more venues.</summary>
    public int ConfirmRounds { get; init; } = 3;

    /// <summary>Agreeing rounds that confirm, with one venue.</summary>
    public int ConfirmRoundsSingle { get; init; } = 12;

    /// <summary>Within what confirming rounds agree.</summary>
    public int ConfirmSpreadBps { get; init; } = 500;

    /// <summary>Half-width of the sources' opinions that counts as disagreement.</summary>
    public int ConfidenceMaxBps { get; init; } = 1_000;

    /// <summary>Age up to which a price is fresh.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(900);

    /// <summary>Age beyond which a price is no longer shown.</summary>
    public TimeSpan HaltAfter { get; init; } = TimeSpan.FromSeconds(14_400);

    /// <summary>Accepted rounds after a halt before money may be paid again.</summary>
    public int GraceRounds { get; init; } = 3;

    /// <summary>Half-width of the band around an expected first price.</summary>
    public int ExpectedBandBps { get; init; } = 5_000;
}
