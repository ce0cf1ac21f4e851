namespace Decent.Payments.Commands;

/// <summary>
/// One recurring job. It does what is due at the present business time, each item in its own command, and says when
/// the next known item falls due. Schedulers and the sandbox clock call this and nothing else.
/// </summary>
public interface IDueWork
{
    /// <summary>Stable name, such as <c>accrue-releases</c>; unique within the host.</summary>
    string Name { get; }

    /// <summary>Handles what is due now. A fault of one item does not stop the others.</summary>
    /// <param name="cancellationToken">Stops between items.</param>
    /// <returns>Number of items handled now; zero when nothing was due.</returns>
    Task<int> RunDueAsync(CancellationToken cancellationToken);

    /// <summary>Business time of the next known item, which may have passed; null when none is known.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken);
}
