namespace Decent.Payments.Reconciliation;

/// <summary>Something a person should know about.</summary>
/// <param name="Code">Stable snake_case word, such as <c>payment_underpaid</c>.</param>
/// <param name="Severity">How urgent it is.</param>
/// <param name="Subject">What it is about, as kind:id, such as <c>payment:0193…</c>.</param>
/// <param name="Detail">One or two sentences with the amounts and ids a person needs.</param>
public sealed record Finding(string Code, FindingSeverity Severity, string Subject, string Detail);

/// <summary>How urgent a finding is.</summary>
public enum FindingSeverity
{
    /// <summary>Good to know.</summary>
    Info,

    /// <summary>Someone must look at it, money is safe meanwhile.</summary>
    Warning,

    /// <summary>Money may be missing; look now.</summary>
    Critical,
}

/// <summary>Whether a finding still stands.</summary>
public enum FindingState
{
    /// <summary>It stands.</summary>
    Open,

    /// <summary>The evidence changed or a person settled it.</summary>
    Resolved,
}

/// <summary>A finding as recorded.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Code">Stable snake_case word.</param>
/// <param name="Severity">How urgent it is.</param>
/// <param name="Subject">What it is about, as kind:id.</param>
/// <param name="Detail">In words, as last raised.</param>
/// <param name="State">Whether it still stands.</param>
/// <param name="RaisedAt">First seen; business time.</param>
/// <param name="LastSeenAt">Last seen; business time.</param>
/// <param name="Occurrences">How often it was raised while open.</param>
/// <param name="ResolvedAt">When it was closed, or null.</param>
/// <param name="ResolvedHow">What closed it, or null.</param>
public sealed record FindingView(
    Guid Id,
    string Code,
    FindingSeverity Severity,
    string Subject,
    string Detail,
    FindingState State,
    DateTimeOffset RaisedAt,
    DateTimeOffset LastSeenAt,
    long Occurrences,
    DateTimeOffset? ResolvedAt,
    string? ResolvedHow);
