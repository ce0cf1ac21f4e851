using System.Numerics;
using Decent.PriceOracle.Aggregation;

namespace Decent.PriceOracle.Sources;

/// <summary>
/// One answer of one source: a price of a base token in a quote token with what stands behind it, or the reason why
/// there is none. A source never throws for what a venue does.
/// </summary>
public sealed record Observation
{
    /// <summary>Id of the source, such as <c>taco:ICP/ckUSDT</c>.</summary>
    public required string SourceId { get; init; }

    /// <summary>Business time of the answer.</summary>
    public required DateTimeOffset ObservedAt { get; init; }

    /// <summary><c>OK</c> or a code of <see cref="ReasonCodes" />.</summary>
    public required string Code { get; init; }

    /// <summary>What was seen, for people.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Quote per whole base × 10^18; null unless the code is OK.</summary>
    public BigInteger? PriceE18 { get; init; }

    /// <summary>Twice the poorer side of the pool, in whole quote tokens × 10^18.</summary>
    public BigInteger TvlQuoteE18 { get; init; }

    /// <summary>What moves the price by 2 %, in whole quote tokens × 10^18.</summary>
    public BigInteger DepthQuoteE18 { get; init; }

    /// <summary>Units of the base token in the pool, when the venue says.</summary>
    public BigInteger? BaseReserveUnits { get; init; }

    /// <summary>Units of the quote token in the pool, when the venue says.</summary>
    public BigInteger? QuoteReserveUnits { get; init; }

    /// <summary>Square-root price of a concentrated pool.</summary>
    public BigInteger? SqrtPriceX96 { get; init; }

    /// <summary>Active liquidity of a concentrated pool.</summary>
    public BigInteger? Liquidity { get; init; }

    /// <summary>Codes that qualify the price.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>The fields of the answer that were read, as JSON.</summary>
    public string? Raw { get; init; }

    /// <summary>How long the answer took, milliseconds of machine time.</summary>
    public long LatencyMs { get; init; }

    /// <summary>True when there is a price.</summary>
    public bool IsOk => Code == ReasonCodes.Ok && PriceE18 is not null;
}
