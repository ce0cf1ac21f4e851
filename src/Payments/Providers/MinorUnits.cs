using System.Collections.Frozen;
using System.Globalization;

namespace Decent.Payments.Providers;

/// <summary>
/// Minor units of currencies at card rails, and the exact way between them and scale 9. Nothing rounds silently: a
/// remainder is refused on the way out, and a floor is named where one is meant.
/// </summary>
internal static class MinorUnits
{
    private static readonly FrozenSet<string> ZeroDecimal = FrozenSet.ToFrozenSet(
        [
            "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF",
        ],
        StringComparer.Ordinal);

    private static readonly FrozenSet<string> ThreeDecimal =
        FrozenSet.ToFrozenSet(["BHD", "JOD", "KWD", "OMR", "TND"], StringComparer.Ordinal);

    // The pages of the rail disagree about the exponent of UGX, so it is refused until somebody has tried it.
    private static readonly FrozenSet<string> Refused = FrozenSet.ToFrozenSet(["UGX"], StringComparer.Ordinal);

    /// <summary>Largest charge of a card rail, in minor units.</summary>
    public const long MaxCharge = 99_999_999;

    /// <summary>Decimals of a currency at the rail, or null when the currency is refused.</summary>
    /// <param name="currency">Three capital letters.</param>
    public static int? Exponent(string currency) =>
        Refused.Contains(currency) ? null
        : ZeroDecimal.Contains(currency) ? 0
        : ThreeDecimal.Contains(currency) ? 3
        : 2;

    /// <summary>
    /// Units of scale 9 in one chargeable step of the currency, or null when the currency is refused.
    /// </summary>
    /// <param name="currency">Three capital letters.</param>
    public static Int128? ChargeStep(string currency) => (currency, Exponent(currency)) switch
    {
        // Two decimals in the interface, but only whole krónur are accepted.
        ("ISK", _) => Pow10(9),
        (_, null) => null,

        // The last digit of a three-decimal currency must be zero.
        (_, 3) => Pow10(9 - 2),
        (_, { } exponent) => Pow10(9 - exponent),
    };

    /// <summary>The exact count of minor units to charge.</summary>
    /// <param name="units">Count at scale 9.</param>
    /// <param name="currency">Three capital letters.</param>
    /// <returns>Null when the amount is negative, too large, or leaves a remainder.</returns>
    public static long? ToCharge(Int128 units, string currency) =>
        units < 0 || ChargeStep(currency) is not { } step || units % step != 0 ? null : Checked(units, currency);

    /// <summary>
    /// The largest refundable count of minor units not above an amount; the rest is dust and stays with us.
    /// </summary>
    /// <param name="units">Count at scale 9, at least zero.</param>
    /// <param name="currency">Three capital letters.</param>
    /// <returns>Null when the amount is negative or too large, or the currency is refused.</returns>
    public static long? FloorToRefund(Int128 units, string currency) =>
        units < 0 || ChargeStep(currency) is not { } step ? null : Checked(units - (units % step), currency);

    /// <summary>The count at scale 9 of a count of minor units.</summary>
    /// <param name="minor">Count of minor units; any sign.</param>
    /// <param name="currency">Three capital letters.</param>
    /// <returns>Null when the currency is refused or the amount leaves the range.</returns>
    public static Int128? ToUnits(Int128 minor, string currency)
    {
        if (Exponent(currency) is not { } exponent)
        {
            return null;
        }

        var factor = Pow10(9 - exponent);
        return minor > Int128.MaxValue / factor || minor < Int128.MinValue / factor ? null : minor * factor;
    }

    /// <summary>A decimal text with as many digits as the currency has, such as <c>12.30</c>.</summary>
    /// <param name="minor">Count of minor units, at least zero.</param>
    /// <param name="currency">Three capital letters; not a refused one.</param>
    public static string ToDecimal(long minor, string currency)
    {
        var exponent = Exponent(currency) ?? throw new ArgumentException("The currency is refused.", nameof(currency));
        var digits = minor.ToString(CultureInfo.InvariantCulture).PadLeft(exponent + 1, '0');
        return exponent == 0 ? digits : digits[..^exponent] + "." + digits[^exponent..];
    }

    private static long? Checked(Int128 units, string currency)
    {
        var minor = units / Pow10(9 - Exponent(currency)!.Value);
        return minor > MaxCharge ? null : (long)minor;
    }

    private static Int128 Pow10(int exponent)
    {
        Int128 power = 1;
        for (var i = 0; i < exponent; i++)
        {
            power *= 10;
        }

        return power;
    }
}
