using System.Globalization;
using System.Numerics;
using CsCheck;
using Decent.Testing;
using static Decent.Ledger.Tests.Assets;

namespace Decent.Ledger.Tests.MoneyTypes;

public sealed class MoneyTests
{
    private static readonly Int128[] Edges = [Int128.MinValue, Int128.MaxValue, Int128.Zero, Int128.One, Int128.NegativeOne];

    private static readonly Gen<Int128> AnyUnits =
        Gen.OneOf(
            Gen.Long.Select(l => (Int128)l),
            Gen.ULong.Select(Gen.ULong, (high, low) => unchecked((Int128)new UInt128(high, low))),
            Gen.Int[0, 4].Select(i => Edges[i]));

    [Fact]
    public void Sums_and_differences_agree_with_exact_arithmetic_or_overflow_loudly() =>
        Gen.Select(AnyUnits, AnyUnits).Sample(
            (a, b) => Agrees(a, b, (BigInteger)a + b, () => Dollars(a) + Dollars(b))
                && Agrees(a, b, (BigInteger)a - b, () => Dollars(a) - Dollars(b)),
            iter: Deep.Count(2_000));

    [Fact]
    public void Two_assets_never_add_compare_or_subtract()
    {
        Assert.Throws<AssetMismatchException>(() => Dollars(1) + Icps(1));
        Assert.Throws<AssetMismatchException>(() => Dollars(1) - Icps(1));
        Assert.Throws<AssetMismatchException>(() => Dollars(1) < Icps(1));
        Assert.Throws<AssetMismatchException>(() => Dollars(1) + new Money(new Asset("USD", 2, AssetKind.Fiat, null), 1));
    }

    [Fact]
    public void The_smallest_amount_has_no_opposite() => Assert.Throws<OverflowException>(() => -Dollars(Int128.MinValue));

    [Fact]
    public void A_share_is_floored_and_never_more_than_the_whole() =>
        Gen.Select(Gen.ULong, Gen.Int[0, 1000], Gen.Int[1, 1000]).Sample(
            (units, part, rest) =>
            {
                var whole = Dollars(units);
                var share = whole.FloorShare(part, part + rest);
                var exact = (BigInteger)units * part;
                return share <= whole
                    && (BigInteger)share.Units * (part + rest) <= exact
                    && ((BigInteger)share.Units + 1) * (part + rest) > exact;
            },
            iter: Deep.Count(2_000));

    [Fact]
    public void A_share_of_a_debt_or_by_nothing_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Dollars(-1).FloorShare(1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Dollars(1).FloorShare(-1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Dollars(1).FloorShare(1, 0));
    }

    [Fact]
    public void Decimal_text_keeps_every_digit_at_every_scale()
    {
        for (var scale = 0; scale <= 18; scale++)
        {
            var asset = new Asset("T", scale, AssetKind.Fiat, null);
            foreach (var units in new[] { Int128.MaxValue, Int128.MinValue, Int128.One, Int128.NegativeOne, Int128.Zero })
            {
                var text = new Money(asset, units).ToDecimalText();
                var parts = text.TrimStart('-').Split('.');
                var digits = parts[0] + (parts.Length == 2 ? parts[1] : "").PadRight(scale, '0');
                var read = BigInteger.Parse((text[0] == '-' ? "-" : "") + digits, CultureInfo.InvariantCulture);
                Assert.Equal((BigInteger)units, read);
            }
        }
    }

    private static bool Agrees(Int128 a, Int128 b, BigInteger exact, Func<Money> compute)
    {
        if (exact < (BigInteger)Int128.MinValue || exact > (BigInteger)Int128.MaxValue)
        {
            Assert.Throws<OverflowException>(() => compute());
            return true;
        }

        return (BigInteger)compute().Units == exact && Dollars(a) < Dollars(b) == (a < b);
    }
}
