using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>Reads blocks of the ICP ledger.</summary>
internal static class IcpBlockReader
{
    /// <summary>Reads one block.</summary>
    /// <exception cref="CandidShapeException">Not a block.</exception>
    public static LedgerBlock Read(ulong index, CandidValue block)
    {
        var transaction = block["transaction"];
        var time = block["timestamp"]["timestamp_nanos"].AsNat64();
        var operation = transaction.Optional("operation")?.AsVariant();
        var kind = Kind(operation);
        if (operation is null || kind == LedgerOperation.Other)
        {
            return new LedgerBlock(
                index, time, LedgerOperation.Other, null, null, null, null, 0, 0, null, null, null);
        }

        var body = operation.Value;
        return new LedgerBlock(
            index,
            time,
            kind,
            From: null,
            To: null,
            Identifier(body, "from"),
            Identifier(body, "to"),
            Tokens(body, kind == LedgerOperation.Approve ? "allowance" : "amount"),
            Tokens(body, "fee"),
            transaction.Optional("icrc1_memo") is { } memo ? (ReadOnlyMemory<byte>?)memo.AsBlob() : null,
            transaction["created_at_time"]["timestamp_nanos"].AsNat64(),
            TransactionId: null);
    }

    private static LedgerOperation Kind(CandidValue.Variant? operation) => operation switch
    {
        null => LedgerOperation.Other,
        _ when operation.Is("Transfer") => LedgerOperation.Transfer,
        _ when operation.Is("Mint") => LedgerOperation.Mint,
        _ when operation.Is("Burn") => LedgerOperation.Burn,
        _ when operation.Is("Approve") => LedgerOperation.Approve,
        _ => LedgerOperation.Other,
    };

    private static string? Identifier(CandidValue body, string field) =>
        body.Optional(field) is { } identifier ? Convert.ToHexStringLower(identifier.AsBlob()) : null;

    private static UInt128 Tokens(CandidValue body, string field) =>
        body.Optional(field) is { } tokens ? tokens["e8s"].AsNat64() : UInt128.Zero;
}
