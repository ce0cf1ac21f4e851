using Decent.Canister.Client;

namespace Decent.Replica.Ledgers;

/// <summary>By what a ledger recognises a repeated transaction.</summary>
internal static class TransactionKeys
{
    public static string Of(LedgerSettings settings, TokenTransaction transaction, UInt128 fee) =>
        settings.Profile.Deduplication switch
        {
            DeduplicationRule.ResolvedFields => PlatformId(settings, transaction, fee)!,
            DeduplicationRule.ResolvedOperation =>
                Convert.ToHexStringLower(IcpBlockEncoding.TransactionHash(transaction, fee)),
            _ => Convert.ToHexStringLower(RepresentationIndependentHash.Of(Icrc3Blocks.Transaction(transaction))),
        };

    /// <summary>The platform canister's transaction id; null on other ledgers.</summary>
    public static string? PlatformId(LedgerSettings settings, TokenTransaction transaction, UInt128 fee) =>
        settings.Profile.Deduplication != DeduplicationRule.ResolvedFields
            ? null
            : PlatformTransfer.TransactionId(
                transaction.From!.Account,
                transaction.To!.Account,
                (ulong)transaction.Amount,
                (ulong)fee,
                transaction.Memo,
                transaction.CreatedAtTime!.Value);
}
