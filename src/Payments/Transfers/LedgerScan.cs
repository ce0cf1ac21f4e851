using Decent.Canister.Client;

namespace Decent.Payments.Transfers;

/// <summary>What the blocks of a ledger say about one transfer.</summary>
/// <param name="Found">Blocks that match it, in order.</param>
/// <param name="Covered">True when the blocks reach later than its last attempt could run, so that absence
/// counts.</param>
/// <param name="Through">Index of the last block read, or null when there was none.</param>
internal sealed record ScanResult(IReadOnlyList<LedgerBlock> Found, bool Covered, ulong? Through);

/// <summary>Reads blocks from a saved origin and looks for a transfer.</summary>
internal static class LedgerScan
{
    /// <summary>Scans to the end of the ledger.</summary>
    /// <param name="ledger">The token.</param>
    /// <param name="argument">What was to be paid.</param>
    /// <param name="from">Our account it was to be paid from.</param>
    /// <param name="origin">First block to look at.</param>
    /// <param name="lastExpiryNs">After this no attempt can have run; nanoseconds since 1970.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    public static async Task<ScanResult> RunAsync(
        TokenLedger ledger,
        TransferArgument argument,
        IcrcAccount from,
        ulong origin,
        ulong lastExpiryNs,
        CancellationToken cancellationToken)
    {
        var found = new List<LedgerBlock>();
        var latestNs = 0UL;
        ulong? through = null;
        await foreach (var block in ledger.Client.BlocksAsync(origin, cancellationToken))
        {
            latestNs = Math.Max(latestNs, block.TimestampNs);
            through = block.Index;
            if (block.Matches(argument, from, ledger.Client.Profile))
            {
                found.Add(block);
            }
        }

        // Entries of a ledger without block times carry the sender's own stamp, which may run ahead.
        var profile = ledger.Client.Profile;
        var margin = profile.Blocks == BlockApi.LedgerEntries ? (ulong)(profile.DriftAhead.Ticks * 100) : 0;
        return new ScanResult(found, latestNs > lastExpiryNs + margin, through);
    }

    /// <summary>
    /// Whether a certified time, read before a scan, is late enough to stand in for a later block: on a quiet ledger
    /// none may ever come. The margin is for a node that answers from a little earlier.
    /// </summary>
    public static bool IsLate(ulong? certifiedNs, ulong lastExpiryNs) =>
        certifiedNs is { } certified && certified > lastExpiryNs + (ulong)(SignedRequest.StatusRetention.Ticks * 100);
}
