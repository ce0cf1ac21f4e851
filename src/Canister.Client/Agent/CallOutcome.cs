namespace Decent.Canister.Client;

/// <summary>
/// What is known about a call. Exactly four things can be: it replied, it was rejected, it can never execute, or
/// nobody knows yet.
/// </summary>
public abstract record CallOutcome
{
    private CallOutcome()
    {
    }

    /// <summary>The call executed and replied.</summary>
    /// <param name="Reply">The Candid reply.</param>
    /// <param name="Evidence">The certificate that shows it.</param>
    public sealed record Replied(ReadOnlyMemory<byte> Reply, CertificateEvidence Evidence) : CallOutcome;

    /// <summary>
    /// The call was rejected according to the state tree. A rejection does not prove the absence of effects.
    /// </summary>
    /// <param name="RejectCode">
    /// 1 system fatal, 2 system transient, 3 no such canister, 4 refused, 5 canister error, or newer.
    /// </param>
    /// <param name="Message">Words of the system or the canister.</param>
    /// <param name="ErrorCode">Such as <c>IC0503</c>; null when not given.</param>
    /// <param name="Evidence">The certificate that shows it.</param>
    public sealed record Rejected(ulong RejectCode, string Message, string? ErrorCode, CertificateEvidence Evidence)
        : CallOutcome;

    /// <summary>The call never executed and never will: its id is absent after its expiry.</summary>
    /// <param name="CertifiedTimeNs">Time of the certificate, after the expiry, in nanoseconds since 1970.</param>
    /// <param name="Evidence">The certificate that shows it.</param>
    public sealed record NotExecuted(ulong CertifiedTimeNs, CertificateEvidence Evidence) : CallOutcome;

    /// <summary>The call may or may not have executed, or still may.</summary>
    /// <param name="Why">In words, for a log or a person.</param>
    /// <param name="UntilNs">Nanoseconds since 1970 until which asking the state tree can still decide it.</param>
    public sealed record Unknown(string Why, ulong UntilNs) : CallOutcome
    {
        /// <summary>Why, for code to branch on.</summary>
        public UnknownReason Reason { get; init; }
    }
}
