using System.Numerics;
using Decent.PriceOracle.Aggregation;

namespace Decent.PriceOracle.Sources;

/// <summary>What the numbers of a pool's answer say: a price with what stands behind it, or a reason code.</summary>
internal sealed record PoolVerdict
{
    /// <summary><c>OK</c> or the reason.</summary>
    public required string Code { get; init; }

    /// <summary>What was seen.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Quote per whole base × 10^18.</summary>
    public BigInteger? PriceE18 { get; init; }

    /// <summary>Twice the poorer side, whole quote tokens × 10^18.</summary>
    public BigInteger TvlQuoteE18 { get; init; }

    /// <summary>What moves the price by 2 %, whole quote tokens × 10^18.</summary>
    public BigInteger DepthQuoteE18 { get; init; }

    /// <summary>Units of the base token.</summary>
    public BigInteger? BaseReserveUnits { get; init; }

    /// <summary>Units of the quote token.</summary>
    public BigInteger? QuoteReserveUnits { get; init; }

    /// <summary>A refusal.</summary>
    public static PoolVerdict Refuse(string code, string detail) => new() { Code = code, Detail = detail };

    /// <summary>The verdict as an observation.</summary>
    public Observation ToObservation(string sourceId, DateTimeOffset at) => new()
    {
        SourceId = sourceId,
        ObservedAt = at,
        Code = Code,
        Detail = Detail,
        PriceE18 = Code == ReasonCodes.Ok ? PriceE18 : null,
        TvlQuoteE18 = TvlQuoteE18,
        DepthQuoteE18 = DepthQuoteE18,
        BaseReserveUnits = BaseReserveUnits,
        QuoteReserveUnits = QuoteReserveUnits,
    };
}
