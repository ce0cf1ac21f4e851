using Decent.Ledger;

namespace Decent.AdminConsole.Components;

/// <summary>Amounts as people read them: grouped thousands, at least two decimals for a currency, nothing cut off.</summary>
internal static class AmountText
{
    private const int CurrencyDecimals = 2;
    private const int GroupSize = 3;

    public static string Of(Money money)
    {
        var text = money.ToDecimalText();
        var negative = text.StartsWith('-');
        var parts = text.TrimStart('-').Split('.');
        var fraction = parts.Length > 1 ? parts[1] : "";
        if (money.Asset.Kind == AssetKind.Fiat)
        {
            fraction = fraction.PadRight(CurrencyDecimals, '0');
        }

        return (negative ? "−" : "") + Grouped(parts[0]) + (fraction.Length > 0 ? "." + fraction : "") + " " + money.Asset.Code;
    }

    private static string Grouped(string digits)
    {
        var groups = new List<string>();
        for (var end = digits.Length; end > 0; end -= GroupSize)
        {
            groups.Insert(0, digits[Math.Max(0, end - GroupSize)..end]);
        }

        return string.Join(',', groups);
    }
}
