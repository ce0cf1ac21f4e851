using Decent.Ledger;
using Decent.Ledger.Books;
using Decent.Payments.Transfers;

namespace Decent.Payments.Treasury;

/// <summary>One token's wallet: chain against books at one moment.</summary>
/// <param name="OnChain">What the ledger says; null when it did not answer or moved while it was read.</param>
/// <param name="Books">The wallet's account in the books.</param>
/// <param name="InFlightOut">Left on chain by transfers the books do not have yet.</param>
/// <param name="InFlightIn">Came on chain after the watcher's cursor.</param>
/// <param name="Why">Why it is not conclusive, or null.</param>
internal sealed record WalletReading(
    Money? OnChain, AccountBalance Books, Money InFlightOut, Money InFlightIn, string? Why)
{
    /// <summary>What the chain should show.</summary>
    public Money Expected => Books.Balance - InFlightOut + InFlightIn;

    /// <summary>Chain less expected; null when not conclusive.</summary>
    public Money? Difference => OnChain is { } chain ? chain - Expected : null;
}

/// <summary>
/// Compares a wallet on chain with the books. What is on its way is known row by row: blocks of our transfers that the
/// books do not have yet, and blocks the watcher has not booked yet; there is no tolerance in amounts.
/// </summary>
internal sealed class WalletComparison(IBooksReader books, WalletStore store)
{
    private const int Tries = 4;

    /// <summary>Reads both sides until neither moved meanwhile.</summary>
    public async Task<WalletReading> ReadAsync(TokenLedger ledger, CancellationToken cancellationToken)
    {
        var account = ChartOfAccounts.Wallet(ledger.Asset.Code);
        for (var i = 0; ; i++)
        {
            var before = await books.BalanceAsync(account, ledger.Asset, cancellationToken);
            WalletReading? reading;
            try
            {
                reading = await TryReadAsync(ledger, before, cancellationToken);
            }
            catch (Canister.Client.CanisterCallException e)
            {
                return Inconclusive(ledger, before, $"The ledger does not answer: {e.Message}");
            }

            var after = await books.BalanceAsync(account, ledger.Asset, cancellationToken);
            if (reading is not null && before.Balance == after.Balance)
            {
                return reading with { Books = after };
            }

            if (i == Tries)
            {
                return Inconclusive(ledger, after, "The ledger or the books moved while they were read.");
            }
        }
    }

    private async Task<WalletReading?> TryReadAsync(
        TokenLedger ledger, AccountBalance balance, CancellationToken cancellationToken)
    {
        var asset = ledger.Asset.Code;
        var (cursor, _) = await store.CursorAsync(asset, cancellationToken);
        var outgoing = await store.InFlightAsync(asset, cancellationToken);
        Int128 incoming = 0;
        var end = cursor;
        var tail = new List<WalletBlock>();
        await foreach (var block in ledger.Client.BlocksAsync(cursor, cancellationToken))
        {
            end = block.Index + 1;
            if (WalletBlock.Of(block, ledger.Wallet) is { } seen)
            {
                tail.Add(seen);
            }
        }

        var onChain = await ledger.Client.BalanceAsync(ledger.Wallet, cancellationToken);
        if (await ledger.Client.LengthAsync(cancellationToken) != end
            || (await store.CursorAsync(asset, cancellationToken)).Next != cursor)
        {
            return null;
        }

        foreach (var seen in tail)
        {
            if (seen.Direction == WalletDirection.In)
            {
                incoming += checked((Int128)seen.Block.Amount);
            }
            else if (await store.OwnAsync(asset, seen.Block.Memo, cancellationToken)
                     is { State: not ("confirmed" or "refused") })
            {
                outgoing += seen.Debit;
            }
        }

        return new WalletReading(
            new Money(ledger.Asset, checked((Int128)onChain)),
            balance,
            new Money(ledger.Asset, outgoing),
            new Money(ledger.Asset, incoming),
            null);
    }

    private static WalletReading Inconclusive(TokenLedger ledger, AccountBalance balance, string why) =>
        new(null, balance, Money.Zero(ledger.Asset), Money.Zero(ledger.Asset), why);
}
