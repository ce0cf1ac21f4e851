using System.Globalization;
using System.Text.Json;

namespace Decent.Payments.Providers;

/// <summary>Reads rails' messages, which spell the same thing in several ways; what is missing reads as null.</summary>
internal static class LenientJson
{
    /// <summary>The member, or null when it is absent, null, or this is no object.</summary>
    public static JsonElement? Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var value)
        && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
            ? value
            : null;

    /// <summary>A member that is a text or a number, as text; null when absent or empty.</summary>
    public static string? Text(this JsonElement element, string name) => element.Member(name) switch
    {
        { ValueKind: JsonValueKind.String } text when text.GetString() is { Length: > 0 } value => value,
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    /// <summary>The first of several members that is a text or a number.</summary>
    public static string? FirstText(this JsonElement element, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (element.Text(name) is { } value)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>A text of digits as a whole number, at least zero.</summary>
    public static Int128? Whole(string? text) =>
        text is not null && Int128.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    /// <summary>
    /// A decimal text such as <c>25</c> or <c>24.99</c> at scale 9; null when it has more digits or is no decimal.
    /// </summary>
    public static Int128? ScaleNine(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var point = text.IndexOf('.', StringComparison.Ordinal);
        var (whole, fraction) = point < 0 ? (text, "") : (text[..point], text[(point + 1)..]);
        return fraction.TrimEnd('0').Length <= 9 && whole.Length is > 0 and <= 20 && fraction.Length <= 40
            ? Whole(whole + fraction.TrimEnd('0').PadRight(9, '0'))
            : null;
    }

    /// <summary>Seconds since 1970 as an instant; null when absent or out of range.</summary>
    public static DateTimeOffset? Seconds(this JsonElement element, string name) =>
        Whole(element.Text(name)) is { } seconds && seconds <= 253_402_300_799
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
            : null;

    /// <summary>An ISO-8601 instant; null when absent or unreadable.</summary>
    public static DateTimeOffset? Instant(this JsonElement element, string name) =>
        DateTimeOffset.TryParse(
            element.Text(name),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var value)
            ? value
            : null;

    /// <summary>A member that is a UUID; null otherwise.</summary>
    public static Guid? Uuid(string? text) => Guid.TryParse(text, out var id) ? id : null;
}
