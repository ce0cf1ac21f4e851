using System.Numerics;

namespace Decent.Replica.Pools;

/// <summary>A constant-product pool (TACO): two reserves, x·y never falls.</summary>
internal sealed class ReservePool(PoolToken token0, PoolToken token1, BigInteger reserve0, BigInteger reserve1)
{
    private const int FeeBasisPoints = 30;
    private const int BasisPoints = 10_000;

    public PoolToken Token0 { get; } = token0;

    public PoolToken Token1 { get; } = token1;

    public BigInteger Reserve0 { get; private set; } = reserve0;

    public BigInteger Reserve1 { get; private set; } = reserve1;

    public BigInteger TotalLiquidity { get; } = ConcentratedPool.SquareRoot(reserve0 * reserve1);

    /// <summary>Whole token 1 per whole token 0, as the venue's rounded display number.</summary>
    public double Price0 => Ratio(Reserve1, Token1, Reserve0, Token0);

    /// <summary>Whole token 0 per whole token 1, as the venue's rounded display number.</summary>
    public double Price1 => Ratio(Reserve0, Token0, Reserve1, Token1);

    /// <summary>Executes a swap and moves the price.</summary>
    /// <param name="zeroForOne">Whether token 0 goes in.</param>
    /// <param name="amountIn">Smallest units, fee included.</param>
    /// <returns>Smallest units that come out, rounded down.</returns>
    public BigInteger Swap(bool zeroForOne, BigInteger amountIn)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(amountIn, BigInteger.Zero);
        var net = amountIn * (BasisPoints - FeeBasisPoints) / BasisPoints;
        var (reserveIn, reserveOut) = zeroForOne ? (Reserve0, Reserve1) : (Reserve1, Reserve0);
        var amountOut = reserveOut * net / (reserveIn + net);
        Reserve0 += zeroForOne ? amountIn : -amountOut;
        Reserve1 += zeroForOne ? -amountOut : amountIn;
        return amountOut;
    }

    private static double Ratio(BigInteger over, PoolToken overToken, BigInteger under, PoolToken underToken) =>
        (double)over / Math.Pow(10, overToken.Decimals) / ((double)under / Math.Pow(10, underToken.Decimals));
}
