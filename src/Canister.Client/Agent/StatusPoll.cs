namespace Decent.Canister.Client;

/// <summary>Reads the status of one call until it is decided, can no longer be decided, or patience ends.</summary>
internal sealed class StatusPoll(
    Func<IReadOnlyList<StatePath>, CancellationToken, Task<StateReading>> read,
    SignedRequest request,
    AgentOptions options,
    RootOfTrust? trust,
    Func<ulong> nowNs,
    TimeProvider machineTime,
    IRandomBytes random)
{
    private bool seen;

    internal async Task<CallOutcome> RunAsync(TimeSpan patience, CancellationToken ct)
    {
        var started = machineTime.GetTimestamp();
        var delay = options.PollDelay;
        while (true)
        {
            var outcome = await ReadOnceAsync(ct);
            if (outcome is not CallOutcome.Unknown { Reason: not (UnknownReason.Done or UnknownReason.TooLate) } open)
            {
                return outcome;
            }

            if (nowNs() > request.DecidableUntilNs)
            {
                return open with { Why = open.Why + " It can no longer be decided.", Reason = UnknownReason.TooLate };
            }

            var wait = delay + (delay * (0.2 * Jitter.Next(random)));
            if (machineTime.GetElapsedTime(started) + wait > patience)
            {
                return open;
            }

            await Task.Delay(wait, machineTime, ct);
            delay = Min(delay * options.PollGrowth, options.PollDelayMaximum);
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private async Task<CallOutcome> ReadOnceAsync(CancellationToken ct)
    {
        StateReading reading;
        try
        {
            reading = await read(Paths(), ct);
        }
        catch (AgentException e)
        {
            return HttpAgent.Unknown(request, e.Reason, e.Message);
        }

        var status = RequestStatus.Of(reading.Certificate.Tree, request.Id);
        if (status is RequestStatus.Absent)
        {
            return JudgeAbsence(reading);
        }

        seen |= status is not RequestStatus.Unusable;
        return status switch
        {
            RequestStatus.Replied r => new CallOutcome.Replied(r.Reply, reading.Evidence),
            RequestStatus.Rejected r => new CallOutcome.Rejected(r.Code, r.Message, r.ErrorCode, reading.Evidence),
            RequestStatus.Done => HttpAgent.Unknown(
                request, UnknownReason.Done, "The request executed; its answer is no longer kept."),
            RequestStatus.Running r =>
                HttpAgent.Unknown(request, UnknownReason.Running, $"The request is {r.Name}."),
            RequestStatus.Unusable u => HttpAgent.Unknown(request, UnknownReason.BadAnswer, u.Why),
            _ => throw new InvalidOperationException("A request status was not handled."),
        };
    }

    private StatePath[] Paths() => trust is null
        ? [StatePath.RequestStatus(request.Id), StatePath.Time]
        : [StatePath.RequestStatus(request.Id), StatePath.Time, trust.RootRangesPath];

    private CallOutcome JudgeAbsence(StateReading reading)
    {
        // Another subnet's certificate would not list the request either. A delegated one was checked for its ranges;
        // the root subnet's own must show that the root subnet hosts the canister.
        if (trust is not null && !trust.Hosts(reading.Certificate, request.EffectiveCanisterId))
        {
            return HttpAgent.Unknown(
                request,
                UnknownReason.BadAnswer,
                "The certificate does not show that its subnet hosts the canister, so absence in it proves nothing.");
        }

        if (seen)
        {
            return HttpAgent.Unknown(
                request, UnknownReason.Done, "The request was seen and its status is no longer kept.");
        }

        if (reading.TimeNs <= request.IngressExpiryNs)
        {
            return HttpAgent.Unknown(
                request, UnknownReason.NotListed, "The request is not listed and its expiry has not passed.");
        }

        return reading.TimeNs <= request.DecidableUntilNs
            ? new CallOutcome.NotExecuted(reading.TimeNs, reading.Evidence)
            : HttpAgent.Unknown(
                request, UnknownReason.TooLate, "The request is not listed, too late for that to prove anything.");
    }
}
