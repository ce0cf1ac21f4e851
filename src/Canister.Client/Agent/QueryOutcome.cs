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
    public sealed record Replied(ReadOnlyMemory<byte> Reply, Proof Proof) : QueryOutcome
    {
        /// <summary>When the node signed, in nanoseconds since 1970; null when no signature was checked.</summary>
        public ulong? SignedAtNs { get; init; }
    }

    /// <summary>The canister or the node rejected the query.</summary>
    /// <param name="RejectCode">As in <see cref="CallOutcome.Rejected" />.</param>
    /// <param name="Message">Words of the system or the canister.</param>
    /// <param name="ErrorCode">Such as <c>IC0536</c>; null when not given.</param>
    public sealed record Rejected(ulong RejectCode, string Message, string? ErrorCode) : QueryOutcome
    {
        /// <summary>What was checked about the rejection.</summary>
        public Proof Proof { get; init; }
    }

    /// <summary>There was no usable answer.</summary>
    /// <param name="Why">In words.</param>
    public sealed record Unavailable(string Why) : QueryOutcome
    {
        /// <summary>Why, for code to branch on.</summary>
        public UnknownReason Reason { get; init; }
    }
}
