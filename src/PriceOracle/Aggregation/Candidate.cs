using System.Numerics;

namespace Decent.PriceOracle.Aggregation;

/// <summary>What one route of one venue says in a round.</summary>
internal sealed record Candidate
{
    /// <summary>Id of the route.</summary>
    public required string Source { get; init; }

    /// <summary>Its venue; one venue is one vote.</summary>
    public required string Venue { get; init; }

    /// <summary>Time-weighted median, US dollars × 10^18; null when there is none.</summary>
    public BigInteger? TwmE18 { get; init; }

    /// <summary>The last sample, US dollars × 10^18.</summary>
    public BigInteger? SpotE18 { get; init; }

    /// <summary>Twice the poorer side of the poorest leg, US dollars × 10^6.</summary>
    public BigInteger TvlUsdE6 { get; init; }

    /// <summary>US dollars × 10^6 that move the price by 2 %.</summary>
    public BigInteger DepthUsdE6 { get; init; }

    /// <summary>When the last sample was taken.</summary>
    public DateTimeOffset ObservedAt { get; init; }

    /// <summary>Share of the window covered by samples.</summary>
    public int CoverageBps { get; init; } = 10_000;

    /// <summary>Half of the distance between the window's quartiles, US dollars × 10^18.</summary>
    public BigInteger HalfWidthE18 { get; init; }

    /// <summary>Reason code when the source gave no price.</summary>
    public string? Error { get; init; }

    /// <summary>Codes that qualify the price if this candidate is counted.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];
}
