namespace Decent.Canister.Client;

/// <summary>What came of a query. An answer is the word of one node.</summary>
public abstract record QueryOutcome
{
    private QueryOutcome()
    {
    }

    /// <summary>The canister replied.</summary>
    /// <param name="Reply">The Candid reply.</param>
    /// <param name="Proof">What was checked about it.</param>
    public sealed record Replied(ReadOnlyMemory<byte> Reply, Proof Proof) : QueryOutcome;

    /// <summary>The canister or the node rejected the query.</summary>
    /// <param name="RejectCode">As in <see cref="CallOutcome.Rejected" />.</param>
    /// <param name="Message">Words of the system or the canister.</param>
    /// <param name="ErrorCode">Such as <c>IC0536</c>; null when not given.</param>
    public sealed record Rejected(ulong RejectCode, string Message, string? ErrorCode) : QueryOutcome;

    /// <summary>There was no usable answer.</summary>
    /// <param name="Why">In words.</param>
    public sealed record Unavailable(string Why) : QueryOutcome;
}
