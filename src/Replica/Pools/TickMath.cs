using System.Globalization;
using System.Numerics;

namespace Decent.Replica.Pools;

/// <summary>Ticks of a concentrated-liquidity pool: tick t is the price 1.0001^t of token 0 in token 1.</summary>
internal static class TickMath
{
    public const int MaxTick = 887_272;

    /// <summary>Fraction bits of the fixed-point powers: rounding stays far away from a tick's boundary.</summary>
    private const int Bits = 512;

    public static readonly BigInteger MinSqrtRatio = new(4_295_128_739);

    public static readonly BigInteger MaxSqrtRatio =
        BigInteger.Parse("1461446703485210103287273052203988822378723970342", CultureInfo.InvariantCulture);

    /// <summary>The largest tick whose price is not above (sqrtPriceX96 / 2^96)².</summary>
    public static int TickAt(BigInteger sqrtPriceX96)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sqrtPriceX96, MinSqrtRatio);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sqrtPriceX96, MaxSqrtRatio);
        var price = sqrtPriceX96 * sqrtPriceX96 << (Bits - 192);
        int low = -MaxTick, high = MaxTick;
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            if (Price(middle) <= price)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    /// <summary>1.0001^tick in fixed point.</summary>
    private static BigInteger Price(int tick)
    {
        var factor = (BigInteger.One << Bits) * 10_001 / 10_000;
        var result = BigInteger.One << Bits;
        for (var left = Math.Abs(tick); left > 0; left >>= 1)
        {
            if ((left & 1) != 0)
            {
                result = result * factor >> Bits;
            }

            factor = factor * factor >> Bits;
        }

        return tick < 0 ? (BigInteger.One << (2 * Bits)) / result : result;
    }
}
