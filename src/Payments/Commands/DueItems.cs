using Microsoft.Extensions.Logging;

namespace Decent.Payments.Commands;

/// <summary>Runs items of a job one by one, each on its own: what one does wrong does not stop the others.</summary>
internal static class DueItems
{
    /// <summary>Most items one run handles; the rest stays due.</summary>
    public const int MostPerRun = 500;

    /// <summary>Takes and handles items until none is due.</summary>
    /// <param name="takeNext">Claims and handles the next item: true when there was one.</param>
    /// <param name="cancellationToken">Stops between items.</param>
    public static async Task<int> UntilNoneAsync(
        Func<CancellationToken, Task<bool>> takeNext, CancellationToken cancellationToken)
    {
        var handled = 0;
        while (handled < MostPerRun && !cancellationToken.IsCancellationRequested && await takeNext(cancellationToken))
        {
            handled++;
        }

        return handled;
    }

    /// <summary>Handles listed items.</summary>
    /// <param name="items">Names of the items.</param>
    /// <param name="handle">Handles one: true when something was done.</param>
    /// <param name="logger">Told of faults.</param>
    /// <param name="job">Name of the job.</param>
    /// <param name="cancellationToken">Stops between items.</param>
    public static async Task<int> EachAsync<T>(
        IEnumerable<T> items,
        Func<T, CancellationToken, Task<bool>> handle,
        ILogger logger,
        string job,
        CancellationToken cancellationToken)
    {
        var handled = 0;
        foreach (var item in items)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                handled += await handle(item, cancellationToken) ? 1 : 0;
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                logger.LogError(e, "Job {Job} failed for {Item}.", job, item);
            }
        }

        return handled;
    }
}
