using Decent.Canister.Client;
using Decent.Payments.Transfers;

namespace Decent.Payments.Tests.Transfers;

public sealed class OutcomeTableTests
{
    private static readonly CertificateEvidence Evidence = new(new byte[] { 1 }, Proof.Unproven);
    private static readonly CallOutcome Reply = new CallOutcome.Replied(new byte[] { 0 }, Evidence);

    public static TheoryData<string> DfinityProfiles { get; } = ["icrc", "icp"];

    public static TheoryData<string> AllProfiles { get; } = ["icrc", "icp", "platform"];

    [Theory]
    [MemberData(nameof(AllProfiles))]
    public void Ok_and_Duplicate_lead_to_the_block_and_never_straight_to_paid(string profile)
    {
        foreach (var others in Enum.GetValues<OtherAttempts>())
        {
            Assert.Equal(new Verdict.Read(7) { Words = "x" }, Answer(profile, new TransferAnswer.Ok(7), others));
            Assert.Equal(new Verdict.Read(8) { Words = "x" }, Answer(profile, new TransferAnswer.Duplicate(8), others));
        }
    }

    [Theory]
    [MemberData(nameof(AllProfiles))]
    public void Only_the_answer_to_a_clean_attempt_refuses_for_funds_fee_or_burn(string profile)
    {
        var refuse = new Verdict.Refuse(AttemptEnd.Declined) { Words = "x" };
        Assert.Equal(refuse, Answer(profile, new TransferAnswer.InsufficientFunds(1), OtherAttempts.Clean));
        Assert.Equal(refuse, Answer(profile, new TransferAnswer.BadFee(1), OtherAttempts.Clean));
        Assert.Equal(refuse, Answer(profile, new TransferAnswer.BadBurn(1), OtherAttempts.Clean));
        foreach (var others in new[] { OtherAttempts.MayHavePaid, OtherAttempts.CanStillRun })
        {
            var scan = Continue(AttemptEnd.Declined, NextStep.ScanRefuse);
            Assert.Equal(scan, Answer(profile, new TransferAnswer.BadFee(1), others));
            Assert.Equal(scan, Answer(profile, new TransferAnswer.BadBurn(1), others));
        }
    }

    [Theory]
    [MemberData(nameof(DfinityProfiles))]
    public void Insufficient_funds_on_a_retry_is_conclusive_where_duplicates_are_looked_for_first(string profile)
    {
        Assert.IsType<Verdict.Refuse>(Answer(profile, new TransferAnswer.InsufficientFunds(1), OtherAttempts.MayHavePaid));
        Assert.Equal(
            Continue(AttemptEnd.Declined, NextStep.Retry, 120, alert: true),
            Answer(profile, new TransferAnswer.InsufficientFunds(1), OtherAttempts.CanStillRun));
    }

    [Fact]
    public void Insufficient_funds_on_a_retry_proves_nothing_on_the_platform()
    {
        foreach (var others in new[] { OtherAttempts.MayHavePaid, OtherAttempts.CanStillRun })
        {
            Assert.Equal(
                Continue(AttemptEnd.Declined, NextStep.ScanRefuse, alert: true),
                Answer("platform", new TransferAnswer.InsufficientFunds(1), others));
        }
    }

    [Theory]
    [MemberData(nameof(AllProfiles))]
    public void Too_old_is_unknown_and_is_read_from_the_blocks(string profile)
    {
        foreach (var others in Enum.GetValues<OtherAttempts>())
        {
            Assert.Equal(
                Continue(AttemptEnd.Declined, NextStep.ScanRefuse), Answer(profile, new TransferAnswer.TooOld(), others));
        }
    }

    [Theory]
    [InlineData("icrc", NextStep.Retry)]
    [InlineData("icp", NextStep.Retry)]
    [InlineData("platform", NextStep.ScanRetry)]
    public void Busy_or_early_ledgers_are_asked_again_with_the_same_arguments(string profile, object afterDoubt)
    {
        var busy = new TransferAnswer.TemporarilyUnavailable();
        var early = new TransferAnswer.CreatedInFuture(1);
        Assert.Equal(Continue(AttemptEnd.Declined, NextStep.Send, 30), Answer(profile, busy, OtherAttempts.Clean));
        Assert.Equal(Continue(AttemptEnd.Declined, NextStep.Send, 120), Answer(profile, early, OtherAttempts.Clean));
        Assert.Equal(
            Continue(AttemptEnd.Declined, (NextStep)afterDoubt, 30), Answer(profile, busy, OtherAttempts.MayHavePaid));
        Assert.Equal(
            Continue(AttemptEnd.Declined, (NextStep)afterDoubt, 120), Answer(profile, early, OtherAttempts.MayHavePaid));
    }

