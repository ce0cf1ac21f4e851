using Decent.Payments.Commands;

namespace Decent.Payments.Reconciliation;

/// <summary>Compares rails, books and chain, and the books with themselves.</summary>
public interface IReconciliation
{
    /// <summary>Runs all comparisons now, records the run, raises findings and closes those whose evidence is
    /// gone.</summary>
    Task<CommandResult<ReconciliationRun>> RunAsync(CommandContext context, CancellationToken cancellationToken);

    /// <summary>The last run, or null.</summary>
    Task<ReconciliationRun?> LatestAsync(CancellationToken cancellationToken);
}

/// <summary>One run.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Actor">Who or which job ran it.</param>
/// <param name="At">Business time.</param>
/// <param name="Agrees">True when every conclusive comparison agrees and none was inconclusive.</param>
/// <param name="Lines">One per comparison.</param>
public sealed record ReconciliationRun(
    Guid Id, string Actor, DateTimeOffset At, bool Agrees, IReadOnlyList<ReconciliationLine> Lines);

/// <summary>How a comparison ended.</summary>
public enum ReconciliationResult
{
    /// <summary>The two sides agree, what is in flight taken into account.</summary>
    Agrees,

    /// <summary>They differ and nothing in flight explains it.</summary>
    Differs,

    /// <summary>It could not be told now: a side did not answer, or moved while it was read.</summary>
    Inconclusive,
}

/// <summary>One comparison.</summary>
/// <param name="Check">What is compared, such as <c>chain:DCT</c>, <c>rail:stripe:USD</c>,
/// <c>books:trial-balance</c>.</param>
/// <param name="Result">How it ended.</param>
/// <param name="Expected">The books' side in smallest units as integer text, or null.</param>
/// <param name="Actual">The other side in smallest units as integer text, or null.</param>
/// <param name="InFlight">What is on its way and explains a difference, in smallest units as integer text, or
/// null.</param>
/// <param name="Detail">In words.</param>
public sealed record ReconciliationLine(
    string Check, ReconciliationResult Result, string? Expected, string? Actual, string? InFlight, string Detail);
