using System.Globalization;
using System.Numerics;

namespace Decent.AdminConsole.Components;

/// <summary>Prices and ages as people read them.</summary>
internal static class PriceText
{
    private const int Decimals = 18;

    /// <summary>A price of × 10^18 as decimal text; a dash when unknown.</summary>
    public static string Of(BigInteger? e18)
    {
        if (e18 is not { } value)
        {
            return "–";
        }

        var digits = value.ToString(CultureInfo.InvariantCulture).PadLeft(Decimals + 1, '0');
        return $"{digits[..^Decimals]}.{digits[^Decimals..]}".TrimEnd('0').TrimEnd('.');
    }

    /// <summary>An age in its largest fitting unit; a dash when there is none.</summary>
    public static string Age(TimeSpan? age) => age switch
    {
        null => "–",
        { TotalMinutes: < 1 } a => FormattableString.Invariant($"{(long)a.TotalSeconds} s"),
        { TotalHours: < 1 } a => FormattableString.Invariant($"{(long)a.TotalMinutes} min"),
        { TotalDays: < 2 } a => FormattableString.Invariant($"{(long)a.TotalHours} h"),
        { } a => FormattableString.Invariant($"{(long)a.TotalDays} days"),
    };
}
