using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>
/// Reads ICRC-3 blocks. Block types of newer standards, and anything that cannot be read, become
/// <see cref="LedgerOperation.Other"/>: one strange block must not hide the ones behind it.
/// </summary>
internal static class Icrc3BlockReader
{
    public static LedgerBlock Read(ulong index, IcrcLedger.Icrc3Value block)
    {
        try
        {
            return Icrc3Value.From(block) is HashableValue.Map map ? Read(index, map) : Other(index, 0);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
            return Other(index, 0);
        }
    }

    private static LedgerBlock Read(ulong index, HashableValue.Map block)
    {
        var time = Number64(block, "ts") ?? 0;
        if (block.Fields.GetValueOrDefault("tx") is not HashableValue.Map tx)
        {
            return Other(index, time);
        }

        var operation = Operation(Text(block, "btype"), Text(tx, "op"));
        if (operation == LedgerOperation.Other)
        {
            return Other(index, time);
        }

        var fee = operation is LedgerOperation.Transfer or LedgerOperation.Approve
            ? Number(tx, "fee") ?? Number(block, "fee") ?? UInt128.Zero
            : UInt128.Zero;
        return new LedgerBlock(
            index,
            time,
            operation,
            Account(tx, "from"),
            Account(tx, "to"),
            FromIdentifier: null,
            ToIdentifier: null,
            Number(tx, "amt") ?? throw new FormatException("The block names no amount."),
            fee,
            tx.Fields.GetValueOrDefault("memo") is HashableValue.Blob memo ? (ReadOnlyMemory<byte>?)memo.Bytes : null,
            Number64(tx, "ts"),
            TransactionId: null);
    }

    /// <summary>The block's type wins over the older name inside the transaction.</summary>
    private static LedgerOperation Operation(string? type, string? operation) => (type ?? operation) switch
    {
        "1mint" or "mint" => LedgerOperation.Mint,
        "1burn" or "burn" => LedgerOperation.Burn,
        "1xfer" or "2xfer" or "xfer" => LedgerOperation.Transfer,
        "2approve" or "approve" => LedgerOperation.Approve,
        _ => LedgerOperation.Other,
    };

    private static LedgerBlock Other(ulong index, ulong time) => new(
        index, time, LedgerOperation.Other, null, null, null, null, UInt128.Zero, UInt128.Zero, null, null, null);

    private static string? Text(HashableValue.Map map, string name) =>
        (map.Fields.GetValueOrDefault(name) as HashableValue.Text)?.Value;

    private static UInt128? Number(HashableValue.Map map, string name) =>
        map.Fields.GetValueOrDefault(name) is HashableValue.Nat number ? checked((UInt128)number.Value) : null;

    private static ulong? Number64(HashableValue.Map map, string name) =>
        map.Fields.GetValueOrDefault(name) is HashableValue.Nat number ? checked((ulong)number.Value) : null;

    private static IcrcAccount? Account(HashableValue.Map map, string name)
    {
        if (map.Fields.GetValueOrDefault(name) is not HashableValue.Array { Items: var parts }
            || parts.Count is 0 or > 2)
        {
            return null;
        }

        var blobs = parts.OfType<HashableValue.Blob>().ToArray();
        return blobs.Length == parts.Count
            ? new IcrcAccount(
                Principal.FromBytes(blobs[0].Bytes.Span),
                blobs.Length == 2 ? (ReadOnlyMemory<byte>?)blobs[1].Bytes : null)
            : throw new FormatException("An account is an array of blobs.");
    }
}
