namespace Decent.Replica.Ledgers;

internal enum TokenOperation
{
    Mint,
    Burn,
    Transfer,
    Approve,
}

/// <summary>
/// What a caller asked for, as written: the part of a block the caller is responsible for. <c>Fee</c> is what the
/// caller gave, never what was charged.
/// </summary>
internal sealed record TokenTransaction(
    TokenOperation Operation,
    LedgerAccount? From,
    LedgerAccount? To,
    LedgerAccount? Spender,
    UInt128 Amount,
    UInt128? Fee,
    byte[]? Memo,
    ulong? CreatedAtTime,
    UInt128? ExpectedAllowance = null,
    ulong? ExpiresAt = null);

/// <summary>An executed transaction with what the ledger added: number, time, fee charged, chained hash.</summary>
internal sealed record TokenBlock(
    ulong Index,
    ulong Timestamp,
    TokenTransaction Transaction,
    UInt128 FeeCharged,
    byte[]? ParentHash,
    byte[] Hash,
    string? TransactionId,
    UInt128 BalanceFromAfter,
    UInt128 BalanceToAfter);

/// <summary>A caller's transfer before the ledger looked at it.</summary>
internal sealed record TransferRequest(
    LedgerAccount From,
    LedgerAccount To,
    UInt128? Amount,
    UInt128? Fee,
    byte[]? Memo,
    ulong? CreatedAtTime,
    LedgerAccount? Spender = null)
{
    /// <summary>Null when the caller named more than any ledger can hold.</summary>
    public UInt128? Amount { get; init; } = Amount;
}

/// <summary>An approval before the ledger looked at it.</summary>
internal sealed record ApproveRequest(
    LedgerAccount From,
    LedgerAccount Spender,
    UInt128 Amount,
    UInt128? ExpectedAllowance,
    ulong? ExpiresAt,
    UInt128? Fee,
    byte[]? Memo,
    ulong? CreatedAtTime);
