namespace Decent.Canister.Client;

/// <summary>How a ledger recognises a transfer it has already executed.</summary>
public enum DeduplicationRule
{
    /// <summary>The ledger never recognises a repeat.</summary>
    None,

    /// <summary>
    /// The arguments as written: a fee left out and the same fee given, no memo and an empty memo, no subaccount and
    /// 32 zeros are different transactions (DFINITY ICRC-1 ledger).
    /// </summary>
    ArgumentsAsGiven,

    /// <summary>
    /// The operation after resolution: account identifiers and the fee actually charged; no memo and an empty memo
    /// still differ (ICP ledger).
    /// </summary>
    ResolvedOperation,

    /// <summary>
    /// All fields after defaults were filled in: a missing memo equals an empty one, a missing subaccount 32 zeros
    /// (platform canister).
    /// </summary>
    ResolvedFields,
}

/// <summary>Which fee a ledger expects with a transfer.</summary>
public enum FeeRule
{
    /// <summary>An absent fee means the ledger's own; a burn is free whether or not fee 0 is given.</summary>
    FreeBurn,

    /// <summary>An absent fee means the ledger's own, also on a burn, which therefore needs an explicit 0.</summary>
    ExplicitZeroBurn,
}

/// <summary>How a ledger shows its history.</summary>
public enum BlockApi
{
    /// <summary><c>icrc3_get_blocks</c> with archive callbacks.</summary>
    Icrc3,

    /// <summary><c>query_blocks</c> with archive callbacks, length from <c>tip_of_chain</c>.</summary>
    QueryBlocks,

    /// <summary><c>ledger_entries</c> of the platform canister.</summary>
    LedgerEntries,
}

/// <summary>What identifies one of our transfers in a ledger's history.</summary>
public enum MatchKey
{
    /// <summary>Both accounts, amount, memo and <c>created_at_time</c>.</summary>
    Accounts,

    /// <summary>Both ICP account identifiers, amount, memo and <c>created_at_time</c>.</summary>
    AccountIdentifiers,

    /// <summary>The transaction id, which the sender can compute before sending.</summary>
    TransactionId,
}

/// <summary>
/// Everything in which ledgers differ for somebody who pays through them. Code branches on a profile, never on the
/// name of an asset.
/// </summary>
/// <param name="Name">Configuration name: <c>icrc</c>, <c>icp</c> or <c>platform</c>.</param>
/// <param name="Deduplication">How a repeated transfer is recognised.</param>
/// <param name="Window">How long after <c>created_at_time</c> a transfer is accepted and remembered.</param>
/// <param name="DriftAhead">How far <c>created_at_time</c> may lie ahead of the ledger's clock.</param>
/// <param name="DriftBehind">Grace added to <paramref name="Window"/> before a transfer is refused as too old.</param>
/// <param name="Fee">The fee rule.</param>
/// <param name="Blocks">The history interface.</param>
/// <param name="Match">The key by which a transfer is found in the history.</param>
/// <param name="Certifiable">Whether the ledger certifies its tip: only then can absence be proven.</param>
/// <param name="InsufficientFundsIsConclusive">
/// Whether "insufficient funds" on an identical retry proves that no earlier attempt executed (deduplication is
/// checked before funds).
/// </param>
public sealed record LedgerProfile(
    string Name,
    DeduplicationRule Deduplication,
    TimeSpan Window,
    TimeSpan DriftAhead,
    TimeSpan DriftBehind,
    FeeRule Fee,
    BlockApi Blocks,
    MatchKey Match,
    bool Certifiable,
    bool InsufficientFundsIsConclusive)
{
    /// <summary>The longest memo any of these ledgers accepts, in bytes; a longer one traps.</summary>
    public const int MaxMemoBytes = 32;

    /// <summary>The DFINITY ICRC-1/2/3 ledger.</summary>
    public static LedgerProfile Icrc { get; } = new(
        "icrc",
        DeduplicationRule.ArgumentsAsGiven,
        TimeSpan.FromHours(24),
        DriftAhead: TimeSpan.FromSeconds(60),
        DriftBehind: TimeSpan.Zero,
        FeeRule.FreeBurn,
        BlockApi.Icrc3,
        MatchKey.Accounts,
        Certifiable: true,
        InsufficientFundsIsConclusive: true);

    /// <summary>The ICP ledger.</summary>
    public static LedgerProfile Icp { get; } = new(
        "icp",
        DeduplicationRule.ResolvedOperation,
        TimeSpan.FromHours(24),
        DriftAhead: TimeSpan.FromSeconds(60),
        DriftBehind: TimeSpan.Zero,
        FeeRule.FreeBurn,
        BlockApi.QueryBlocks,
        MatchKey.AccountIdentifiers,
        Certifiable: true,
        InsufficientFundsIsConclusive: true);

    /// <summary>The token ledger inside the platform canister.</summary>
    public static LedgerProfile Platform { get; } = new(
        "platform",
        DeduplicationRule.ResolvedFields,
        TimeSpan.FromHours(24),
        DriftAhead: TimeSpan.FromMinutes(2),
        DriftBehind: TimeSpan.FromMinutes(2),
        FeeRule.ExplicitZeroBurn,
        BlockApi.LedgerEntries,
        MatchKey.TransactionId,
        Certifiable: false,
        InsufficientFundsIsConclusive: false);

    /// <summary>All known profiles by configuration name.</summary>
    public static IReadOnlyDictionary<string, LedgerProfile> ByName { get; } =
        new Dictionary<string, LedgerProfile>(StringComparer.Ordinal)
        {
            [Icrc.Name] = Icrc,
            [Icp.Name] = Icp,
            [Platform.Name] = Platform,
        };
}