    [Theory]
    [MemberData(nameof(DfinityProfiles))]
    public void A_generic_error_is_doubt_that_is_asked_again_a_few_times_where_the_ledger_remembers(string profile)
    {
        var error = new TransferAnswer.GenericError(1, "x");
        Assert.Equal(Continue(AttemptEnd.Doubtful, NextStep.Retry, 30), Answer(profile, error, OtherAttempts.Clean));
        Assert.Equal(
            Continue(AttemptEnd.Doubtful, NextStep.ScanRefuse),
            Answer(profile, error, OtherAttempts.MayHavePaid, doubtsLeft: false));
    }

    [Fact]
    public void A_generic_error_of_the_platform_is_never_met_with_another_attempt() =>
        Assert.Equal(
            Continue(AttemptEnd.Doubtful, NextStep.ScanRefuse),
            Answer("platform", new TransferAnswer.GenericError(10140, "x"), OtherAttempts.Clean));

    [Theory]
    [MemberData(nameof(AllProfiles))]
    public void An_answer_nobody_knows_or_can_read_is_doubt(string profile)
    {
        Assert.Equal(
            Continue(AttemptEnd.Doubtful, NextStep.ScanRefuse),
            Answer(profile, new TransferAnswer.Unrecognised("Frozen"), OtherAttempts.Clean));
        Assert.Equal(
            Continue(AttemptEnd.Doubtful, NextStep.ScanRefuse),
            Plain(OutcomeTable.Decide(LedgerProfile.ByName[profile], Reply, null, OtherAttempts.Clean, true)));
    }

    [Theory]
    [InlineData("icrc", 1, "IC0201")]
    [InlineData("icp", 2, "IC0202")]
    [InlineData("platform", 2, "IC0204")]
    public void A_reject_before_execution_is_sent_again(string profile, ulong code, string error) =>
        Assert.Equal(
            Continue(AttemptEnd.Declined, NextStep.Send, 5), Reject(profile, code, error, OtherAttempts.Clean));

    [Theory]
    [InlineData("icrc", NextStep.Retry)]
    [InlineData("platform", NextStep.ScanRetry)]
    public void Another_system_reject_is_doubt(string profile, object step) =>
        Assert.Equal(
            Continue(AttemptEnd.Doubtful, (NextStep)step, 30), Reject(profile, 2, "IC0207", OtherAttempts.Clean));

    [Theory]
    [InlineData(3UL, "IC0301")]
    [InlineData(5UL, "IC0536")]
    [InlineData(5UL, "IC0537")]
    public void A_ledger_that_is_not_there_stops_the_transfer_and_tells_a_person(ulong code, string error)
    {
        foreach (var profile in LedgerProfile.ByName.Keys)
        {
            Assert.Equal(
                Continue(AttemptEnd.Declined, NextStep.ScanRefuse, alert: true),
                Reject(profile, code, error, OtherAttempts.Clean));
        }
    }

    [Theory]
    [MemberData(nameof(AllProfiles))]
    public void A_refusal_of_the_canister_stops_the_transfer_and_tells_a_person(string profile) =>
        Assert.Equal(
            Continue(AttemptEnd.Doubtful, NextStep.ScanRefuse, alert: true),
            Reject(profile, 4, "IC0406", OtherAttempts.Clean));

    [Theory]
    [InlineData("icrc", NextStep.Retry, 30)]
    [InlineData("icp", NextStep.Retry, 30)]
    [InlineData("platform", NextStep.ScanRetry, 0)]
    public void A_trap_may_come_after_the_block_was_written(string profile, object step, int delay)
    {
        Assert.Equal(
            Continue(AttemptEnd.Doubtful, (NextStep)step, delay), Reject(profile, 5, "IC0502", OtherAttempts.Clean));
        Assert.Equal(
            Continue(AttemptEnd.Doubtful, (NextStep)step, delay), Reject(profile, 6, null, OtherAttempts.Clean));
    }

