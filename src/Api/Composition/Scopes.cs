namespace Decent.Api.Composition;

/// <summary>What a key may do. Each scope is an authorisation policy of the same name.</summary>
public static class Scopes
{
    /// <summary>Create and cancel contracts.</summary>
    public const string ContractsWrite = "contracts:write";

    /// <summary>Read contracts, releases and settlements.</summary>
    public const string ContractsRead = "contracts:read";

    /// <summary>Start collections.</summary>
    public const string PaymentsWrite = "payments:write";

    /// <summary>Read collections and refunds.</summary>
    public const string PaymentsRead = "payments:read";

    /// <summary>Set payout accounts.</summary>
    public const string PayeesWrite = "payees:write";

    /// <summary>Create payout drafts.</summary>
    public const string PayoutsCreate = "payouts:create";

    /// <summary>Approve and cancel payouts.</summary>
    public const string PayoutsApprove = "payouts:approve";

    /// <summary>Read payouts and provider balances.</summary>
    public const string PayoutsRead = "payouts:read";

    /// <summary>Accept deposits.</summary>
    public const string TreasuryWrite = "treasury:write";

    /// <summary>Read accounts, postings and the treasury.</summary>
    public const string BooksRead = "books:read";

    /// <summary>Read prices and sources.</summary>
    public const string OracleRead = "oracle:read";

    /// <summary>Run reconciliation and resolve findings.</summary>
    public const string FindingsWrite = "findings:write";

    /// <summary>Read findings and reconciliation runs.</summary>
    public const string FindingsRead = "findings:read";

    /// <summary>Sign in to the console.</summary>
    public const string ConsoleUse = "console:use";

    /// <summary>Every scope.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        ContractsWrite, ContractsRead, PaymentsWrite, PaymentsRead, PayeesWrite, PayoutsCreate, PayoutsApprove,
        PayoutsRead, TreasuryWrite, BooksRead, OracleRead, FindingsWrite, FindingsRead, ConsoleUse,
    ];
}
