using System.Numerics;
using Decent.PriceOracle.Aggregation;

namespace Decent.PriceOracle.Sources;

/// <summary>
/// Exact prices of pools. Everything is multiplied first and divided once, half up; decimals come from the ledgers,
/// directions from ledger ids.
/// </summary>
internal static class PoolMath
{
    /// <summary>Smallest square-root price a concentrated pool can have (inclusive).</summary>
    public static readonly BigInteger MinSqrtPrice = new(4_295_128_739);

    /// <summary>Bound above the largest square-root price (exclusive).</summary>
    public static readonly BigInteger MaxSqrtPrice =
        BigInteger.Parse("1461446703485210103287273052203988822378723970342",
            System.Globalization.CultureInfo.InvariantCulture);

    private const int MaxTick = 887_272;
    private const int TickPrecisionBits = 384;

    private static readonly BigInteger Q96 = BigInteger.One << 96;
    private static readonly BigInteger Q192 = BigInteger.One << 192;

    /// <summary>1.0001^(2^i) with <see cref="TickPrecisionBits" /> fractional bits.</summary>
    private static readonly BigInteger[] TickPowers = MakeTickPowers();

    /// <summary>√1.02 − 1 and 1/√0.98 − 1, × 10^18, floor: what share of a side moves a price by 2 %.</summary>
    private static readonly BigInteger UpShareE18 = Root(102, 100) - E18.One;

    private static readonly BigInteger DownShareE18 = Root(100, 98) - E18.One;

    /// <summary>True when a square-root price can exist.</summary>
    public static bool IsSqrtPriceInRange(BigInteger sqrtPriceX96) =>
        sqrtPriceX96 >= MinSqrtPrice && sqrtPriceX96 < MaxSqrtPrice;

    /// <summary>Price of a concentrated pool.</summary>
    /// <param name="sqrtPriceX96">√(token1 units per token0 unit) × 2^96, in range.</param>
    /// <param name="decimals0">Decimals of token 0.</param>
    /// <param name="decimals1">Decimals of token 1.</param>
    /// <param name="baseIsToken0">True for token1 per token0, false for the reverse.</param>
    /// <returns>Quote per whole base × 10^18; zero when it is below half of the last place.</returns>
    public static BigInteger FromSqrtPrice(BigInteger sqrtPriceX96, int decimals0, int decimals1, bool baseIsToken0)
    {
        var square = sqrtPriceX96 * sqrtPriceX96;
        return baseIsToken0
            ? E18.DivideHalfUp(square * Ten(decimals0 + 18), Q192 * Ten(decimals1))
            : E18.DivideHalfUp(Q192 * Ten(decimals1 + 18), square * Ten(decimals0));
    }

    /// <summary>Price of a constant-product pool.</summary>
    /// <param name="baseReserve">Units of the base token, with uncollected fees; above zero.</param>
    /// <param name="baseDecimals">Its decimals.</param>
    /// <param name="quoteReserve">Units of the quote token, with uncollected fees; above zero.</param>
    /// <param name="quoteDecimals">Its decimals.</param>
    /// <returns>Quote per whole base × 10^18.</returns>
    public static BigInteger FromReserves(
        BigInteger baseReserve, int baseDecimals, BigInteger quoteReserve, int quoteDecimals) =>
        E18.DivideHalfUp(quoteReserve * Ten(baseDecimals + 18), baseReserve * Ten(quoteDecimals));

    /// <summary>Reserves that a concentrated pool's active liquidity stands for, floor.</summary>
    public static (BigInteger Reserve0, BigInteger Reserve1) VirtualReserves(BigInteger liquidity,
        BigInteger sqrtPriceX96) =>
        (liquidity * Q96 / sqrtPriceX96, liquidity * sqrtPriceX96 / Q96);

    /// <summary>The tick a square-root price lies in: floor(log_1.0001(S² / 2^192)).</summary>
    public static int TickFloor(BigInteger sqrtPriceX96)
    {
        var square = sqrtPriceX96 * sqrtPriceX96;
        var low = -MaxTick - 1;
        var high = MaxTick + 1;
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (IsAtOrAbove(square, middle))
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>An amount of units as whole tokens × 10^18.</summary>
    public static BigInteger WholeE18(BigInteger units, int decimals) => units * Ten(18 - decimals);

    /// <summary>
    /// Money that moves a price by 2 %, in whole quote tokens × 10^18: the cheaper of both directions.
    /// </summary>
    /// <param name="baseE18">Reserve of the base token, whole × 10^18.</param>
    /// <param name="quoteE18">Reserve of the quote token, whole × 10^18.</param>
    /// <param name="priceE18">Quote per base × 10^18.</param>
    public static BigInteger DepthE18(BigInteger baseE18, BigInteger quoteE18, BigInteger priceE18)
    {
        var up = quoteE18 * UpShareE18 / E18.One;
        var down = baseE18 * priceE18 / E18.One * DownShareE18 / E18.One;
        return BigInteger.Min(up, down);
    }

    private static bool IsAtOrAbove(BigInteger square, int tick)
    {
        var power = Power(Math.Abs(tick));
        return tick >= 0
            ? square << TickPrecisionBits >= Q192 * power
            : square * power >= Q192 << TickPrecisionBits;
    }

    private static BigInteger Power(int tick)
    {
        var power = BigInteger.One << TickPrecisionBits;
        for (var i = 0; tick >> i != 0; i++)
        {
            if (((tick >> i) & 1) == 1)
            {
                power = (power * TickPowers[i]) >> TickPrecisionBits;
            }
        }

        return power;
    }

    private static BigInteger[] MakeTickPowers()
    {
        var powers = new BigInteger[20];
        powers[0] = (new BigInteger(10_001) << TickPrecisionBits) / 10_000;
        for (var i = 1; i < powers.Length; i++)
        {
            powers[i] = (powers[i - 1] * powers[i - 1]) >> TickPrecisionBits;
        }

        return powers;
    }

    private static BigInteger Root(int numerator, int denominator)
    {
        var square = BigInteger.Pow(10, 36) * numerator / denominator;
        var root = BigInteger.Pow(10, 18);
        while (true)
        {
            var next = (root + (square / root)) / 2;
            if (BigInteger.Abs(next - root) <= 1)
            {
                return next * next <= square ? next : next - 1;
            }

            root = next;
        }
    }

    private static BigInteger Ten(int exponent) => BigInteger.Pow(10, exponent);
}
