namespace Decent.Payments.Providers;

/// <summary>
/// A rail that lists what it saw: the polling twin of its webhooks, also for payments we do not know.
/// </summary>
public interface IFactSource
{
    /// <summary>Id of the rail.</summary>
    string ProviderId { get; }

    /// <summary>Everything the rail saw in a window.</summary>
    /// <param name="from">Start of the window.</param>
    /// <param name="to">End of the window.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<ProviderReading> SweepAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);
}
