using System.Numerics;

namespace Decent.PriceOracle.Aggregation;

/// <summary>Exact integer arithmetic on prices with 18 decimal places.</summary>
internal static class E18
{
    /// <summary>One.</summary>
    public static readonly BigInteger One = BigInteger.Pow(10, 18);

    /// <summary>From 18 to 6 decimal places.</summary>
    public static readonly BigInteger PerE6 = BigInteger.Pow(10, 12);

    /// <summary>Quotient of two positive numbers, rounded half up.</summary>
    public static BigInteger DivideHalfUp(BigInteger numerator, BigInteger denominator) =>
        ((2 * numerator) + denominator) / (2 * denominator);

    /// <summary>Distance of two positive prices in basis points of a third, floor.</summary>
    public static BigInteger Bps(BigInteger left, BigInteger right, BigInteger denominator) =>
        BigInteger.Abs(left - right) * 10_000 / denominator;

    /// <summary>Distance in basis points of the larger.</summary>
    public static BigInteger StepBps(BigInteger left, BigInteger right) =>
        Bps(left, right, BigInteger.Max(left, right));

    /// <summary>Distance in basis points of the smaller.</summary>
    public static BigInteger SpreadBps(BigInteger left, BigInteger right) =>
        Bps(left, right, BigInteger.Min(left, right));

    /// <summary>Median; of an even count the floor of the mean of the middle two.</summary>
    public static BigInteger Median(IReadOnlyCollection<BigInteger> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>
    /// Product of prices with one final rounding, half up: <c>Π p / 10^(18·(n−1))</c>.
    /// </summary>
    public static BigInteger Product(IReadOnlyCollection<BigInteger> factors)
    {
        var product = factors.Aggregate(BigInteger.One, (a, b) => a * b);
        return DivideHalfUp(product, BigInteger.Pow(One, factors.Count - 1));
    }

    /// <summary>A price with 6 decimal places, rounded half up; null when nothing would be left of it.</summary>
    public static BigInteger? ToE6(BigInteger priceE18)
    {
        var e6 = DivideHalfUp(priceE18, PerE6);
        return e6.IsZero ? null : e6;
    }
}
