using Decent.Ledger;
using Decent.Ledger.Books;
using Decent.Payments.Facts;

namespace Decent.Payments.Collections;

/// <summary>The postings of money received. Pure.</summary>
internal static class SettlementLegs
{
    /// <summary>Legs of money as it is judged.</summary>
    /// <param name="rail">The rail it came over.</param>
    /// <param name="contractId">The contract it pays; only used when something is applied.</param>
    /// <param name="price">Price of the contract; only used when something is applied.</param>
    /// <param name="decision">What is to become of it.</param>
    /// <param name="suspended">What of it lies in suspense already, from an earlier judgement.</param>
    /// <remarks>
    /// Nothing applied: rail clearing to suspense. Paid in the contract's currency: rail clearing to escrow. Paid in a
    /// token: rail clearing to our position in the token, and our position in the currency to escrow.
    /// </remarks>
    public static IReadOnlyList<Leg> Of(
        string rail, string contractId, Money price, SettlementDecision decision, Money suspended)
    {
        var asset = decision.Applied.Asset;
        var clearing = ChartOfAccounts.RailClearingOf(rail);
        var suspense = ChartOfAccounts.SuspenseOf(rail);
        var legs = new List<Leg>();
        AddDebit(legs, clearing, decision.Applied + decision.Excess - suspended);

        // What was set aside before and is applied now leaves suspense; what comes on top and is not applied enters it.
        var intoSuspense = decision.Excess - suspended;
        if (intoSuspense.Units < 0)
        {
            AddDebit(legs, suspense, -intoSuspense);
        }
        else
        {
            AddCredit(legs, suspense, intoSuspense);
        }

        if (!decision.Applied.IsPositive)
        {
            return legs;
        }

        var escrow = ChartOfAccounts.ContractEscrow(contractId);
        if (asset == price.Asset)
        {
            AddCredit(legs, escrow, decision.Applied);
            return legs;
        }

        AddCredit(legs, ChartOfAccounts.FxOf(asset.Code), decision.Applied);
        AddDebit(legs, ChartOfAccounts.FxOf(price.Asset.Code), price);
        AddCredit(legs, escrow, price);
        return legs;
    }

    private static void AddDebit(List<Leg> legs, string account, Money amount)
    {
        if (!amount.IsZero)
        {
            legs.Add(Leg.Debit(account, amount));
        }
    }

    private static void AddCredit(List<Leg> legs, string account, Money amount)
    {
        if (!amount.IsZero)
        {
            legs.Add(Leg.Credit(account, amount));
        }
    }
}
