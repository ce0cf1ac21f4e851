using System.Numerics;
using System.Text.Json;
using CsCheck;
using Decent.PriceOracle.Aggregation;
using Decent.PriceOracle.Quotes;
using Decent.Testing;

namespace Decent.PriceOracle.Tests.Quotes;

public sealed class ConversionTests
{
    [Fact]
    public void Dollars_become_the_published_units()
    {
        using var file = JsonDocument.Parse(Vectors.Text("oracle-convert.json"));
        foreach (var c in file.RootElement.GetProperty("payout").EnumerateArray())
        {
            var expect = c.GetProperty("expect");
            var amount = Known.Big(c.GetProperty("usd_e6").GetString()!) * 1_000;
            var price = Known.Big(c.GetProperty("price_e18").GetString()!);
            var decimals = c.GetProperty("decimals").GetInt32();
            if (!expect.TryGetProperty("gross_units", out var gross))
            {
                Assert.Throws<ArgumentOutOfRangeException>(() => Conversion.Units(amount, decimals, price));
                continue;
            }

            var units = Conversion.Units(amount, decimals, price);
            Assert.Equal(gross.GetString(), units.ToString());
            var fee = Known.Big(c.GetProperty("ledger_fee_units").GetString()!);
            Assert.Equal(expect.TryGetProperty("error", out _), units <= fee);
            if (expect.TryGetProperty("debit_units_fee_on_platform", out var debit))
            {
                Assert.Equal(debit.GetString(), (units + fee).ToString());
            }
        }
    }

    [Fact]
    public void The_canister_edge_rounds_half_up_and_never_to_nothing()
    {
        using var file = JsonDocument.Parse(Vectors.Text("oracle-convert.json"));
        foreach (var c in file.RootElement.GetProperty("to_canister_e6").EnumerateArray())
        {
            var e6 = E18.ToE6(Known.Big(c.GetProperty("price_e18").GetString()!));
            Assert.Equal(c.GetProperty("expect").GetString(), e6?.ToString() ?? "E_UNDERFLOW");
        }
    }

    [Fact]
    public void Units_are_worth_no_more_than_was_asked_and_less_than_one_unit_less() =>
        Gen.Select(Gen.ULong[1, ulong.MaxValue], Gen.ULong[1, ulong.MaxValue], Gen.Int[0, 18]).Sample(
            (amount, price, decimals) =>
            {
                var units = Conversion.Units(amount, decimals, price);
                var scaled = new BigInteger(amount) * BigInteger.Pow(10, 9 + decimals);
                return units * price <= scaled && scaled < (units + 1) * price;
            },
            iter: Deep.Count(5_000));
}
