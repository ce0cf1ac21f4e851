using System.Globalization;
using Decent.Canister.Client;
using Decent.Ledger.Books;
using Decent.Payments.Commands;
using Decent.Payments.Reconciliation;

namespace Decent.Payments.Transfers;

/// <summary>Writes what became of a transfer together with its consequences.</summary>
internal sealed class TransferSettlement(
    ICommands commands,
    TransferStore store,
    ITokenLedgers ledgers,
    IFindings findings,
    IEnumerable<ITransferOwner> owners)
{
    /// <summary>Name under which the worker acts.</summary>
    public const string Actor = "job/transfers";

    /// <summary>Finding of a transfer that a person must look at.</summary>
    public const string NeedsReview = "transfer_needs_review";

    private readonly Dictionary<string, ITransferOwner> _owners =
        owners.ToDictionary(static o => o.Kind, StringComparer.Ordinal);

    /// <summary>Runs a body in one transaction of the worker.</summary>
    public Task InTransactionAsync(
        Func<CommandSession, CancellationToken, Task> body, CancellationToken cancellationToken) =>
        commands.RunAsync(
            CommandContext.Job(Actor),
            async (session, ct) =>
            {
                await body(session, ct);
                return true;
            },
            cancellationToken);

    /// <summary>Subject of a transfer's findings.</summary>
    public static string Subject(TransferRow row) => $"transfer:{row.Id}";

    /// <summary>Confirms: the block was read and matches.</summary>
    public async Task ConfirmAsync(
        CommandSession session, TransferRow row, LedgerBlock block, string words, CancellationToken cancellationToken)
    {
        var move = new Move(TransferState.Confirmed, null, null, words)
        {
            Block = block.Index,
            TransactionId = block.TransactionId,
        };
        await store.MoveAsync(session, row, move, cancellationToken);
        await findings.ResolveAsync(session, NeedsReview, Subject(row), words, cancellationToken);
        var view = View(row) with
        {
            State = TransferState.Confirmed,
            Reason = words,
            Since = session.Now,
            Block = block.Index,
            TransactionId = block.TransactionId,
        };
        await Owner(row).ConfirmedAsync(session, view, block, cancellationToken);
    }

    /// <summary>Refuses: nothing was paid and nothing can be.</summary>
    public async Task RefuseAsync(
        CommandSession session, TransferRow row, string words, CancellationToken cancellationToken)
    {
        await store.MoveAsync(session, row, new Move(TransferState.Refused, null, null, words), cancellationToken);
        await findings.ResolveAsync(session, NeedsReview, Subject(row), words, cancellationToken);
        session.Books.Add(new HoldRelease
        {
            IdempotencyKey = $"transfer/{row.Id}/wallet-release",
            Reason = "transfer_refused",
            Links = [new Link("transfer", row.Id.ToString()), new Link(row.Kind, row.OwnerId)],
            HoldId = row.WalletHold,
            Evidence = words,
        });
        var view = View(row) with { State = TransferState.Refused, Reason = words, Since = session.Now };
        await Owner(row).RefusedAsync(session, view, words, cancellationToken);
    }

    /// <summary>Tells a person.</summary>
    public Task AlertAsync(
        CommandSession session,
        TransferRow row,
        FindingSeverity severity,
        string words,
        CancellationToken cancellationToken) =>
        findings.RaiseAsync(
            session,
            new Finding(NeedsReview, severity, Subject(row), $"{row.Kind} {row.OwnerId}: {words}"),
            cancellationToken);

    /// <summary>The chain shows a transfer more than once: the worst that can happen, told at once.</summary>
    public Task PaidTwiceAsync(
        CommandSession session, TransferRow row, IReadOnlyList<LedgerBlock> blocks, CancellationToken cancellationToken)
    {
        var indexes = string.Join(", ", blocks.Select(static b => b.Index.ToString(CultureInfo.InvariantCulture)));
        return findings.RaiseAsync(
            session,
            new Finding(
                TransferResolver.PaidTwice,
                FindingSeverity.Critical,
                Subject(row),
                $"{row.Kind} {row.OwnerId} is on chain {blocks.Count} times, in blocks {indexes}."),
            cancellationToken);
    }

    /// <summary>The token a transfer pays in.</summary>
    public TokenLedger Ledger(TransferRow row) => ledgers.Find(row.Asset)
        ?? throw new InvalidOperationException($"The installation no longer has the asset {row.Asset}.");

    private TransferView View(TransferRow row) => row.ToView(Ledger(row).Asset);

    private ITransferOwner Owner(TransferRow row) => _owners.TryGetValue(row.Kind, out var owner)
        ? owner
        : throw new InvalidOperationException($"Nobody owns transfers of kind {row.Kind}.");
}
