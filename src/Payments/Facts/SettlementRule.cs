using Decent.Ledger;

namespace Decent.Payments.Facts;

/// <summary>What is to become of money that came.</summary>
internal enum SettlementVerdict
{
    /// <summary>No money came.</summary>
    Nothing,

    /// <summary>It pays the contract.</summary>
    Applied,

    /// <summary>It pays the contract, and there is more of it.</summary>
    Overpaid,

    /// <summary>Too little.</summary>
    Underpaid,

    /// <summary>After the deadline, or after the contract had ended unpaid.</summary>
    Late,

    /// <summary>The contract is paid already.</summary>
    Duplicate,

    /// <summary>Not what was agreed on: another currency or token.</summary>
    AssetMismatch,

    /// <summary>No contract of ours, or the rail asked for something else than we did.</summary>
    Unknown,
}

/// <summary>What the books hold before a payment is judged.</summary>
/// <param name="ContractKnown">The payment belongs to a contract of ours and to a collection we started for it.</param>
/// <param name="AwaitsPayment">The contract still waits for its payment.</param>
/// <param name="Paid">The contract is paid by another collection.</param>
/// <param name="Deadline">Until when payments count.</param>
/// <param name="Expected">What the rail must receive; null when the rail's answer to the start was lost.</param>
/// <param name="Price">Price of the contract.</param>
/// <param name="Tolerance">How much may be missing, in units of the expected asset; zero unless configured.</param>
internal sealed record SettlementContext(
    bool ContractKnown,
    bool AwaitsPayment,
    bool Paid,
    DateTimeOffset Deadline,
    Money? Expected,
    Money? Price,
    Int128 Tolerance);

/// <summary>The verdict with the amounts that follow from it.</summary>
/// <param name="Verdict">What is to become of the money.</param>
/// <param name="Applied">What pays the contract, in the received asset.</param>
/// <param name="Excess">What came beyond it and is set aside, in the received asset.</param>
/// <param name="Tax">Tax within the excess.</param>
internal sealed record SettlementDecision(SettlementVerdict Verdict, Money Applied, Money Excess, Money Tax);

/// <summary>
/// The single rule by which money pays a contract: the rail confirms it, and amount, asset and account match. Pure.
/// </summary>
internal static class SettlementRule
{
    /// <summary>Judges a payment.</summary>
    /// <param name="standing">What the facts say.</param>
    /// <param name="received">The money that came, in an asset of ours.</param>
    /// <param name="tax">Tax within it.</param>
    /// <param name="context">What the books hold.</param>
    public static SettlementDecision Decide(Standing standing, Money received, Money tax, SettlementContext context)
    {
        var none = Money.Zero(received.Asset);
        if (!standing.HasMoney)
        {
            return new SettlementDecision(SettlementVerdict.Nothing, none, none, none);
        }

        var verdict = Verdict(standing, received - tax, context);
        return verdict switch
        {
            SettlementVerdict.Applied => new SettlementDecision(verdict, received - tax, tax, tax),
            SettlementVerdict.Overpaid when ExpectedOf(standing, received, context) is { } expected =>
                new SettlementDecision(verdict, expected, received - expected, tax),
            _ => new SettlementDecision(verdict, none, received, none),
        };
    }

    private static SettlementVerdict Verdict(Standing standing, Money net, SettlementContext context)
    {
        if (!context.ContractKnown || context.Price is null || standing.Contradicts)
        {
            return SettlementVerdict.Unknown;
        }

        if (context.Expected is { } agreed && agreed.Asset != net.Asset)
        {
            return SettlementVerdict.AssetMismatch;
        }

        if (context.Paid)
        {
            return SettlementVerdict.Duplicate;
        }

        if (!context.AwaitsPayment || standing.PaidAt > context.Deadline)
        {
            return SettlementVerdict.Late;
        }

        if (ExpectedOf(standing, net, context) is not { } expected)
        {
            return SettlementVerdict.Unknown;
        }

        if (net.Units < expected.Units - context.Tolerance)
        {
            return SettlementVerdict.Underpaid;
        }

        if (net > expected)
        {
            return SettlementVerdict.Overpaid;
        }

        // The rail calls it a mismatch though the amounts agree: one of them is wrong, a person must look.
        return standing.Progress == PaymentProgress.Mismatched && context.Tolerance == 0
            ? SettlementVerdict.Unknown
            : SettlementVerdict.Applied;
    }

    /// <summary>
    /// What the rail had to collect. When its answer to our start was lost, what it says it asked for counts only if
    /// it converted exactly our price.
    /// </summary>
    private static Money? ExpectedOf(Standing standing, Money received, SettlementContext context)
    {
        if (context.Expected is { } expected)
        {
            return expected;
        }

        return standing is { RequestedUnits: { } requested, PriceE9s: { } price } && price == context.Price?.Units
            ? new Money(received.Asset, requested)
            : null;
    }
}
