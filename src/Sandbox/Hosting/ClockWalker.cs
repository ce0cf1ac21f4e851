using System.Diagnostics;
using Decent.Payments.Commands;
using Decent.Replica.Time;

namespace Decent.Sandbox.Hosting;

/// <summary>
/// Moves the business clock the way time really passes: to the next thing that is due, not past it. At every stop all
/// due work runs until nothing is left, and webhooks on their way arrive.
/// </summary>
internal sealed class ClockWalker(
    SandboxClock clock, IEnumerable<IDueWork> works, IOutsideTraffic traffic, ILogger<ClockWalker> logger)
    : IDisposable
{
    private static readonly TimeSpan QuietWithin = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan SmallestStep = TimeSpan.FromMilliseconds(1);

    private readonly IReadOnlyList<IDueWork> _works = [.. works];
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    /// <summary>Business time now.</summary>
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Walks to an instant; one that has passed only lets due work finish.</summary>
    /// <param name="target">Business time to reach.</param>
    /// <param name="cancellationToken">Stops between steps; the clock stays where it is.</param>
    /// <returns>How many stops it made.</returns>
    /// <exception cref="NotQuietException">Something stayed due; names it.</exception>
    public async Task<int> WalkAsync(DateTimeOffset target, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            var stops = 0;
            while (true)
            {
                stops++;
                await SettleAsync(cancellationToken);
                var now = clock.GetUtcNow();
                if (now >= target)
                {
                    return stops;
                }

                clock.AdvanceTo(await NextStopAsync(now, target, cancellationToken));
            }
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _oneAtATime.Dispose();

    private async Task<DateTimeOffset> NextStopAsync(
        DateTimeOffset now, DateTimeOffset target, CancellationToken cancellationToken)
    {
        var next = target;
        foreach (var work in _works)
        {
            // What became due since the round has its turn after the smallest step.
            if (await work.NextDueAsync(cancellationToken) is { } due && due < next)
            {
                next = due;
            }
        }

        return next > now + SmallestStep ? next : now + SmallestStep;
    }

    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            await RunDueAsync(cancellationToken);
            var restless = await RestlessAsync(cancellationToken);
            if (restless is null)
            {
                return;
            }

            if (Stopwatch.GetElapsedTime(started) > QuietWithin)
            {
                logger.LogError("Did not become quiet: {Restless}.", restless);
                throw new NotQuietException($"Not quiet after {QuietWithin.TotalSeconds:0} s: {restless}.");
            }

            await Task.Delay(LookAgain, TimeProvider.System, cancellationToken);
        }
    }

    private async Task RunDueAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        int handled;
        do
        {
            handled = 0;
            foreach (var work in _works)
            {
                handled += await work.RunDueAsync(cancellationToken);
            }
        }
        while (handled > 0 && Stopwatch.GetElapsedTime(started) < QuietWithin);
    }

    // Something may be due and handled elsewhere at this moment (a scheduler's run, a webhook): then wait for it.
    private async Task<string?> RestlessAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        foreach (var work in _works)
        {
            if (await work.NextDueAsync(cancellationToken) is { } due && due <= now)
            {
                return $"{work.Name} is due since {due:O}";
            }
        }

        return await traffic.PendingAsync(cancellationToken) is var pending and > 0
            ? $"{pending} webhooks are on their way"
            : null;
    }
}

/// <summary>Something stayed due although it was given its time.</summary>
internal sealed class NotQuietException(string message) : Exception(message);

/// <summary>What is on its way to the host from outside.</summary>
internal interface IOutsideTraffic
{
    /// <summary>Webhooks that have not been accepted yet.</summary>
    Task<int> PendingAsync(CancellationToken cancellationToken);
}
