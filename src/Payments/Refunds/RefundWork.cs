using System.Text.Json;
using Decent.Canister.Client;
using Decent.Ledger;
using Decent.Ledger.Books;
using Decent.Payments.Commands;
using Decent.Payments.Providers;
using Decent.Payments.Reconciliation;
using Decent.Payments.Transfers;
using Decent.Postgres;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Decent.Payments.Refunds;

/// <summary>
/// Carries decided refunds out. Through the rail: the stored request with its stored key, again and again until an
/// object of the rail says how it went. On the ledger: as a transfer, planned as soon as the wallet can pay it.
/// </summary>
internal sealed class RefundWork(
    ICommands commands,
    NpgsqlDataSource dataSource,
    Rails rails,
    AssetRegistry assets,
    RefundOutcomes outcomes,
    ITransfers transfers,
    IFindings findings,
    IFaultProbe probe,
    TimeProvider time,
    ILogger<RefundWork> logger) : IDueWork
{
    /// <summary>A rail forgets keys a day after their first use at the earliest; before that they protect us.</summary>
    private static readonly TimeSpan KeyLife = TimeSpan.FromHours(23);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan WalletRetry = TimeSpan.FromMinutes(10);
    private static readonly CommandContext Context = CommandContext.Job("job/refunds");

    /// <inheritdoc />
    public string Name => "refunds";

    /// <inheritdoc />
    public Task<int> RunDueAsync(CancellationToken cancellationToken) =>
        DueItems.UntilNoneAsync(NextAsync, cancellationToken);

    /// <inheritdoc />
    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await RefundStore.NextDueAsync(connection, cancellationToken);
    }

    private async Task<bool> NextAsync(CancellationToken cancellationToken)
    {
        var before = (await commands.RunAsync(Context, ClaimAsync, cancellationToken)).Value;
        if (before is null)
        {
            return false;
        }

        try
        {
            if (before.IsOnChain)
            {
                await PlanAsync(before, cancellationToken);
            }
            else
            {
                await AskAsync(before, cancellationToken);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The claim ends by itself and the next run tries again.
            logger.LogError(e, "Refund {Refund} could not be carried on.", before.Id);
        }

        return true;
    }

    /// <summary>Takes the next due refund; what is about to be sent is marked so before it leaves.</summary>
    /// <returns>The refund as it was before.</returns>
    private static async Task<RefundRow?> ClaimAsync(CommandSession session, CancellationToken cancellationToken)
    {
        if (await RefundStore.LockNextAsync(session, cancellationToken) is not { } row)
        {
            return null;
        }

        var sends = !row.IsOnChain && row.State == RefundStates.Prepared;
        await RefundStore.SaveAsync(
            session,
            row with
            {
                State = sends ? RefundStates.Unknown : row.State,
                Attempts = row.Attempts + 1,
                SentAt = row.SentAt ?? session.Now,
                NextAttemptAt = session.Now + Patience,
            },
            "Taken up.",
            cancellationToken);
        return row;
    }

    private async Task AskAsync(RefundRow row, CancellationToken cancellationToken)
    {
        if (rails.Find(row.Rail) is not { } rail)
        {
            return;
        }

        var request = JsonSerializer.Deserialize<RefundRequest>(row.Request, CommandJson.Options)!;
        probe.Reached("attempt_committed");
        var (outcome, sentAgain) = await AskAsync(rail, row, request, cancellationToken);
        probe.Reached("answer_received");
        await commands.RunAsync(
            Context, (s, ct) => RecordAsync(s, row.Id, outcome, sentAgain, ct), cancellationToken);
    }

    private async Task<(RefundOutcome Outcome, bool Sent)> AskAsync(
        IPaymentProvider rail, RefundRow row, RefundRequest request, CancellationToken cancellationToken)
    {
        if (row.State == RefundStates.Pending)
        {
            return (await rail.FindRefundAsync(request, row.ProviderReference, cancellationToken)
                ?? new RefundOutcome.Unknown("The rail does not find its own refund."), false);
        }

        // After the key's life the rail may have forgotten it, so what is there is looked at first.
        var keyMayBeForgotten = row.SentAt is { } sent && sent + KeyLife < time.GetUtcNow();
        if (keyMayBeForgotten && await rail.FindRefundAsync(request, null, cancellationToken) is { } found)
        {
            return (found, false);
        }

        return (await rail.RefundAsync(request, cancellationToken), true);
    }

    private async Task<bool> RecordAsync(
        CommandSession session, Guid id, RefundOutcome outcome, bool sent, CancellationToken cancellationToken)
    {
        var row = await RefundStore.LockAsync(session, id, cancellationToken);
        switch (outcome)
        {
            case RefundOutcome.Known known:
                await outcomes.ProgressAsync(
                    session, row, known.Progress, known.ProviderReference, known.Detail, cancellationToken);
                break;
            case RefundOutcome.Refused refused when sent && row.State == RefundStates.Unknown:
                await outcomes.FailAsync(session, row, $"{refused.Code}: {refused.Detail}", cancellationToken);
                break;
            case RefundOutcome.Later later when row.State == RefundStates.Unknown:
                await DelayAsync(session, row, later.Why, cancellationToken);
                break;
            case RefundOutcome.Unknown unknown when row.State is RefundStates.Unknown or RefundStates.Pending:
                await DelayAsync(session, row, unknown.Why, cancellationToken);
                break;
            default:
                break;
        }

        return true;
    }

    private static Task DelayAsync(
        CommandSession session, RefundRow row, string why, CancellationToken cancellationToken) =>
        RefundStore.SaveAsync(
            session,
            row with { Error = why, NextAttemptAt = session.Now + Backoff(row.Attempts) },
            why,
            cancellationToken);

    private async Task PlanAsync(RefundRow row, CancellationToken cancellationToken)
    {
        try
        {
            await commands.RunAsync(Context, (s, ct) => PlanAsync(s, row.Id, ct), cancellationToken);
        }
        catch (BooksRefusedException e) when (e.Refusal == BooksRefusal.FloorBreached)
        {
            await commands.RunAsync(Context, (s, ct) => WaitForWalletAsync(s, row.Id, ct), cancellationToken);
        }
        catch (RefusedException e)
        {
            await commands.RunAsync(
                Context,
                async (s, ct) =>
                {
                    var locked = await RefundStore.LockAsync(s, row.Id, ct);
                    await outcomes.FailAsync(s, locked, $"{e.Code}: {e.Message}", ct);
                    return true;
                },
                cancellationToken);
        }
    }

    private async Task<Guid?> PlanAsync(CommandSession session, Guid id, CancellationToken cancellationToken)
    {
        var row = await RefundStore.LockAsync(session, id, cancellationToken);
        if (row.State != RefundStates.Prepared)
        {
            return null;
        }

        var request = JsonSerializer.Deserialize<ChainRefundRequest>(row.Request, CommandJson.Options)!;
        var transfer = await transfers.PlanAsync(
            session,
            new TransferPlan(
                RefundTransferOwner.TransferKind,
                row.Id.ToString(),
                assets.Get(row.RailAsset),
                IcrcAccount.Parse(request.Account),
                row.RailUnits),
            cancellationToken);
        await RefundStore.SaveAsync(
            session,
            row with { State = RefundStates.Pending, TransferId = transfer, NextAttemptAt = null, Error = null },
            $"Transfer {transfer} is planned.",
            cancellationToken);
        await findings.ResolveAsync(
            session, "refund_wallet_low", $"refund:{row.Id}", "The wallet could pay it.", cancellationToken);
        return transfer;
    }

    private async Task<bool> WaitForWalletAsync(CommandSession session, Guid id, CancellationToken cancellationToken)
    {
        var row = await RefundStore.LockAsync(session, id, cancellationToken);
        await RefundStore.SaveAsync(
            session,
            row with { NextAttemptAt = session.Now + WalletRetry, Error = "The wallet holds too little." },
            "The wallet holds too little.",
            cancellationToken);
        await findings.RaiseAsync(
            session,
            new Finding(
                "refund_wallet_low",
                FindingSeverity.Warning,
                $"refund:{row.Id}",
                $"The wallet holds too little to give {new Money(assets.Get(row.RailAsset), row.RailUnits)} back "
                + $"for contract {row.ContractId}."),
            cancellationToken);
        return true;
    }

    private static TimeSpan Backoff(int attempts) => TimeSpan.FromSeconds(Math.Min(3600, 15 << Math.Min(attempts, 8)));
}

/// <summary>A refund on the ledger as decided.</summary>
/// <param name="Account">Receiving account, ICRC-1 text.</param>
/// <param name="Units">Units of the token.</param>
/// <param name="Asset">Code of the token.</param>
internal sealed record ChainRefundRequest(string Account, string Units, string Asset);
