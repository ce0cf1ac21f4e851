using Decent.Canister.Client;

namespace Decent.Payments.Transfers;

/// <summary>What the blocks of a ledger say about one transfer.</summary>
/// <param name="Found">Blocks that match it, in order.</param>
/// <param name="Covered">True when the blocks reach later than its last attempt could run, so that absence counts.</param>
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
    /// <param name="certifiedNs">Certified time read before the scan began, or null when it is not known.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    public static async Task<ScanResult> RunAsync(
        TokenLedger ledger,
        TransferArgument argument,
        IcrcAccount from,
        ulong origin,
        ulong lastExpiryNs,
        ulong? certifiedNs,
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

        return new ScanResult(found, latestNs > lastExpiryNs || CoveredByTime(ledger, certifiedNs, lastExpiryNs), through);
    }

    /// <summary>
    /// On a quiet ledger no later block may ever come; there the subnet's certified time stands in for it, with a
    /// margin for a node that answers from a little earlier. A ledger that commits blocks late gets no such credit.
    /// </summary>
    private static bool CoveredByTime(TokenLedger ledger, ulong? certifiedNs, ulong lastExpiryNs) =>
        ledger.Client.Profile.Blocks != BlockApi.LedgerEntries
        && certifiedNs is { } certified
        && certified > lastExpiryNs + (ulong)(SignedRequest.StatusRetention.Ticks * 100);
}
