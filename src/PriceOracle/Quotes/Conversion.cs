using System.Numerics;

namespace Decent.PriceOracle.Quotes;

/// <summary>
/// Exact conversion from US dollars to token units. The remainder is less than the value of one unit.
/// </summary>
internal static class Conversion
{
    private static readonly BigInteger E9 = BigInteger.Pow(10, 9);

    /// <summary><c>floor(amount_e9s · 10^9 · 10^decimals / price_e18)</c>.</summary>
    /// <param name="amountE9s">US dollars × 10^9, above zero.</param>
    /// <param name="decimals">Decimals of the token.</param>
    /// <param name="priceE18">US dollars per whole token × 10^18, above zero.</param>
    public static BigInteger Units(BigInteger amountE9s, int decimals, BigInteger priceE18)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(amountE9s, BigInteger.One);
        ArgumentOutOfRangeException.ThrowIfLessThan(priceE18, BigInteger.One);
        return amountE9s * E9 * BigInteger.Pow(10, decimals) / priceE18;
    }
}
