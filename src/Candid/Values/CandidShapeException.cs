namespace Decent.Candid;

/// <summary>A value does not have the shape that the caller expects (another kind, a missing field).</summary>
public sealed class CandidShapeException(string message) : InvalidOperationException(message);
