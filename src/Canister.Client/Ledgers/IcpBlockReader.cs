using Decent.Canister.Client.IcpLedger;

namespace Decent.Canister.Client;

/// <summary>Reads blocks of the ICP ledger.</summary>
internal static class IcpBlockReader
{
    /// <summary>Reads one block; operations of later versions are <see cref="LedgerOperation.Other" />.</summary>
    public static LedgerBlock Read(ulong index, Block block)
    {
        var transaction = block.Transaction;
        var time = block.Timestamp.TimestampNanos;
        var (kind, from, to, amount, fee) = transaction.Operation switch
        {
            Operation.Transfer t => (LedgerOperation.Transfer, Identifier(t.From), Identifier(t.To), t.Amount, t.Fee),
            Operation.Mint m => (LedgerOperation.Mint, null, Identifier(m.To), m.Amount, null),
            Operation.Burn b => (LedgerOperation.Burn, Identifier(b.From), null, b.Amount, null),
            Operation.Approve a => (LedgerOperation.Approve, Identifier(a.From), null, a.Allowance, a.Fee),
            _ => ((LedgerOperation, string?, string?, Tokens?, Tokens?))(LedgerOperation.Other, null, null, null, null),
        };
        return kind == LedgerOperation.Other
            ? new LedgerBlock(
                index, time, LedgerOperation.Other, null, null, null, null, 0, 0, null, null, null)
            : new LedgerBlock(
                index,
                time,
                kind,
                From: null,
                To: null,
                from,
                to,
                amount?.E8s ?? 0,
                fee?.E8s ?? 0,
                transaction.Icrc1Memo,
                transaction.CreatedAtTime.TimestampNanos,
                TransactionId: null);
    }

    private static string? Identifier(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(bytes.Span);
}
