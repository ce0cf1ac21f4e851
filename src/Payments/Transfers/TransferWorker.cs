using Decent.Payments.Commands;
using Microsoft.Extensions.Logging;

namespace Decent.Payments.Transfers;

/// <summary>Takes transfers that are due one step further. Any number of hosts may run it at once.</summary>
internal sealed class TransferWorker(
    TransferStore store,
    TransferSender sender,
    TransferResolver resolver,
    TransferOptions options,
    TimeProvider time,
    ILogger<TransferWorker> logger) : IDueWork
{
    private const int MaxStepsPerLane = 1000;

    /// <inheritdoc />
    public string Name => "transfers";

    /// <inheritdoc />
    public async Task<int> RunDueAsync(CancellationToken cancellationToken)
    {
        var lanes = Enumerable.Range(0, options.Lanes).Select(_ => RunLaneAsync(cancellationToken));
        var handled = await Task.WhenAll(lanes);
        return handled.Sum();
    }

    /// <inheritdoc />
    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) =>
        store.NextDueAsync(cancellationToken);

    private async Task<int> RunLaneAsync(CancellationToken cancellationToken)
    {
        var handled = 0;
        while (handled < MaxStepsPerLane && !cancellationToken.IsCancellationRequested)
        {
            var row = await store.ClaimAsync(time.GetUtcNow().ToMicroseconds(), options.Lease, cancellationToken);
            if (row is null)
            {
                break;
            }

            await StepAsync(row, cancellationToken);
            handled++;
        }

        return handled;
    }

    private async Task StepAsync(TransferRow row, CancellationToken cancellationToken)
    {
        var step = Names.Step(row.NextStep!);
        try
        {
            await (step switch
            {
                NextStep.Send => sender.SendAsync(row, cancellationToken),
                NextStep.Submit => sender.SubmitAsync(row, cancellationToken),
                NextStep.Resolve => sender.ResolveAsync(row, cancellationToken),
                NextStep.Verify => resolver.VerifyAsync(row, cancellationToken),
                NextStep.Retry => resolver.RetryAsync(row, cancellationToken),
                _ => resolver.ScanAsync(row, step, cancellationToken),
            });
        }
        catch (ClaimLostException)
        {
            // Another worker went on with it; what was about to be written here is void.
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.LogWarning(e, "Transfer {Transfer} could not do its step {Step}; it is tried again.", row.Id, step);
            await PostponeAsync(row, cancellationToken);
        }
    }

    /// <summary>Only the time changes: a fault says nothing about what to do next.</summary>
    private Task PostponeAsync(TransferRow row, CancellationToken cancellationToken) =>
        store.PostponeUnchangedAsync(row, time.GetUtcNow().ToMicroseconds() + options.LongPause, cancellationToken);
}
