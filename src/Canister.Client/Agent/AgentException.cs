namespace Decent.Canister.Client;

/// <summary>The replica gave no usable answer to a read.</summary>
public sealed class AgentException(UnknownReason reason, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Why, for code to branch on.</summary>
    public UnknownReason Reason { get; } = reason;
}
