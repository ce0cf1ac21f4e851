using System.Globalization;
using System.Text.Json;
using CsCheck;
using Decent.Payments.Providers;
using Decent.Testing;

namespace Decent.Payments.Tests.Providers;

public sealed class MinorUnitsTests
{
    [Fact]
    public void Charges_of_the_published_amounts_are_exact_or_refused()
    {
        using var vectors = JsonDocument.Parse(Vectors.Text("stripe-amounts.json"));
        foreach (var c in vectors.RootElement.GetProperty("parse").EnumerateArray())
        {
            var currency = c.GetProperty("currency").GetString()!.ToUpperInvariant();
            var minor = MinorUnits.ToCharge(ScaleNine(c.GetProperty("decimal").GetString()!), currency);
            if (c.GetProperty("expect").GetString() == "ok")
            {
                Assert.Equal(c.GetProperty("amount_minor").GetInt64(), minor);
                Assert.Equal(c.GetProperty("exponent").GetInt32(), MinorUnits.Exponent(currency));
                Assert.Equal(c.GetProperty("amount_e9s").GetString(), MinorUnits.ToUnits(minor!.Value, currency).ToString());
            }
            else
            {
                Assert.True(minor is null, c.GetProperty("id").GetString());
            }
        }
    }

    [Fact]
    public void Published_minor_units_are_written_with_their_currencys_digits()
    {
        using var vectors = JsonDocument.Parse(Vectors.Text("stripe-amounts.json"));
        foreach (var c in vectors.RootElement.GetProperty("format").EnumerateArray())
        {
            var currency = c.GetProperty("currency").GetString()!.ToUpperInvariant();
            var minor = c.GetProperty("amount_minor").GetInt64();
            Assert.Equal(c.GetProperty("decimal").GetString(), MinorUnits.ToDecimal(minor, currency));
            Assert.Equal(c.GetProperty("amount_e9s").GetString(), MinorUnits.ToUnits(minor, currency).ToString());
        }
    }

    [Fact]
    public void A_currency_whose_digits_are_disputed_is_refused()
    {
        Assert.Null(MinorUnits.ToCharge(1_000_000_000, "UGX"));
        Assert.Null(MinorUnits.ToUnits(1, "UGX"));
        Assert.Null(MinorUnits.FloorToRefund(1_000_000_000, "UGX"));
    }

    [Fact]
    public void A_refund_is_the_largest_chargeable_amount_not_above_what_is_owed()
    {
        Gen.Select(Gen.Long[0, 999_999_990_000_000], Gen.OneOf(Gen.Const("USD"), Gen.Const("JPY"), Gen.Const("KWD"), Gen.Const("ISK"))).Sample(
            (units, currency) =>
            {
                var step = MinorUnits.ChargeStep(currency)!.Value;
                if (MinorUnits.FloorToRefund(units, currency) is not { } minor)
                {
                    return units / step * step > MinorUnits.ToUnits(MinorUnits.MaxCharge, currency);
                }

                var back = MinorUnits.ToUnits(minor, currency)!.Value;
                return back <= units && units - back < step && MinorUnits.ToCharge(back, currency) == minor;
            },
            iter: Deep.Count(2000));
    }

    private static Int128 ScaleNine(string text)
    {
        var negative = text[0] == '-';
        var parts = text.TrimStart('-').Split('.');
        var digits = parts[0] + (parts.Length > 1 ? parts[1] : "").PadRight(9, '0');
        var units = Int128.Parse(digits, CultureInfo.InvariantCulture);
        return negative ? -units : units;
    }
}
