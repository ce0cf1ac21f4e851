namespace Decent.Canister.Client;

/// <summary>What a block of a ledger records.</summary>
public enum LedgerOperation
{
    /// <summary>Tokens moved between two accounts.</summary>
    Transfer,

    /// <summary>Tokens came into being.</summary>
    Mint,

    /// <summary>Tokens were destroyed.</summary>
    Burn,

    /// <summary>An allowance was set; no tokens moved except the fee.</summary>
    Approve,

    /// <summary>A block type this program does not know.</summary>
    Other,
}

/// <summary>One block of a ledger's history in a form common to all ledgers.</summary>
/// <param name="Index">Position in the ledger's history, from 0.</param>
/// <param name="TimestampNs">
/// Ledger time of the block, nanoseconds since 1970; for the platform canister, whose entries carry no time of their
/// own, the <c>created_at_time</c> that it fills in itself when the caller gave none.
/// </param>
/// <param name="Operation">What it records.</param>
/// <param name="From">The debited account where the ledger names owners.</param>
/// <param name="To">The credited account where the ledger names owners.</param>
/// <param name="FromIdentifier">The debited ICP account identifier, 64 hex digits, where no owner is named.</param>
/// <param name="ToIdentifier">The credited ICP account identifier, 64 hex digits, where the owner is not named.</param>
/// <param name="Amount">Smallest units, without the fee.</param>
/// <param name="Fee">Smallest units charged to the debited account.</param>
/// <param name="Memo">The memo, or null when the block has none.</param>
/// <param name="CreatedAtTimeNs">The sender's <c>created_at_time</c>, or null when the block has none.</param>
/// <param name="TransactionId">The ledger's own transaction id as 64 hex digits, where it has one.</param>
public sealed record LedgerBlock(
    ulong Index,
    ulong TimestampNs,
    LedgerOperation Operation,
    IcrcAccount? From,
    IcrcAccount? To,
    string? FromIdentifier,
    string? ToIdentifier,
    UInt128 Amount,
    UInt128 Fee,
    ReadOnlyMemory<byte>? Memo,
    ulong? CreatedAtTimeNs,
    string? TransactionId)
{
    /// <summary>Whether this block is the execution of a transfer.</summary>
    /// <param name="argument">The transfer as it was sent.</param>
    /// <param name="from">The account that pays.</param>
    /// <param name="profile">The ledger's profile, which names the match key.</param>
    /// <param name="defaultFee">
    /// The fee the ledger charged when <see cref="TransferArgument.Fee"/> is null; only the transaction id needs it.
    /// Null takes the fee this block shows.
    /// </param>
    public bool Matches(
        TransferArgument argument, IcrcAccount from, LedgerProfile profile, UInt128? defaultFee = null)
    {
        ArgumentNullException.ThrowIfNull(argument);
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(profile);
        if (Operation is not (LedgerOperation.Transfer or LedgerOperation.Burn or LedgerOperation.Mint))
        {
            return false;
        }

        return profile.Match switch
        {
            MatchKey.TransactionId => MatchesTransactionId(argument, from, defaultFee),
            MatchKey.AccountIdentifiers => MatchesFields(argument)
                && SameIdentifier(FromIdentifier, From, from)
                && SameIdentifier(ToIdentifier, To, argument.To),
            _ => MatchesFields(argument) && SameAccount(From, from) && SameAccount(To, argument.To),
        };
    }

    /// <summary>Whether this block credits <paramref name="account"/>.</summary>
    /// <param name="account">The account to look for.</param>
    public bool Credits(IcrcAccount account) => Names(To, ToIdentifier, account)
        && Operation is LedgerOperation.Transfer or LedgerOperation.Mint;

    /// <summary>Whether this block debits <paramref name="account"/> (amount, or the fee of an approval).</summary>
    /// <param name="account">The account to look for.</param>
    public bool Debits(IcrcAccount account) => Names(From, FromIdentifier, account);

    private static bool Names(IcrcAccount? named, string? identifier, IcrcAccount wanted) =>
        named is not null ? SameAccount(named, wanted)
        : identifier is not null && SameIdentifier(identifier, null, wanted);

    private static bool SameAccount(IcrcAccount? left, IcrcAccount right) =>
        left is not null && string.Equals(left.ToString(), right.ToString(), StringComparison.Ordinal);

    private static bool SameIdentifier(string? identifier, IcrcAccount? owner, IcrcAccount wanted)
    {
        var expected = IcpAccountIdentifier.Of(wanted).ToString();
        var actual = identifier ?? (owner is null ? null : IcpAccountIdentifier.Of(owner).ToString());
        return string.Equals(actual, expected, StringComparison.OrdinalIgnoreCase);
    }

    private bool MatchesFields(TransferArgument argument) =>
        Amount == argument.Amount
        && CreatedAtTimeNs == argument.CreatedAtTimeNs
        && (Memo ?? default).Span.SequenceEqual(argument.Memo.Span);

    private bool MatchesTransactionId(TransferArgument argument, IcrcAccount from, UInt128? defaultFee)
    {
        var fee = argument.Fee ?? defaultFee ?? Fee;
        if (TransactionId is null || argument.Amount > ulong.MaxValue || fee > ulong.MaxValue)
        {
            return false;
        }

        var expected = PlatformTransfer.TransactionId(
            from, argument.To, (ulong)argument.Amount, (ulong)fee, argument.Memo.Span, argument.CreatedAtTimeNs);
        return string.Equals(TransactionId, expected, StringComparison.OrdinalIgnoreCase);
    }
}
