using System.Numerics;
using Decent.Ledger;
using Decent.Payments.Providers;

namespace Decent.Payments.Contracts;

/// <summary>The next slice to release, and what the platform keeps of it; <c>Gross = Fee + Net</c>.</summary>
/// <param name="Gross">Earned since the release before.</param>
/// <param name="Fee">The platform's part.</param>
internal readonly record struct Slice(Money Gross, Money Fee)
{
    /// <summary>The provider's part.</summary>
    public Money Net => Gross - Fee;
}

/// <summary>How a cancelled payment is shared out; <c>Refund + Dust</c> is what was not earned.</summary>
/// <param name="Refund">Back to the renter, in the contract's currency.</param>
/// <param name="RailUnits">The same as the rail can move it: minor units, or units of the token.</param>
/// <param name="Dust">Too small for the rail; stays with the platform on the rounding account.</param>
internal readonly record struct RefundShare(Money Refund, Int128 RailUnits, Money Dust);

/// <summary>The arithmetic of releases and refunds. Pure; every rounding floors and names who keeps the rest.</summary>
internal static class ContractSplit
{
    /// <summary>Basis points in a whole.</summary>
    public const int WholeBps = 10_000;

    /// <summary>The slice that brings a contract from what was released to what is earned at an instant.</summary>
    /// <param name="window">Window of service.</param>
    /// <param name="paid">The whole payment.</param>
    /// <param name="released">Released before, gross.</param>
    /// <param name="fees">Fees within it.</param>
    /// <param name="at">The instant.</param>
    /// <param name="feeBps">The platform's share, 0 to 10,000; fixed for the life of the contract.</param>
    /// <remarks>Fees are cumulative like earnings: the fee of all slices is the floored share of all earnings, so the
    /// provider keeps the rest of each division and slicing finer never costs him anything.</remarks>
    public static Slice Next(
        ServiceWindow window, Money paid, Money released, Money fees, DateTimeOffset at, int feeBps)
    {
        var earned = window.Earned(paid, at);
        var gross = earned - released;
        if (!gross.IsPositive)
        {
            return new Slice(Money.Zero(paid.Asset), Money.Zero(paid.Asset));
        }

        return new Slice(gross, earned.FloorShare(feeBps, WholeBps) - fees);
    }

    /// <summary>Shares out what was not earned when the rail moves minor units of the currency.</summary>
    /// <param name="unearned">Paid less earned, at least zero and not above what the rail charged.</param>
    /// <returns>Null when the rail cannot move the currency.</returns>
    public static RefundShare? InMinorUnits(Money unearned)
    {
        if (MinorUnits.FloorToRefund(unearned.Units, unearned.Asset.Code) is not { } minor
            || MinorUnits.ToUnits(minor, unearned.Asset.Code) is not { } units)
        {
            return null;
        }

        var refund = new Money(unearned.Asset, units);
        return new RefundShare(refund, minor, unearned - refund);
    }

    /// <summary>Shares out what was not earned when it goes back in the token that paid.</summary>
    /// <param name="unearned">Paid less earned, at least zero.</param>
    /// <param name="paid">The whole payment, above zero.</param>
    /// <param name="paidTokens">Units of the token that paid it.</param>
    /// <remarks>Tokens are floored; less than one unit stays in the platform's position of the token.</remarks>
    public static RefundShare InTokens(Money unearned, Money paid, Int128 paidTokens)
    {
        var tokens = (Int128)((BigInteger)paidTokens * unearned.Units / paid.Units);
        return tokens == 0
            ? new RefundShare(Money.Zero(paid.Asset), 0, unearned)
            : new RefundShare(unearned, tokens, Money.Zero(paid.Asset));
    }
}
