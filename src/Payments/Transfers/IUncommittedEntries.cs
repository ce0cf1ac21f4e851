using Decent.Canister.Client;

namespace Decent.Payments.Transfers;

/// <summary>What a ledger has executed and does not yet show in its committed history.</summary>
internal interface IUncommittedEntries
{
    /// <summary>Whether a transfer may have been executed without showing in the committed history.</summary>
    Task<bool> MayHoldAsync(
        TokenLedger ledger, TransferArgument argument, IcrcAccount from, CancellationToken cancellationToken);
}

/// <inheritdoc cref="IUncommittedEntries" />
internal sealed class UncommittedEntries(IAgent agent) : IUncommittedEntries
{
    private const uint PageLength = 100;

    /// <inheritdoc />
    public async Task<bool> MayHoldAsync(
        TokenLedger ledger, TransferArgument argument, IcrcAccount from, CancellationToken cancellationToken)
    {
        if (ledger.Client.Profile.Blocks != BlockApi.LedgerEntries)
        {
            return false;
        }

        var wanted = PlatformTransfer.TransactionId(
            from,
            argument.To,
            checked((ulong)argument.Amount),
            checked((ulong)(argument.Fee ?? throw new InvalidOperationException("The fee is part of the id."))),
            argument.Memo.Span,
            argument.CreatedAtTimeNs);
        var platform = new PlatformCanisterClient(agent, ledger.Client.Canister);
        var metadata = await platform.MetadataAsync(cancellationToken);
        var cursor = metadata.DataStart is { } start
            ? new PlatformCursor(start, 0)
            : throw new CanisterCallException(
                ledger.Client.Canister.ToText(), "metadata", "does not say where its data start");
        while (true)
        {
            var page = await platform.LedgerEntriesAsync(
                PlatformTransfer.Label, cursor, PageLength, cancellationToken, includeNextBlock: true);
            if (page.Entries.Any(e =>
                    string.Equals(Convert.ToHexStringLower(e.Key.Span), wanted, StringComparison.Ordinal)))
            {
                return true;
            }

            if (page.Entries.Count == 0 || page.Next is not { } next || next == cursor)
            {
                return false;
            }

            cursor = next;
        }
    }
}
