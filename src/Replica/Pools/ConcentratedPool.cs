using System.Numerics;

namespace Decent.Replica.Pools;

/// <summary>
/// An ICPSwap pool with one position over the whole range: price as sqrtPriceX96, swaps along x·y = L² of the virtual
/// reserves. Liquidity is constant; the fee stays in the pool outside the curve.
/// </summary>
internal sealed class ConcentratedPool
{
    private const int FeeDenominator = 1_000_000;
    private static readonly BigInteger Q96 = BigInteger.One << 96;

    public ConcentratedPool(PoolToken token0, PoolToken token1, int fee, BigInteger sqrtPriceX96, BigInteger liquidity)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(
            string.CompareOrdinal(token0.Address, token1.Address), 0, nameof(token1));
        Token0 = token0;
        Token1 = token1;
        Fee = fee;
        SqrtPriceX96 = sqrtPriceX96;
        Liquidity = liquidity;
        Amount0 = VirtualReserve0;
        Amount1 = VirtualReserve1;
    }

    public PoolToken Token0 { get; }

    public PoolToken Token1 { get; }

    /// <summary>Millionths of the amount that goes in.</summary>
    public int Fee { get; }

    public BigInteger SqrtPriceX96 { get; private set; }

    public BigInteger Liquidity { get; }

    /// <summary>Tokens really held, smallest units, fees included.</summary>
    public BigInteger Amount0 { get; private set; }

    public BigInteger Amount1 { get; private set; }

    public int Tick => TickMath.TickAt(SqrtPriceX96);

    public string Key => $"{Token0.Address}_{Token1.Address}_{Fee}";

    public BigInteger VirtualReserve0 => Liquidity * Q96 / SqrtPriceX96;

    public BigInteger VirtualReserve1 => Liquidity * SqrtPriceX96 / Q96;

    /// <summary>A pool around a price with a given amount of token 1 in it.</summary>
    /// <param name="token0">Smaller ledger id by text.</param>
    /// <param name="token1">Larger ledger id by text.</param>
    /// <param name="fee">Millionths.</param>
    /// <param name="units0">Smallest units of token 0 worth the same as <paramref name="units1"/>.</param>
    /// <param name="units1">Smallest units of token 1.</param>
    public static ConcentratedPool Around(
        PoolToken token0, PoolToken token1, int fee, BigInteger units0, BigInteger units1) =>
        new(token0, token1, fee, SquareRoot((units1 << 192) / units0), SquareRoot(units0 * units1));

    /// <summary>The price a swap would leave behind.</summary>
    public BigInteger Peek(bool zeroForOne, BigInteger amountIn) => NextSqrtPrice(zeroForOne, Net(amountIn));

    /// <summary>What a swap would give, smallest units, without executing it.</summary>
    public BigInteger Quote(bool zeroForOne, BigInteger amountIn)
    {
        var next = NextSqrtPrice(zeroForOne, Net(amountIn));
        return Output(zeroForOne, next);
    }

    /// <summary>Executes a swap and moves the price.</summary>
    /// <param name="zeroForOne">Whether token 0 goes in.</param>
    /// <param name="amountIn">Smallest units, fee included.</param>
    /// <returns>Smallest units that come out, rounded down.</returns>
    public BigInteger Swap(bool zeroForOne, BigInteger amountIn)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(amountIn, BigInteger.Zero);
        var next = NextSqrtPrice(zeroForOne, Net(amountIn));
        var amountOut = Output(zeroForOne, next);
        Amount0 += zeroForOne ? amountIn : -amountOut;
        Amount1 += zeroForOne ? -amountOut : amountIn;
        SqrtPriceX96 = next;
        return amountOut;
    }

    internal static BigInteger SquareRoot(BigInteger value)
    {
        if (value.IsZero)
        {
            return value;
        }

        var root = BigInteger.One << (int)((value.GetBitLength() + 1) / 2);
        while (true)
        {
            var next = (root + (value / root)) >> 1;
            if (next >= root)
            {
                return root;
            }

            root = next;
        }
    }

    private BigInteger Net(BigInteger amountIn) => amountIn * (FeeDenominator - Fee) / FeeDenominator;

    /// <summary>The price after the swap, rounded against the trader.</summary>
    private BigInteger NextSqrtPrice(bool zeroForOne, BigInteger amountIn)
    {
        if (!zeroForOne)
        {
            return SqrtPriceX96 + (amountIn * Q96 / Liquidity);
        }

        var numerator = Liquidity * Q96;
        var denominator = numerator + (amountIn * SqrtPriceX96);
        return ((numerator * SqrtPriceX96) + denominator - 1) / denominator;
    }

    private BigInteger Output(bool zeroForOne, BigInteger next) => zeroForOne
        ? Liquidity * (SqrtPriceX96 - next) / Q96
        : Liquidity * Q96 * (next - SqrtPriceX96) / (next * SqrtPriceX96);
}
