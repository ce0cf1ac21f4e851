using Decent.Canister.Client;
using Decent.Payments.Reconciliation;

namespace Decent.Payments.Transfers;

/// <summary>The only place that decides from a ledger's blocks whether a transfer was paid.</summary>
internal sealed class TransferResolver(
    IAgent agent,
    IUncommittedEntries uncommitted,
    TransferStore store,
    TransferSettlement settlement,
    TransferOptions options,
    TimeProvider time)
{
    /// <summary>Finding of a transfer that the chain shows twice.</summary>
    public const string PaidTwice = "transfer_paid_twice";

    private DateTimeOffset Now => time.GetUtcNow().ToMicroseconds();

    /// <summary>Reads the block the ledger named; only a block that matches confirms.</summary>
    public async Task VerifyAsync(TransferRow row, CancellationToken cancellationToken)
    {
        var ledger = settlement.Ledger(row);
        if (ledger.Client.Profile.Match == MatchKey.TransactionId)
        {
            // Block numbers of such a ledger are no names; the transaction's id is.
            await ScanAsync(row, NextStep.Verify, cancellationToken);
            return;
        }

        var index = (ulong)(row.ClaimedBlock ?? throw new InvalidOperationException("No block to read."));
        var block = await FirstAsync(ledger, index, cancellationToken);
        if (block is null)
        {
            await WaitAsync(
                row, NextStep.Verify, row.Since, "The block the ledger named cannot be read.", cancellationToken);
            return;
        }

        var from = IcrcAccount.Parse(row.FromAccount);
        if (block.Index == index && block.Matches(row.ToArgument(), from, ledger.Client.Profile))
        {
            var words = FormattableString.Invariant($"Block {index} was read and matches.");
            await settlement.InTransactionAsync(
                (s, ct) => settlement.ConfirmAsync(s, row, block, words, ct), cancellationToken);
            return;
        }

        await settlement.InTransactionAsync(
            async (s, ct) =>
            {
                var words = FormattableString.Invariant($"Block {index}, which the ledger named, is not this payment.");
                await store.MoveAsync(
                    s, row, new Move(TransferState.Unknown, NextStep.ScanRefuse, s.Now, words), ct);
                await settlement.AlertAsync(s, row, FindingSeverity.Critical, words, ct);
            },
            cancellationToken);
    }

    /// <summary>Another attempt, where the ledger's memory makes that safe.</summary>
    public Task RetryAsync(TransferRow row, CancellationToken cancellationToken) =>
        settlement.InTransactionAsync(
            async (s, ct) =>
            {
                var late = row.SendUntil is { } until && s.Now >= until;
                var move = late
                    ? null
                    : new Move(
                        TransferState.Prepared,
                        NextStep.Send,
                        s.Now,
                        "No attempt can run any more, and the ledger still refuses a second identical transfer.");
                if (move is not null)
                {
                    await store.MoveAsync(s, row, move, ct);
                }
                else
                {
                    await TransferStore.PlanStepAsync(s, row, NextStep.ScanRefuse, s.Now, ct);
                }
            },
            cancellationToken);

    /// <summary>Looks for the transfer in the blocks.</summary>
    /// <param name="row">The transfer.</param>
    /// <param name="purpose"><see cref="NextStep.ScanRetry" />, <see cref="NextStep.ScanRefuse" />, or
    /// <see cref="NextStep.Verify" /> when the ledger said it was paid.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    public async Task ScanAsync(TransferRow row, NextStep purpose, CancellationToken cancellationToken)
    {
        var ledger = settlement.Ledger(row);
        var attempts = await store.AttemptsAsync(row.Id, cancellationToken);
        var lastExpiryNs = attempts.Select(static a => (ulong)a.IngressExpiryNs).DefaultIfEmpty().Max();
        var certifiedNs = await CertifiedTimeAsync(ledger, cancellationToken);
        var (argument, from) = (row.ToArgument(), IcrcAccount.Parse(row.FromAccount));
        var scan = await LedgerScan.RunAsync(
            ledger, argument, from, (ulong)row.ScanOrigin!.Value, lastExpiryNs, cancellationToken);
        if (scan is { Found.Count: 0, Covered: false } && LedgerScan.IsLate(certifiedNs, lastExpiryNs))
        {
            scan = scan with { Covered = !await uncommitted.MayHoldAsync(ledger, argument, from, cancellationToken) };
        }

        if (scan.Found.Count > 0)
        {
            await FoundAsync(row, scan.Found, cancellationToken);
        }
        else if (!scan.Covered || purpose == NextStep.Verify)
        {
            var since = LedgerTime.FromUnixNanoseconds(lastExpiryNs);
            await WaitAsync(row, purpose, since, "The blocks do not settle it yet.", cancellationToken);
        }
        else if (attempts.Any(static a => a.End == AttemptEnd.Paid))
        {
            await settlement.InTransactionAsync(
                (s, ct) => settlement.AlertAsync(
                    s,
                    row,
                    FindingSeverity.Critical,
                    "The ledger said it was paid, and its blocks do not show it.",
                    ct),
                cancellationToken);
            await store.PostponeAsync(row, purpose, Now + options.Patience, cancellationToken);
        }
        else
        {
            await AbsentAsync(row, purpose, scan, cancellationToken);
        }
    }

    private async Task FoundAsync(
        TransferRow row, IReadOnlyList<LedgerBlock> found, CancellationToken cancellationToken) =>
        await settlement.InTransactionAsync(
            async (s, ct) =>
            {
                var words = FormattableString.Invariant($"Block {found[0].Index} was found and matches.");
                await settlement.ConfirmAsync(s, row, found[0], words, ct);
                if (found.Count > 1)
                {
                    await settlement.PaidTwiceAsync(s, row, found, ct);
                }
            },
            cancellationToken);

    private Task AbsentAsync(
        TransferRow row, NextStep purpose, ScanResult scan, CancellationToken cancellationToken) =>
        settlement.InTransactionAsync(
            async (s, ct) =>
            {
                var words = scan.Through is { } through
                    ? FormattableString.Invariant(
                        $"Absent from block {row.ScanOrigin} to {through}, later than any attempt could run.")
                    : "The ledger has no block since before the first attempt, and no attempt can run any more.";
                if (purpose == NextStep.ScanRetry && s.Now < row.SendUntil)
                {
                    await store.MoveAsync(s, row, new Move(TransferState.Prepared, NextStep.Send, s.Now, words), ct);
                }
                else
                {
                    await settlement.RefuseAsync(s, row, words + " " + row.Reason, ct);
                }
            },
            cancellationToken);

    /// <summary>Not decidable now: looked at again later; a person is told once patience is over.</summary>
    private async Task WaitAsync(
        TransferRow row, NextStep step, DateTimeOffset since, string words, CancellationToken cancellationToken)
    {
        var late = Now >= since + options.Patience;
        if (late)
        {
            await settlement.InTransactionAsync(
                (s, ct) => settlement.AlertAsync(s, row, FindingSeverity.Warning, words, ct), cancellationToken);
        }

        await store.PostponeAsync(row, step, Now + (late ? options.Patience : options.LongPause), cancellationToken);
    }

    private static async Task<LedgerBlock?> FirstAsync(
        TokenLedger ledger, ulong index, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var block in ledger.Client.BlocksAsync(index, cancellationToken))
            {
                return block;
            }
        }
        catch (CanisterCallException)
        {
            // Not readable now; what was not read proves nothing.
        }

        return null;
    }

    private async Task<ulong?> CertifiedTimeAsync(TokenLedger ledger, CancellationToken cancellationToken)
    {
        try
        {
            return (await agent.ReadStateAsync(ledger.Client.Canister, [StatePath.Time], cancellationToken)).TimeNs;
        }
        catch (AgentException)
        {
            return null;
        }
    }
}
