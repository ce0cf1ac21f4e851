using System.Text.RegularExpressions;

namespace Decent.Ledger.Books;

/// <summary>What a path says about its account.</summary>
/// <param name="Side">Normal side.</param>
/// <param name="HasFloor">True when the balance less holds may not fall below zero by our own intents.</param>
public sealed record AccountRule(NormalSide Side, bool HasFloor);

/// <summary>
/// The chart of accounts as a pure function from path to rule. Paths are lower-case words, ids and asset codes
/// joined by '/'. An unknown shape has no rule and cannot be posted to.
/// </summary>
public static partial class ChartOfAccounts
{
    private static readonly (Regex Shape, AccountRule Rule)[] Shapes =
    [
        (Contract(), new AccountRule(NormalSide.Credit, true)),
        (ProviderPayable(), new AccountRule(NormalSide.Credit, true)),
        (ProviderReceivable(), new AccountRule(NormalSide.Debit, true)),
        (RailClearing(), new AccountRule(NormalSide.Debit, false)),
        (Suspense(), new AccountRule(NormalSide.Credit, true)),
        (ChainWallet(), new AccountRule(NormalSide.Debit, true)),
        (PlatformIncome(), new AccountRule(NormalSide.Credit, false)),
        (PlatformExpense(), new AccountRule(NormalSide.Debit, false)),
        (Fx(), new AccountRule(NormalSide.Credit, false)),
        (Rounding(), new AccountRule(NormalSide.Credit, false)),
        (User(), new AccountRule(NormalSide.Credit, false)),
    ];

    /// <summary>The rule for a path, or null when the chart has no such account.</summary>
    public static AccountRule? RuleFor(string path)
    {
        foreach (var (shape, rule) in Shapes)
        {
            if (shape.IsMatch(path))
            {
                return rule;
            }
        }

        return null;
    }

    /// <summary>The asset code that is part of a path (<c>chain/</c>, <c>fx/</c>, <c>rounding/</c>); null where any asset fits.</summary>
    public static string? AssetCodeIn(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.Split('/') switch
        {
            ["chain", var code, "wallet"] => code,
            ["fx", var code] => code,
            ["rounding", var code] => code,
            _ => null,
        };
    }

    /// <summary>Money held for a contract until it is earned or refunded.</summary>
    public static string ContractEscrow(string contractId) => $"contract/{contractId}/escrow";

    /// <summary>What is owed to a renter by rail refund and not yet out.</summary>
    public static string ContractRefundable(string contractId) => $"contract/{contractId}/refundable";

    /// <summary>Earned by a provider and not yet paid.</summary>
    public static string PayableTo(string providerId) => $"provider/{providerId}/payable";

    /// <summary>Owed by a provider to the platform.</summary>
    public static string ReceivableFrom(string providerId) => $"provider/{providerId}/receivable";

    /// <summary>What a rail holds for the platform.</summary>
    public static string RailClearingOf(string rail) => $"rail/{rail}/clearing";

    /// <summary>Money whose purpose is not settled, by where it came in.</summary>
    public static string SuspenseOf(string rail) => $"suspense/{rail}";

    /// <summary>The platform's own account on a ledger canister.</summary>
    /// <param name="ledger">Code of the token.</param>
    public static string Wallet(string ledger) => $"chain/{ledger}/wallet";

    /// <summary>Open position of the platform in an asset after an exchange.</summary>
    public static string FxOf(string assetCode) => $"fx/{assetCode}";

    /// <summary>Dust of an asset, by a rounding that names it.</summary>
    public static string RoundingOf(string assetCode) => $"rounding/{assetCode}";

    /// <summary>Platform fees earned.</summary>
    public const string PlatformFees = "platform/fees";

    /// <summary>Money the owner put in.</summary>
    public const string PlatformCapital = "platform/capital";

    /// <summary>Fees charged by a rail or ledger.</summary>
    public static string ExpenseOf(string what) => $"platform/expense/{what}";

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    [GeneratedRegex("^contract/[A-Za-z0-9_-]{1,64}/(escrow|refundable)\\z", Options, 1000)]
    private static partial Regex Contract();

    [GeneratedRegex("^provider/[A-Za-z0-9_.-]{1,64}/payable\\z", Options, 1000)]
    private static partial Regex ProviderPayable();

    [GeneratedRegex("^provider/[A-Za-z0-9_.-]{1,64}/receivable\\z", Options, 1000)]
    private static partial Regex ProviderReceivable();

    [GeneratedRegex("^rail/[a-z0-9_-]{1,32}/clearing\\z", Options, 1000)]
    private static partial Regex RailClearing();

    [GeneratedRegex("^suspense/[a-z0-9_-]{1,32}\\z", Options, 1000)]
    private static partial Regex Suspense();

    [GeneratedRegex("^chain/[A-Za-z0-9_-]{1,32}/wallet\\z", Options, 1000)]
    private static partial Regex ChainWallet();

    [GeneratedRegex("^platform/(fees|capital)\\z", Options, 1000)]
    private static partial Regex PlatformIncome();

    [GeneratedRegex("^platform/expense/[a-z0-9_-]{1,32}\\z", Options, 1000)]
    private static partial Regex PlatformExpense();

    [GeneratedRegex("^fx/[A-Za-z0-9_-]{1,32}\\z", Options, 1000)]
    private static partial Regex Fx();

    [GeneratedRegex("^rounding/[A-Za-z0-9_-]{1,32}\\z", Options, 1000)]
    private static partial Regex Rounding();

    [GeneratedRegex("^user/[A-Za-z0-9_./-]{1,128}\\z", Options, 1000)]
    private static partial Regex User();
}
