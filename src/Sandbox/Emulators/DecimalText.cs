using System.Globalization;
using System.Numerics;

namespace Decent.Sandbox.Emulators;

/// <summary>An exact decimal number taken from JSON text, so that no amount passes through floating point.</summary>
/// <param name="Unscaled">The digits.</param>
/// <param name="Scale">How many of them stand behind the point.</param>
internal readonly record struct DecimalText(BigInteger Unscaled, int Scale)
{
    /// <summary>Reads plain decimal text such as <c>25</c>, <c>0.50</c>; exponents are read too, up to 30.</summary>
    /// <returns>False for anything else.</returns>
    public static bool TryParse(string? text, out DecimalText value)
    {
        value = default;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        var exponent = 0;
        var mantissa = text;
        var e = text.IndexOfAny(['e', 'E']);
        if (e >= 0)
        {
            const NumberStyles sign = NumberStyles.AllowLeadingSign;
            if (!int.TryParse(text.AsSpan(e + 1), sign, CultureInfo.InvariantCulture, out exponent)
                || Math.Abs(exponent) > 30)
            {
                return false;
            }

            mantissa = text[..e];
        }

        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = point < 0 ? mantissa : mantissa.Remove(point, 1);
        if (!BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var unscaled))
        {
            return false;
        }

        var scale = (point < 0 ? 0 : mantissa.Length - point - 1) - exponent;
        value = scale >= 0
            ? new DecimalText(unscaled, scale)
            : new DecimalText(unscaled * BigInteger.Pow(10, -scale), 0);
        return true;
    }

    /// <summary>Base units of a token that are worth this many dollars at a price, rounded up for the payee.</summary>
    /// <param name="price">USD per whole token; positive.</param>
    /// <param name="decimals">Decimals of the token.</param>
    public BigInteger UnitsAt(DecimalText price, int decimals)
    {
        var numerator = Unscaled * BigInteger.Pow(10, decimals + price.Scale);
        var denominator = price.Unscaled * BigInteger.Pow(10, Scale);
        return (numerator + denominator - 1) / denominator;
    }
}
