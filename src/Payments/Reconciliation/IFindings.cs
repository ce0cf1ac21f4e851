using Decent.Payments.Commands;

namespace Decent.Payments.Reconciliation;

/// <summary>
/// What is not as it should be, and what became of it. A finding is open once per code and subject: raising it again
/// only counts it.
/// </summary>
public interface IFindings
{
    /// <summary>Opens a finding, or counts it again when it is open, in the caller's transaction.</summary>
    Task RaiseAsync(CommandSession session, Finding finding, CancellationToken cancellationToken);

    /// <summary>Closes the open finding with this code and subject, if there is one, in the caller's
    /// transaction.</summary>
    /// <param name="session">The caller's transaction.</param>
    /// <param name="code">Code of the finding.</param>
    /// <param name="subject">Subject of the finding.</param>
    /// <param name="how">What changed, in words.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task ResolveAsync(
        CommandSession session, string code, string subject, string how, CancellationToken cancellationToken);

    /// <summary>Findings, the newest first; all states when <paramref name="state" /> is null.</summary>
    Task<IReadOnlyList<FindingView>> ListAsync(FindingState? state, CancellationToken cancellationToken);
}
