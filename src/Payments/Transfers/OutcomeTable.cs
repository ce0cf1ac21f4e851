using Decent.Canister.Client;

namespace Decent.Payments.Transfers;

/// <summary>How an attempt ended.</summary>
internal enum AttemptEnd
{
    /// <summary>The ledger answered Ok or Duplicate.</summary>
    Paid,

    /// <summary>It was answered and itself paid nothing.</summary>
    Declined,

    /// <summary>It ran and may have paid.</summary>
    Doubtful,

    /// <summary>Proven never to have run.</summary>
    NeverRan,

    /// <summary>It cannot run any more and may have run.</summary>
    Expired,
}

/// <summary>What is known of the other attempts of the same transfer.</summary>
internal enum OtherAttempts
{
    /// <summary>There is none, or every one of them certainly paid nothing.</summary>
    Clean,

    /// <summary>None can run any more, and at least one may have paid.</summary>
    MayHavePaid,

    /// <summary>At least one can still run.</summary>
    CanStillRun,
}

/// <summary>What a transfer does next.</summary>
internal enum NextStep
{
    /// <summary>Make an attempt: fix its bytes and send them.</summary>
    Send,

    /// <summary>Send the stored bytes (again).</summary>
    Submit,

    /// <summary>Ask what became of the request.</summary>
    Resolve,

    /// <summary>Read the block the ledger named.</summary>
    Verify,

    /// <summary>Make another attempt; the ledger's memory makes that safe.</summary>
    Retry,

    /// <summary>Read the blocks; proven absent, make another attempt.</summary>
    ScanRetry,

    /// <summary>Read the blocks; proven absent, give up.</summary>
    ScanRefuse,
}

/// <summary>What an answer means for a transfer.</summary>
internal abstract record Verdict
{
    private Verdict()
    {
    }

    /// <summary>In words, for the history.</summary>
    public required string Words { get; init; }

    /// <summary>Nothing is decided; the attempt stays open.</summary>
    public sealed record Open : Verdict;

    /// <summary>The ledger names a block that paid; it has to be read.</summary>
    /// <param name="Block">Index as answered.</param>
    public sealed record Read(ulong Block) : Verdict;

    /// <summary>Nothing was paid by any attempt and nothing can be.</summary>
    public sealed record Refuse(AttemptEnd End) : Verdict;

    /// <summary>The attempt is over; the transfer goes on.</summary>
    /// <param name="End">How the attempt ended.</param>
    /// <param name="Step">What comes next.</param>
    /// <param name="Delay">Not before this much later, business time.</param>
    /// <param name="Alert">True when a person should look now.</param>
    public sealed record Continue(AttemptEnd End, NextStep Step, TimeSpan Delay, bool Alert) : Verdict;
}

