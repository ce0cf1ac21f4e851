using System.Runtime.CompilerServices;
using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>
/// The token ledger of the platform canister. Its history is a log of labelled entries read by cursor; a block's index
/// here is the ordinal number of the transfer among all transfers, which no upgrade changes.
/// </summary>
internal sealed class PlatformLedgerClient(IAgent agent, Principal canister, LedgerProfile profile)
    : LedgerClient(agent, canister, profile)
{
    private const uint PageLength = 100;

    private readonly PlatformCanisterClient platform = new(agent, canister);
    private readonly Lock sync = new();

    /// <summary>Cursors met so far, by the ordinal of the transfer that follows; the log only grows.</summary>
    private readonly SortedList<ulong, PlatformCursor> checkpoints = [];

    public override async Task<ulong> LengthAsync(CancellationToken cancellationToken)
    {
        var (next, cursor) = await NearestAsync(ulong.MaxValue, cancellationToken);
        await foreach (var page in PagesAsync(next, cursor, cancellationToken))
        {
            next = page.First + (ulong)page.Entries.Count;
        }

        return next;
    }

    public override async IAsyncEnumerable<LedgerBlock> BlocksAsync(
        ulong from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (next, cursor) = await NearestAsync(from, cancellationToken);
        await foreach (var page in PagesAsync(next, cursor, cancellationToken))
        {
            for (var i = 0; i < page.Entries.Count; i++)
            {
                var index = page.First + (ulong)i;
                if (index >= from)
                {
                    yield return Read(index, page.Entries[i]);
                }
            }
        }
    }

    private static LedgerBlock Read(ulong index, PlatformEntry entry)
    {
        try
        {
            var transfer = PlatformTransfer.Decode(entry.Value);
            return new LedgerBlock(
                index,
                transfer.CreatedAtTimeNs ?? 0,
                Operation(transfer),
                transfer.From,
                transfer.To,
                FromIdentifier: null,
                ToIdentifier: null,
                transfer.Amount,
                transfer.Fee ?? UInt128.Zero,
                transfer.Memo,
                transfer.CreatedAtTimeNs,
                Convert.ToHexStringLower(entry.Key.Span));
        }
        catch (FormatException)
        {
            return new LedgerBlock(
                index,
                0,
                LedgerOperation.Other,
                null,
                null,
                null,
                null,
                UInt128.Zero,
                UInt128.Zero,
                null,
                null,
                Convert.ToHexStringLower(entry.Key.Span));
        }
    }

    private static LedgerOperation Operation(PlatformTransfer transfer) =>
        IsMinting(transfer.From) ? LedgerOperation.Mint
        : IsMinting(transfer.To) ? LedgerOperation.Burn
        : LedgerOperation.Transfer;

    private static bool IsMinting(IcrcAccount account) =>
        account.Subaccount is null && account.Owner.Bytes.SequenceEqual("MINTING"u8);

    /// <summary>
    /// Pages until the log answers with an empty one. The canister's own "has more" is not trusted: it may say no at
    /// the end of a block.
    /// </summary>
    private async IAsyncEnumerable<(ulong First, IReadOnlyList<PlatformEntry> Entries)> PagesAsync(
        ulong next, PlatformCursor cursor, [EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            var page = await platform.LedgerEntriesAsync(PlatformTransfer.Label, cursor, PageLength, ct);
            if (page.Entries.Count == 0)
            {
                yield break;
            }

            yield return (next, page.Entries);
            next += (ulong)page.Entries.Count;
            if (page.Next is not { } following || following == cursor)
            {
                yield break;
            }

            cursor = following;
            lock (sync)
            {
                checkpoints[next] = cursor;
            }
        }
    }

    private async Task<(ulong Next, PlatformCursor Cursor)> NearestAsync(ulong wanted, CancellationToken ct)
    {
        lock (sync)
        {
            for (var i = checkpoints.Count - 1; i >= 0; i--)
            {
                if (checkpoints.GetKeyAtIndex(i) <= wanted)
                {
                    return (checkpoints.GetKeyAtIndex(i), checkpoints.GetValueAtIndex(i));
                }
            }
        }

        var metadata = await platform.MetadataAsync(ct);
        var start = metadata.DataStart ?? throw new CanisterCallException(
            Canister.ToText(), "metadata", "does not say where the ledger's data start");
        return (0, new PlatformCursor(start, 0));
    }
}
