using Decent.Ledger;
using Decent.Ledger.Books;
using Decent.Payments.Commands;
using Decent.Payments.Reconciliation;
using Decent.Payments.Transfers;
using Decent.Postgres;
using Microsoft.Extensions.Logging;

namespace Decent.Payments.Treasury;

/// <summary>
/// Reads every ledger's blocks once, in order, and books what touches our account: relays of a rail, money nobody
/// announced, and debits, each of which must belong to a transfer of ours.
/// </summary>
internal sealed class DepositWatcher(
    ICommands commands,
    WalletStore store,
    ITokenLedgers ledgers,
    IFindings findings,
    TreasuryOptions options,
    Ids ids,
    ILogger<DepositWatcher> logger) : IDueWork
{
    /// <summary>Finding of money nobody announced.</summary>
    public const string DepositUnrecognised = "deposit_unrecognised";

    /// <summary>Finding of a debit that no transfer of ours explains.</summary>
    public const string DebitUnexplained = "debit_unexplained";

    /// <summary>Where unannounced money waits.</summary>
    public const string Suspense = "chain";

    private const string Actor = "job/deposits";

    /// <inheritdoc />
    public string Name => "deposits";

    /// <inheritdoc />
    public async Task<int> RunDueAsync(CancellationToken cancellationToken)
    {
        var handled = 0;
        foreach (var ledger in ledgers.All)
        {
            try
            {
                handled += await WatchAsync(ledger, cancellationToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogWarning(
                    e, "The blocks of {Asset} could not be read; they are read again.", ledger.Asset.Code);
            }
        }

        return handled;
    }

    /// <inheritdoc />
    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) =>
        Task.FromResult<DateTimeOffset?>(null);

    /// <summary>Subject of a deposit's finding.</summary>
    public static string Subject(string asset, ulong block) => FormattableString.Invariant($"deposit:{asset}:{block}");

    /// <summary>Reads to the end of one ledger.</summary>
    /// <returns>Number of blocks looked at.</returns>
    public async Task<int> WatchAsync(TokenLedger ledger, CancellationToken cancellationToken)
    {
        var (next, _) = await store.CursorAsync(ledger.Asset.Code, cancellationToken);
        var looked = 0;
        var ours = new List<WalletBlock>();
        var from = next;
        await foreach (var block in ledger.Client.BlocksAsync(next, cancellationToken))
        {
            if (WalletBlock.Of(block, ledger.Wallet) is { } seen)
            {
                ours.Add(seen);
            }

            looked++;
            next = block.Index + 1;
            if (next - from >= (ulong)options.BatchBlocks)
            {
                if (!await BookAsync(ledger, from, next, ours, cancellationToken))
                {
                    return looked;
                }

                from = next;
                ours.Clear();
            }
        }

        await BookAsync(ledger, from, next, ours, cancellationToken);
        return looked;
    }

    private async Task<bool> BookAsync(
        TokenLedger ledger, ulong from, ulong next, List<WalletBlock> ours, CancellationToken cancellationToken)
    {
        var result = await commands.RunAsync(
            CommandContext.Job(Actor),
            async (session, ct) =>
            {
                if (!await WalletStore.AdvanceAsync(session, ledger, from, next, ct))
                {
                    return false;
                }

                foreach (var seen in ours)
                {
                    await BookAsync(session, ledger, seen, ct);
                }

                return true;
            },
            cancellationToken);
        return result.Value;
    }

    private async Task BookAsync(
        CommandSession session, TokenLedger ledger, WalletBlock seen, CancellationToken cancellationToken)
    {
        if (seen.Direction != WalletDirection.In)
        {
            await DebitAsync(session, ledger, seen, cancellationToken);
            return;
        }

        var rail = options.Relays.Where(r => seen.ComesFrom(r.Sender)).Select(static r => r.Rail).FirstOrDefault();
        var asset = ledger.Asset;
        var amount = new Money(asset, checked((Int128)seen.Block.Amount));
        await WalletStore.InsertAsync(
            session,
            asset.Code,
            seen,
            null,
            rail is null ? DepositState.Unrecognised : DepositState.Relay,
            cancellationToken);
        session.Books.Add(new Posting
        {
            Id = ids.Next(),
            IdempotencyKey = FormattableString.Invariant($"deposit/{asset.Code}/{seen.Block.Index}"),
            Reason = rail is null ? "deposit_unrecognised" : "relay_arrived",
            EffectiveAt = seen.At(session.Now),
            Authority = PostingAuthority.Fact,
            Legs =
            [
                Leg.Debit(ChartOfAccounts.Wallet(asset.Code), amount),
                Leg.Credit(
                    rail is null ? ChartOfAccounts.SuspenseOf(Suspense) : ChartOfAccounts.RailClearingOf(rail), amount),
            ],
            Links = [new Link("block", FormattableString.Invariant($"{asset.Code}:{seen.Block.Index}"))],
        });
        if (rail is null)
        {
            await findings.RaiseAsync(
                session,
                new Finding(
                    DepositUnrecognised,
                    FindingSeverity.Warning,
                    Subject(asset.Code, seen.Block.Index),
                    FormattableString.Invariant(
                        $"{amount} came from {seen.Counterparty} in block {seen.Block.Index}.")),
                cancellationToken);
        }
    }

    private async Task DebitAsync(
        CommandSession session, TokenLedger ledger, WalletBlock seen, CancellationToken cancellationToken)
    {
        var asset = ledger.Asset.Code;
        var own = seen.Direction == WalletDirection.Out
            ? await WalletStore.OwnAsync(
                session.Connection, session.Transaction, asset, seen.Block.Memo, cancellationToken)
            : null;
        await WalletStore.InsertAsync(session, asset, seen, own?.Id, null, cancellationToken);
        if (own is null)
        {
            var money = new Money(ledger.Asset, seen.Debit);
            await findings.RaiseAsync(
                session,
                new Finding(
                    DebitUnexplained,
                    FindingSeverity.Critical,
                    FormattableString.Invariant($"block:{asset}:{seen.Block.Index}"),
                    $"{money} left our account to {seen.Counterparty}, and no transfer of ours explains it."),
                cancellationToken);
        }
        else if (own.IsElsewhere(seen.Block.Index))
        {
            await findings.RaiseAsync(
                session,
                new Finding(
                    TransferResolver.PaidTwice,
                    FindingSeverity.Critical,
                    $"transfer:{own.Id}",
                    FormattableString.Invariant($"Block {seen.Block.Index} of {asset} pays this transfer again.")),
                cancellationToken);
        }
    }
}