/// <summary>
/// What each answer of a ledger means. Depends on the ledger's profile, never on an asset. Nothing but certainty about
/// every attempt leads to a refusal.
/// </summary>
internal static class OutcomeTable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MuchLater = TimeSpan.FromMinutes(2);

    /// <summary>The verdict on an answer of the network.</summary>
    /// <param name="profile">Rules of the ledger.</param>
    /// <param name="outcome">What the network said.</param>
    /// <param name="answer">The decoded answer when the call replied; null when it could not be decoded.</param>
    /// <param name="others">What is known of the other attempts.</param>
    /// <param name="doubtsLeft">True while an answer that proves nothing may be met with another attempt.</param>
    public static Verdict Decide(
        LedgerProfile profile, CallOutcome outcome, TransferAnswer? answer, OtherAttempts others, bool doubtsLeft) =>
        outcome switch
        {
            CallOutcome.Replied when answer is not null => OfAnswer(profile, answer, others, doubtsLeft),
            CallOutcome.Replied => Doubt(profile, false, "The answer could not be read."),
            CallOutcome.Rejected rejected => OfReject(profile, rejected, others, doubtsLeft),
            CallOutcome.NotExecuted => Again(
                profile, AttemptEnd.NeverRan, others, TimeSpan.Zero, "The request is proven never to have run."),
            CallOutcome.Unknown { Reason: UnknownReason.Done } done => new Verdict.Continue(
                AttemptEnd.Doubtful, RetryStep(profile), TimeSpan.Zero, Alert: false)
            { Words = done.Why },
            CallOutcome.Unknown unknown => new Verdict.Open { Words = unknown.Why },
            _ => new Verdict.Open { Words = "No answer." },
        };

    /// <summary>The verdict on an attempt that cannot run any more and whose fate nobody keeps.</summary>
    public static Verdict OfExpiry(LedgerProfile profile) =>
        new Verdict.Continue(AttemptEnd.Expired, RetryStep(profile), TimeSpan.Zero, Alert: false)
        {
            Words = "The request expired and its fate is no longer kept.",
        };

    private static Verdict OfAnswer(
        LedgerProfile profile, TransferAnswer answer, OtherAttempts others, bool doubtsLeft) => answer switch
        {
            TransferAnswer.Ok ok => new Verdict.Read(ok.Block)
            {
                Words = FormattableString.Invariant($"The ledger says paid in block {ok.Block}."),
            },
            TransferAnswer.Duplicate duplicate => new Verdict.Read(duplicate.Block)
            {
                Words = FormattableString.Invariant($"The ledger says paid before, in block {duplicate.Block}."),
            },
            TransferAnswer.InsufficientFunds funds => OfInsufficientFunds(profile, funds, others),
            TransferAnswer.BadFee fee => RefuseOrScan(
                others, FormattableString.Invariant($"The ledger wants a fee of {fee.Expected} units.")),
            TransferAnswer.BadBurn burn => RefuseOrScan(
                others, FormattableString.Invariant($"The ledger takes it for a burn below {burn.Minimum} units.")),
            TransferAnswer.TooOld => Scan(AttemptEnd.Declined, "The ledger says the transfer is too old."),
            TransferAnswer.CreatedInFuture future => Again(
                profile,
                AttemptEnd.Declined,
                others,
                MuchLater,
                FormattableString.Invariant($"The ledger's clock is behind ours; it says {future.LedgerTimeNs} ns.")),
            TransferAnswer.TemporarilyUnavailable => Again(
                profile, AttemptEnd.Declined, others, Later, "The ledger is busy."),
            TransferAnswer.GenericError error => Doubt(
                profile,
                doubtsLeft,
                FormattableString.Invariant($"The ledger answered error {error.Code}: {error.Message}")),
            TransferAnswer.Unrecognised other => Doubt(
                profile, false, $"The ledger answered '{other.Tag}', which is not known."),
            _ => Doubt(profile, false, "The ledger answered something unknown."),
        };

    private static Verdict OfInsufficientFunds(
        LedgerProfile profile, TransferAnswer.InsufficientFunds funds, OtherAttempts others)
    {
        var words = FormattableString.Invariant($"The ledger says our account has only {funds.Balance} units.");
        return others switch
        {
            OtherAttempts.Clean => new Verdict.Refuse(AttemptEnd.Declined) { Words = words },

            // The ledger looks for duplicates before it looks at funds, so an older attempt that had paid would have
            // been answered Duplicate.
            OtherAttempts.MayHavePaid when profile.InsufficientFundsIsConclusive =>
                new Verdict.Refuse(AttemptEnd.Declined) { Words = words + " No older attempt was paid either." },
            OtherAttempts.CanStillRun when profile.InsufficientFundsIsConclusive =>
                new Verdict.Continue(AttemptEnd.Declined, NextStep.Retry, MuchLater, Alert: true) { Words = words },
            _ => new Verdict.Continue(AttemptEnd.Declined, NextStep.ScanRefuse, TimeSpan.Zero, Alert: true)
            {
                Words = words + " An older attempt may have spent it.",
            },
        };
    }

    private static Verdict OfReject(
        LedgerProfile profile, CallOutcome.Rejected rejected, OtherAttempts others, bool doubtsLeft)
    {
        var words = FormattableString.Invariant(
            $"Rejected with code {rejected.RejectCode} ({rejected.ErrorCode ?? "no error code"}): {rejected.Message}");
        return rejected switch
        {
            { ErrorCode: "IC0536" or "IC0537" } or { RejectCode: 3 } => new Verdict.Continue(
                AttemptEnd.Declined, NextStep.ScanRefuse, TimeSpan.Zero, Alert: true)
            { Words = words },
            { RejectCode: 1 or 2, ErrorCode: "IC0201" or "IC0202" or "IC0204" } => Again(
                profile, AttemptEnd.Declined, others, Soon, words),
            { RejectCode: 4 } => new Verdict.Continue(
                AttemptEnd.Doubtful, NextStep.ScanRefuse, TimeSpan.Zero, Alert: true)
            { Words = words },
            { RejectCode: 1 or 2 } => new Verdict.Continue(
                AttemptEnd.Doubtful, RetryStep(profile), Later, Alert: false)
            { Words = words },
            _ => Doubt(profile, doubtsLeft, words, NextStep.ScanRetry),
        };
    }

    /// <summary>Another attempt with the same arguments, directly when all others are clean, else the safe
    /// way.</summary>
    private static Verdict Again(
        LedgerProfile profile, AttemptEnd end, OtherAttempts others, TimeSpan delay, string words) =>
        new Verdict.Continue(
            end, others == OtherAttempts.Clean ? NextStep.Send : RetryStep(profile), delay, Alert: false)
        { Words = words };

    private static Verdict RefuseOrScan(OtherAttempts others, string words) => others == OtherAttempts.Clean
        ? new Verdict.Refuse(AttemptEnd.Declined) { Words = words }
        : Scan(AttemptEnd.Declined, words + " That proves nothing about older attempts.");

    private static Verdict.Continue Scan(AttemptEnd end, string words) =>
        new(end, NextStep.ScanRefuse, TimeSpan.Zero, Alert: false) { Words = words };

    /// <summary>An answer that proves nothing: asked again where the ledger remembers, else read from its
    /// blocks.</summary>
    private static Verdict Doubt(
        LedgerProfile profile, bool doubtsLeft, string words, NextStep otherwise = NextStep.ScanRefuse) =>
        doubtsLeft && profile.RemembersReliably()
            ? new Verdict.Continue(AttemptEnd.Doubtful, NextStep.Retry, Later, Alert: false) { Words = words }
            : new Verdict.Continue(AttemptEnd.Doubtful, otherwise, TimeSpan.Zero, Alert: false) { Words = words };

    private static NextStep RetryStep(LedgerProfile profile) =>
        profile.RemembersReliably() ? NextStep.Retry : NextStep.ScanRetry;
}
