using Decent.AdminConsole.Components;
using Decent.Ledger;

namespace Decent.AdminConsole.Tests;

/// <summary>Amounts are shown whole and never rounded.</summary>
public sealed class AmountTextTests
{
    private static readonly Asset Usd = Asset.Fiat("USD");

    [Theory]
    [InlineData("0", "0.00 USD")]
    [InlineData("1000000000", "1.00 USD")]
    [InlineData("1500000000", "1.50 USD")]
    [InlineData("1234567890123456789", "1,234,567,890.123456789 USD")]
    [InlineData("-41666666", "−0.041666666 USD")]
    public void A_currency_shows_every_digit_it_has(string units, string text)
    {
        Assert.True(Money.TryParse(units, Usd, out var money));

        Assert.Equal(text, AmountText.Of(money));
    }
}
