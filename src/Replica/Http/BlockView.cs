using Decent.Replica.Ledgers;

namespace Decent.Replica.Http;

/// <summary>
/// A block in plain JSON: what a judge reads who trusts neither our books nor our decoders. Amounts are decimal text
/// in smallest units.
/// </summary>
/// <param name="Index">Position in the ledger.</param>
/// <param name="TimestampNs">Ledger time, nanoseconds since 1970.</param>
/// <param name="Operation">mint, burn, transfer or approve.</param>
/// <param name="From">Debited account, ICRC-1 text.</param>
/// <param name="To">Credited account, ICRC-1 text.</param>
/// <param name="Spender">Who spent with an allowance.</param>
/// <param name="Amount">Without the fee.</param>
/// <param name="Fee">Fee charged.</param>
/// <param name="MemoHex">Memo, or null.</param>
/// <param name="CreatedAtTimeNs">The sender's stamp, or null.</param>
/// <param name="TransactionId">The ledger's own transaction id, where it has one.</param>
/// <param name="Hash">Hash of the block.</param>
/// <param name="ParentHash">Hash of the block before it.</param>
internal sealed record BlockView(
    ulong Index,
    ulong TimestampNs,
    string Operation,
    string? From,
    string? To,
    string? Spender,
    string Amount,
    string Fee,
    string? MemoHex,
    ulong? CreatedAtTimeNs,
    string? TransactionId,
    string Hash,
    string? ParentHash)
{
    public static BlockView Of(TokenBlock block)
    {
        var transaction = block.Transaction;
        return new BlockView(
            block.Index,
            block.Timestamp,
            transaction.Operation.ToString().ToLowerInvariant(),
            Text(transaction.From),
            Text(transaction.To),
            Text(transaction.Spender),
            transaction.Amount.ToString(System.Globalization.CultureInfo.InvariantCulture),
            block.FeeCharged.ToString(System.Globalization.CultureInfo.InvariantCulture),
            transaction.Memo is { } memo ? Convert.ToHexStringLower(memo) : null,
            transaction.CreatedAtTime,
            block.TransactionId,
            Convert.ToHexStringLower(block.Hash),
            block.ParentHash is { } parent ? Convert.ToHexStringLower(parent) : null);
    }

    private static string? Text(LedgerAccount? account) => account?.Account.ToString();
}
