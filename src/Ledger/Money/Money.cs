using System.Globalization;
using System.Numerics;

namespace Decent.Ledger;

/// <summary>
/// An amount: an asset and a whole number of its smallest unit. There is no conversion between assets
/// and none from floating point; arithmetic is checked and mixing assets throws.
/// </summary>
/// <param name="Asset">What is counted.</param>
/// <param name="Units">Count of the asset's smallest unit; negative amounts are legal in postings.</param>
public readonly record struct Money(Asset Asset, Int128 Units) : IComparable<Money>
{
    /// <summary>Nothing of an asset.</summary>
    public static Money Zero(Asset asset) => new(asset, 0);

    /// <summary>True when the count is zero.</summary>
    public bool IsZero => Units == 0;

    /// <summary>True when the count is above zero.</summary>
    public bool IsPositive => Units > 0;

    /// <summary>Sum of two amounts of the same asset.</summary>
    /// <exception cref="AssetMismatchException">The assets differ.</exception>
    /// <exception cref="OverflowException">The sum leaves the range of Int128.</exception>
    public static Money operator +(Money left, Money right) => new(Same(left, right), checked(left.Units + right.Units));

    /// <summary>Difference of two amounts of the same asset.</summary>
    /// <exception cref="AssetMismatchException">The assets differ.</exception>
    /// <exception cref="OverflowException">The difference leaves the range of Int128.</exception>
    public static Money operator -(Money left, Money right) => new(Same(left, right), checked(left.Units - right.Units));

    /// <summary>The amount with its sign turned.</summary>
    public static Money operator -(Money value) => new(value.Asset, checked(-value.Units));

    /// <inheritdoc cref="CompareTo" />
    public static bool operator <(Money left, Money right) => left.CompareTo(right) < 0;

    /// <inheritdoc cref="CompareTo" />
    public static bool operator >(Money left, Money right) => left.CompareTo(right) > 0;

    /// <inheritdoc cref="CompareTo" />
    public static bool operator <=(Money left, Money right) => left.CompareTo(right) <= 0;

    /// <inheritdoc cref="CompareTo" />
    public static bool operator >=(Money left, Money right) => left.CompareTo(right) >= 0;

    /// <summary>Orders two amounts of the same asset.</summary>
    /// <exception cref="AssetMismatchException">The assets differ.</exception>
    public int CompareTo(Money other)
    {
        Same(this, other);
        return Units.CompareTo(other.Units);
    }

    /// <summary>
    /// The share <c>floor(this × numerator ÷ denominator)</c>, exact in between. The remainder stays with whoever
    /// keeps the rest.
    /// </summary>
    /// <param name="numerator">At least zero.</param>
    /// <param name="denominator">Above zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is negative, or this amount is.</exception>
    public Money FloorShare(BigInteger numerator, BigInteger denominator)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(denominator, BigInteger.One);
        ArgumentOutOfRangeException.ThrowIfLessThan(numerator, BigInteger.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Units, Int128.Zero);
        return new Money(Asset, (Int128)((BigInteger)Units * numerator / denominator));
    }

    /// <summary>Reads the integer text that JSON carries: an optional minus sign and digits, without leading zeros.</summary>
    /// <param name="text">Count of smallest units as text.</param>
    /// <param name="asset">What is counted.</param>
    /// <param name="money">The amount, when true is returned.</param>
    public static bool TryParse(string? text, Asset asset, out Money money)
    {
        money = default;
        if (string.IsNullOrEmpty(text) || text.Length > 41)
        {
            return false;
        }

        var digits = text[0] == '-' ? text.AsSpan(1) : text;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9') || (digits.Length > 1 && digits[0] == '0'))
        {
            return false;
        }

        if (!Int128.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var units))
        {
            return false;
        }

        money = new Money(asset, units);
        return true;
    }

    /// <summary>The count of smallest units as text, as JSON carries it.</summary>
    public string ToUnitsText() => Units.ToString(CultureInfo.InvariantCulture);

    /// <summary>A decimal text for people, such as <c>12.5 USD</c>; never parsed back.</summary>
    public override string ToString() => Asset is null ? "none" : FormattableString.Invariant($"{ToDecimalText()} {Asset.Code}");

    /// <summary>A decimal text without the asset's code; trailing zeros are cut.</summary>
    public string ToDecimalText()
    {
        var negative = Units < 0;
        var digits = BigInteger.Abs(Units).ToString(CultureInfo.InvariantCulture).PadLeft(Asset.Scale + 1, '0');
        var whole = digits[..^Asset.Scale];
        var fraction = digits[^Asset.Scale..].TrimEnd('0');
        return (negative ? "-" : "") + (fraction.Length == 0 ? whole : whole + "." + fraction);
    }

    private static Asset Same(Money left, Money right) =>
        left.Asset == right.Asset ? left.Asset : throw new AssetMismatchException(left.Asset, right.Asset);
}