    [Theory]
    [InlineData("icrc", NextStep.Retry)]
    [InlineData("platform", NextStep.ScanRetry)]
    public void A_request_proven_never_to_have_run_is_followed_by_another(string profile, object afterDoubt)
    {
        var never = new CallOutcome.NotExecuted(1, Evidence);
        Assert.Equal(Continue(AttemptEnd.NeverRan, NextStep.Send), Decide(profile, never, OtherAttempts.Clean));
        Assert.Equal(
            Continue(AttemptEnd.NeverRan, (NextStep)afterDoubt), Decide(profile, never, OtherAttempts.MayHavePaid));
    }

    [Theory]
    [InlineData("icrc", NextStep.Retry)]
    [InlineData("icp", NextStep.Retry)]
    [InlineData("platform", NextStep.ScanRetry)]
    public void A_request_whose_fate_is_no_longer_kept_may_have_paid(string profile, object step)
    {
        var done = new CallOutcome.Unknown("done", 0) { Reason = UnknownReason.Done };
        Assert.Equal(Continue(AttemptEnd.Doubtful, (NextStep)step), Decide(profile, done, OtherAttempts.Clean));
        Assert.Equal(
            Continue(AttemptEnd.Expired, (NextStep)step), Plain(OutcomeTable.OfExpiry(LedgerProfile.ByName[profile])));
    }

    [Theory]
    [MemberData(nameof(AllProfiles))]
    public void Silence_decides_nothing(string profile)
    {
        foreach (var reason in Enum.GetValues<UnknownReason>().Where(static r => r != UnknownReason.Done))
        {
            var silence = new CallOutcome.Unknown("?", 0) { Reason = reason };
            Assert.IsType<Verdict.Open>(Decide(profile, silence, OtherAttempts.Clean));
        }
    }

    [Fact]
    public void Nothing_but_a_conclusive_answer_ever_refuses()
    {
        var answers = new TransferAnswer[]
        {
            new TransferAnswer.Ok(1), new TransferAnswer.Duplicate(1), new TransferAnswer.BadFee(1),
            new TransferAnswer.BadBurn(1), new TransferAnswer.InsufficientFunds(1), new TransferAnswer.TooOld(),
            new TransferAnswer.CreatedInFuture(1), new TransferAnswer.TemporarilyUnavailable(),
            new TransferAnswer.GenericError(1, "x"), new TransferAnswer.Unrecognised("x"),
        };
        foreach (var profile in LedgerProfile.ByName.Values)
        {
            foreach (var answer in answers)
            {
                foreach (var others in new[] { OtherAttempts.MayHavePaid, OtherAttempts.CanStillRun })
                {
                    foreach (var left in new[] { true, false })
                    {
                        var refused = OutcomeTable.Decide(profile, Reply, answer, others, left) is Verdict.Refuse;
                        var conclusive = answer is TransferAnswer.InsufficientFunds
                            && others == OtherAttempts.MayHavePaid && profile.InsufficientFundsIsConclusive;
                        Assert.Equal(conclusive, refused);
                    }
                }
            }
        }
    }

    private static Verdict Answer(string profile, TransferAnswer answer, OtherAttempts others, bool doubtsLeft = true) =>
        Plain(OutcomeTable.Decide(LedgerProfile.ByName[profile], Reply, answer, others, doubtsLeft));

    private static Verdict Reject(string profile, ulong code, string? error, OtherAttempts others) =>
        Decide(profile, new CallOutcome.Rejected(code, "x", error, Evidence), others);

    private static Verdict Decide(string profile, CallOutcome outcome, OtherAttempts others) =>
        Plain(OutcomeTable.Decide(LedgerProfile.ByName[profile], outcome, null, others, doubtsLeft: true));

    private static Verdict.Continue Continue(AttemptEnd end, NextStep step, int seconds = 0, bool alert = false) =>
        new(end, step, TimeSpan.FromSeconds(seconds), alert) { Words = "x" };

    private static Verdict Plain(Verdict verdict) => verdict with { Words = "x" };
}
