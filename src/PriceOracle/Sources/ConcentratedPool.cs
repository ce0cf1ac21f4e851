using System.Numerics;
using Decent.PriceOracle.Aggregation;

namespace Decent.PriceOracle.Sources;

/// <summary>One concentrated-liquidity pool as it reports itself.</summary>
/// <param name="SqrtPriceX96">√(token1 units per token0 unit) × 2^96.</param>
/// <param name="Tick">The tick it says it is in; null when it does not say.</param>
/// <param name="Liquidity">Active liquidity.</param>
/// <param name="Ledger0">Ledger id of token 0.</param>
/// <param name="Ledger1">Ledger id of token 1.</param>
/// <param name="Fee">Fee tier, millionths.</param>
internal sealed record ConcentratedPool(
    BigInteger SqrtPriceX96, BigInteger? Tick, BigInteger Liquidity, string Ledger0, string Ledger1, BigInteger Fee)
{
    /// <summary>Judges the numbers.</summary>
    /// <param name="baseLedger">Ledger id of the base token.</param>
    /// <param name="baseDecimals">Its decimals, from its ledger.</param>
    /// <param name="quoteLedger">Ledger id of the quote token.</param>
    /// <param name="quoteDecimals">Its decimals, from its ledger.</param>
    /// <param name="amount0">Units of token 0 really in the pool.</param>
    /// <param name="amount1">Units of token 1 really in the pool.</param>
    public PoolVerdict Judge(
        string baseLedger, int baseDecimals, string quoteLedger, int quoteDecimals, BigInteger amount0,
        BigInteger amount1)
    {
        var inOrder = Ledger0 == baseLedger && Ledger1 == quoteLedger;
        if (!inOrder && !(Ledger0 == quoteLedger && Ledger1 == baseLedger))
        {
            return PoolVerdict.Refuse(ReasonCodes.Pair, $"The pool trades {Ledger0} and {Ledger1}.");
        }

        if (Shape() is { } fault)
        {
            return fault;
        }

        if (Liquidity.Sign <= 0 || amount0.Sign <= 0 || amount1.Sign <= 0)
        {
            return PoolVerdict.Refuse(ReasonCodes.ZeroLiquidity, "Nobody provides liquidity at this price.");
        }

        if (Liquidity.GetBitLength() > 128 || amount0.GetBitLength() > 128 || amount1.GetBitLength() > 128)
        {
            return PoolVerdict.Refuse(ReasonCodes.Range, "An amount is larger than any token's supply.");
        }

        var decimals0 = inOrder ? baseDecimals : quoteDecimals;
        var decimals1 = inOrder ? quoteDecimals : baseDecimals;
        var price = PoolMath.FromSqrtPrice(SqrtPriceX96, decimals0, decimals1, inOrder);
        if (price.IsZero || price.GetBitLength() > 160)
        {
            return PoolVerdict.Refuse(ReasonCodes.Range, "The square-root price cannot be a price.");
        }

        var (virtual0, virtual1) = PoolMath.VirtualReserves(Liquidity, SqrtPriceX96);
        var (baseReal, quoteReal) = inOrder ? (amount0, amount1) : (amount1, amount0);
        var (baseVirtual, quoteVirtual) = inOrder ? (virtual0, virtual1) : (virtual1, virtual0);
        var baseE18 = PoolMath.WholeE18(baseReal, baseDecimals);
        var quoteE18 = PoolMath.WholeE18(quoteReal, quoteDecimals);
        return new PoolVerdict
        {
            Code = ReasonCodes.Ok,
            Detail = inOrder ? "" : "The base token is token 1.",
            PriceE18 = price,
            TvlQuoteE18 = BigInteger.Min(E18.DivideHalfUp(baseE18 * price, E18.One), quoteE18) * 2,
            DepthQuoteE18 = PoolMath.DepthE18(
                PoolMath.WholeE18(BigInteger.Min(baseReal, baseVirtual), baseDecimals),
                PoolMath.WholeE18(BigInteger.Min(quoteReal, quoteVirtual), quoteDecimals),
                price),
            BaseReserveUnits = baseReal,
            QuoteReserveUnits = quoteReal,
        };
    }

    private PoolVerdict? Shape()
    {
        if (!PoolMath.IsSqrtPriceInRange(SqrtPriceX96))
        {
            return PoolVerdict.Refuse(ReasonCodes.Range, "The square-root price is outside its bounds.");
        }

        // The pool computes ticks in rounded fixed point, so a tick beside the exact one is still right.
        return Tick is { } tick && BigInteger.Abs(tick - PoolMath.TickFloor(SqrtPriceX96)) > 1
            ? PoolVerdict.Refuse(ReasonCodes.Inconsistent, $"Tick {tick} does not belong to the square-root price.")
            : null;
    }
}
