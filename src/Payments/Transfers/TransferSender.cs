using Decent.Canister.Client;
using Decent.Payments.Commands;
using Decent.Payments.Reconciliation;
using Decent.Postgres;

namespace Decent.Payments.Transfers;

/// <summary>
/// The only place that hands bytes of a transfer to the network. The bytes are committed before, and the same bytes are
/// sent every time until they expire; another attempt is another row, and only once no older one can run.
/// </summary>
internal sealed class TransferSender(
    IAgent agent,
    TransferStore store,
    TransferSettlement settlement,
    IFindings findings,
    IFaultProbe probe,
    TransferOptions options,
    TimeProvider time,
    MachineClock machine)
{
    /// <summary>Finding of a ledger whose fee is above what transfers reserve.</summary>
    public const string FeeRaised = "ledger_fee_raised";

    private DateTimeOffset Now => time.GetUtcNow().ToMicroseconds();

    /// <summary>Makes an attempt: fixes the arguments if this is the first, commits the bytes, sends them.</summary>
    public async Task SendAsync(TransferRow row, CancellationToken cancellationToken)
    {
        if (row.SendUntil is { } until && Now >= until)
        {
            await settlement.InTransactionAsync(
                (s, ct) => store.MoveAsync(
                    s,
                    row,
                    new Move(TransferState.Unknown, NextStep.ScanRefuse, s.Now, "Too late for another attempt."),
                    ct),
                cancellationToken);
            return;
        }

        var arguments = row.Argument is null ? await PrepareArgumentsAsync(row, cancellationToken) : null;
        if (row.Argument is null && arguments is null)
        {
            return;
        }

        var ledger = settlement.Ledger(row);
        var argument = row.Argument ?? arguments!.Argument;
        var request = agent.BuildCall(
            ledger.Client.Canister, ledger.Client.TransferMethod, argument, options.AttemptLifetime);
        var number = (await store.AttemptsAsync(row.Id, cancellationToken)).Count + 1;
        await settlement.InTransactionAsync(
            async (s, ct) =>
            {
                if (arguments is not null)
                {
                    await TransferStore.FixArgumentsAsync(s, row, arguments, ct);
                }

                await store.AddAttemptAsync(s, row, number, request, argument, ct);
                var words = FormattableString.Invariant($"Attempt {number} is committed.");
                var move = new Move(TransferState.Submitting, NextStep.Submit, s.Now, words) { KeepClaim = true };
                await store.MoveAsync(s, row, move, ct);
            },
            cancellationToken);
        probe.Reached("attempt_committed");
        var attempts = await store.AttemptsAsync(row.Id, cancellationToken);
        await SubmitAsync(TransferState.Submitting, row, attempts, cancellationToken);
    }

    /// <summary>Sends the stored bytes of the open attempt.</summary>
    public async Task SubmitAsync(TransferRow row, CancellationToken cancellationToken)
    {
        var attempts = await store.AttemptsAsync(row.Id, cancellationToken);
        await SubmitAsync(Names.State(row.State), row, attempts, cancellationToken);
    }

    /// <summary>Asks what became of the open attempt.</summary>
    public async Task ResolveAsync(TransferRow row, CancellationToken cancellationToken)
    {
        var attempts = await store.AttemptsAsync(row.Id, cancellationToken);
        var open = Open(row, attempts);
        var outcome = await AskAsync(
            ct => agent.ResolveAsync(SignedRequest.FromBytes(open.Envelope), TimeSpan.Zero, ct), cancellationToken);
        probe.Reached("answer_received");
        await RecordAsync(Names.State(row.State), row, attempts, open, outcome, cancellationToken);
    }

    private async Task SubmitAsync(
        TransferState state, TransferRow row, IReadOnlyList<AttemptRow> attempts, CancellationToken cancellationToken)
    {
        var open = Open(row, attempts);
        CallOutcome outcome;
        if (Now >= open.Expiry)
        {
            // Nobody would take it any more; only its fate is of interest.
            outcome = await AskAsync(
                ct => agent.ResolveAsync(SignedRequest.FromBytes(open.Envelope), TimeSpan.Zero, ct), cancellationToken);
        }
        else
        {
            await store.MarkSentAsync(row, open.Number, Now, cancellationToken);
            outcome = await AskAsync(
                ct => agent.SubmitAsync(SignedRequest.FromBytes(open.Envelope), ct), cancellationToken);
        }

        probe.Reached("answer_received");
        await RecordAsync(state, row, attempts, open, outcome, cancellationToken);
    }

    private async Task<FixedArguments?> PrepareArgumentsAsync(TransferRow row, CancellationToken cancellationToken)
    {
        if (!options.PayoutsEnabled)
        {
            await store.PostponeAsync(row, NextStep.Send, Now + options.LongPause, cancellationToken);
            return null;
        }

        var ledger = settlement.Ledger(row);
        var facts = await ledger.Client.FactsAsync(cancellationToken);
        if (facts.Fee > (UInt128)row.ReservedFeeUnits)
        {
            var detail = FormattableString.Invariant(
                $"{row.Asset} takes a fee of {facts.Fee} units, {row.ReservedFeeUnits} are reserved per transfer.");
            await settlement.InTransactionAsync(
                (s, ct) => findings.RaiseAsync(
                    s, new Finding(FeeRaised, FindingSeverity.Critical, $"asset:{row.Asset}", detail), ct),
                cancellationToken);
            await store.PostponeAsync(row, NextStep.Send, Now + options.Patience, cancellationToken);
            return null;
        }

        var origin = await ledger.Client.LengthAsync(cancellationToken);
        var createdAt = Now;
        var fee = ledger.Client.Profile.ExplicitFee(facts.Fee);
        var argument = new TransferArgument(
            IcrcAccount.Parse(row.FromAccount).Subaccount,
            IcrcAccount.Parse(row.ToAccount),
            (UInt128)row.Units,
            fee,
            row.Memo,
            createdAt.ToUnixNanoseconds());
        return new FixedArguments(
            ledger.Client.EncodeTransfer(argument),
            argument.CreatedAtTimeNs,
            fee is { } units ? checked((Int128)units) : null,
            origin,
            createdAt + options.SendWindow);
    }

    private async Task RecordAsync(
        TransferState state,
        TransferRow row,
        IReadOnlyList<AttemptRow> attempts,
        AttemptRow open,
        CallOutcome outcome,
        CancellationToken cancellationToken)
    {
        var ledger = settlement.Ledger(row);
        var verdict = OutcomeTable.Decide(
            ledger.Client.Profile,
            outcome,
            Decode(ledger, outcome),
            Others(attempts, open),
            attempts.Count < options.MaxDoubtfulAttempts);
        if (verdict is Verdict.Open && Now >= open.Expiry + SignedRequest.StatusRetention)
        {
            verdict = OutcomeTable.OfExpiry(ledger.Client.Profile);
        }

        var current = row.In(state);
        if (verdict is Verdict.Open)
        {
            await StayOpenAsync(current, open, verdict.Words, cancellationToken);
            return;
        }

        await settlement.InTransactionAsync(
            (s, ct) => WriteAsync(s, current, open, verdict, Certificate(outcome), ct), cancellationToken);
    }

    private async Task WriteAsync(
        CommandSession session,
        TransferRow row,
        AttemptRow open,
        Verdict verdict,
        ReadOnlyMemory<byte>? certificate,
        CancellationToken cancellationToken)
    {
        switch (verdict)
        {
            case Verdict.Read read:
                await store.EndAttemptAsync(
                    session, row, open.Number, AttemptEnd.Paid, read.Words, certificate, cancellationToken);
                if (row.State == Names.Of(TransferState.Submitting))
                {
                    var move = new Move(TransferState.Submitted, NextStep.Verify, session.Now, read.Words)
                    {
                        ClaimedBlock = read.Block,
                    };
                    await store.MoveAsync(session, row, move, cancellationToken);
                }
                else
                {
                    await TransferStore.ClaimBlockAsync(session, row, read.Block, cancellationToken);
                }

                break;
            case Verdict.Refuse refuse:
                await store.EndAttemptAsync(
                    session, row, open.Number, refuse.End, refuse.Words, certificate, cancellationToken);
                await settlement.RefuseAsync(session, row, refuse.Words, cancellationToken);
                break;
            case Verdict.Continue next:
                await store.EndAttemptAsync(
                    session, row, open.Number, next.End, next.Words, certificate, cancellationToken);
                var to = next.Step == NextStep.Send ? TransferState.Prepared : TransferState.Unknown;
                await store.MoveAsync(
                    session, row, new Move(to, next.Step, session.Now + next.Delay, next.Words), cancellationToken);
                if (next.Alert)
                {
                    await settlement.AlertAsync(session, row, FindingSeverity.Warning, next.Words, cancellationToken);
                }

                break;
            default:
                throw new InvalidOperationException("A verdict without consequence.");
        }
    }

    /// <summary>The attempt can still run: the bytes are sent and asked after in turn until they expire.</summary>
    private async Task StayOpenAsync(
        TransferRow row, AttemptRow open, string words, CancellationToken cancellationToken)
    {
        var due = Now + options.Pause;
        var step = row.NextStep == Names.Of(NextStep.Resolve) && due < open.Expiry ? NextStep.Submit : NextStep.Resolve;
        if (row.State == Names.Of(TransferState.Submitting))
        {
            await settlement.InTransactionAsync(
                (s, ct) => store.MoveAsync(s, row, new Move(TransferState.Submitted, NextStep.Resolve, due, words), ct),
                cancellationToken);
            return;
        }

        await store.PostponeAsync(row, step, due, cancellationToken);
    }

    /// <summary>Whatever goes wrong on the way to the network or back leaves the fate of the request open.</summary>
    private async Task<CallOutcome> AskAsync(
        Func<CancellationToken, Task<CallOutcome>> ask, CancellationToken cancellationToken)
    {
        using var budget = new CancellationTokenSource(options.CallBudget, machine.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, budget.Token);
        try
        {
            return await ask(linked.Token);
        }
        catch (OperationCanceledException) when (
            budget.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new CallOutcome.Unknown("No answer in time.", 0);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new CallOutcome.Unknown($"No answer: {e.Message}", 0);
        }
    }

    private static AttemptRow Open(TransferRow row, IReadOnlyList<AttemptRow> attempts) =>
        attempts is [.., { End: null } open] ? open : throw new ClaimLostException(row.Id);

    private static OtherAttempts Others(IReadOnlyList<AttemptRow> attempts, AttemptRow open)
    {
        var others = attempts.Where(a => a.Number != open.Number).Select(static a => a.End).ToList();
        return others.Contains(null) ? OtherAttempts.CanStillRun
            : others.TrueForAll(static e => e is AttemptEnd.Declined or AttemptEnd.NeverRan) ? OtherAttempts.Clean
            : OtherAttempts.MayHavePaid;
    }

    private static TransferAnswer? Decode(TokenLedger ledger, CallOutcome outcome) =>
        outcome is CallOutcome.Replied replied ? ledger.Client.DecodeTransferAnswer(replied.Reply) : null;

    private static ReadOnlyMemory<byte>? Certificate(CallOutcome outcome) => outcome switch
    {
        CallOutcome.Replied replied => replied.Evidence.Certificate,
        CallOutcome.Rejected rejected => rejected.Evidence.Certificate,
        CallOutcome.NotExecuted never => never.Evidence.Certificate,
        _ => null,
    };
}
