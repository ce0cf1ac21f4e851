using Decent.Payments.Commands;
using Decent.Payments.Providers;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Decent.Payments.Collections;

/// <summary>
/// Reads collections at their rails, so that a lost webhook heals: starts without an answer are asked for, open ones
/// are read, for paid ones the fee is fetched, and rails' own lists are swept. What is read makes the same facts a
/// webhook makes.
/// </summary>
internal sealed class CollectionWork(
    ICommands commands,
    NpgsqlDataSource dataSource,
    Rails rails,
    CollectionStarts starts,
    Settlements settlements,
    RailSweep sweep,
    PaymentsOptions options,
    ILogger<CollectionWork> logger) : IDueWork
{
    private const int MostFeePolls = 60;
    private const int QuickPolls = 12;

    private static readonly CommandContext Context = CommandContext.Job("job/collections");
    private static readonly TimeSpan Slowly = TimeSpan.FromHours(1);

    // A token payment can still be made after its collection expired here; it is looked for this long.
    private static readonly int LatePolls = 24;

    /// <inheritdoc />
    public string Name => "collections";

    /// <inheritdoc />
    public async Task<int> RunDueAsync(CancellationToken cancellationToken) =>
        await DueItems.UntilNoneAsync(NextAsync, cancellationToken) + await sweep.RunDueAsync(cancellationToken);

    /// <inheritdoc />
    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var next = await CollectionStore.NextDueAsync(connection, cancellationToken);
        var swept = await sweep.NextDueAsync(cancellationToken);
        return next is null || swept < next ? swept ?? next : next;
    }

    private async Task<bool> NextAsync(CancellationToken cancellationToken)
    {
        var claimed = (await commands.RunAsync(
            Context,
            (s, ct) => CollectionStore.ClaimDueAsync(s, s.Now + CollectionStarts.Patience, ct),
            cancellationToken)).Value;
        if (claimed is not { } row)
        {
            return false;
        }

        try
        {
            if (row.State == CollectionStates.Starting)
            {
                await starts.DriveAsync(Context, row.Id, firstTry: false, cancellationToken);
            }
            else
            {
                await ReadAsync(row, cancellationToken);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The claim ends by itself and the next run tries again.
            logger.LogError(e, "Reading collection {Collection} failed.", row.Id);
        }

        return true;
    }

    private async Task ReadAsync(CollectionRow row, CancellationToken cancellationToken)
    {
        var reference = row.ProviderReference ?? row.PaymentReference;
        var reading = rails.Find(row.Rail) is { } rail && reference is not null
            ? await rail.ReadAsync(
                new PaymentQuery(row.Id, row.ContractId, reference, row.PaymentReference), cancellationToken)
            : new ProviderReading.NotFound();
        await commands.RunAsync(Context, (s, ct) => RecordAsync(s, row.Id, reading, ct), cancellationToken);
    }

    private async Task<string> RecordAsync(
        CommandSession session, Guid id, ProviderReading reading, CancellationToken cancellationToken)
    {
        var outcome = reading is ProviderReading.Found found
            ? await settlements.TakeAsync(session, found.Translation, $"poll:{id}", cancellationToken)
            : "no answer";
        var row = await CollectionStore.LockAsync(session, id, cancellationToken);
        var next = row with { Polls = row.Polls + 1, NextPollAt = NextPoll(row, session.Now) };
        await CollectionStore.SaveAsync(session, next, cancellationToken);
        return outcome;
    }

    private DateTimeOffset? NextPoll(CollectionRow row, DateTimeOffset now)
    {
        var soon = now + (row.Polls < QuickPolls ? options.SweepEvery : Slowly);
        return row.State switch
        {
            CollectionStates.Starting or CollectionStates.Open => soon,
            CollectionStates.Settled or CollectionStates.NotApplied when FeeIsAwaited(row) => soon,
            CollectionStates.Expired when CanStillBePaid(row) && row.Polls < LatePolls => now + Slowly,
            _ => null,
        };
    }

    private bool FeeIsAwaited(CollectionRow row) =>
        row.FeeUnits is null && row.Polls < MostFeePolls && rails.Find(row.Rail) is { Capabilities.ReportsFees: true };

    private bool CanStillBePaid(CollectionRow row) => rails.Find(row.Rail) is { Capabilities.Expires: false };
}
