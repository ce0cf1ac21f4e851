using System.Diagnostics;
using System.Diagnostics.Metrics;
using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>Names under which the client reports what it does.</summary>
public static class CanisterClientTelemetry
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string Name = "Decent.Canister.Client";
}

/// <summary>
/// Spans and counters of an agent. Tags are the kind, the canister, the method, the request id and the outcome: never
/// an argument, a reply, a message of a canister or anything of a key.
/// </summary>
internal static class Telemetry
{
    internal static readonly ActivitySource Source = new(CanisterClientTelemetry.Name);

    private static readonly Meter Meter = new(CanisterClientTelemetry.Name);

    internal static readonly Gauge<double> ClockOffset = Meter.CreateGauge<double>(
        "canister.client.clock.offset", "s", "Certified time minus own time.");

    internal static readonly Counter<long> Resends = Meter.CreateCounter<long>(
        "canister.client.resends", "{resend}", "The same bytes sent again after a failure.");

    internal static readonly Counter<long> NodeKeyReadings = Meter.CreateCounter<long>(
        "canister.client.node_keys.readings", "{reading}", "Certified readings of a subnet's node keys.");

    private static readonly Counter<long> Requests = Meter.CreateCounter<long>(
        "canister.client.requests", "{request}", "Requests by kind and outcome.");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "canister.client.request.duration", "s", "Time from the first byte to the outcome.");

    /// <summary>Runs one operation in a span and counts its outcome.</summary>
    internal static async Task<T> RunAsync<T>(
        string kind,
        Principal canister,
        string? method,
        RequestId? request,
        TimeProvider machineTime,
        Func<Task<T>> run,
        Func<T, string> outcomeOf)
    {
        var started = machineTime.GetTimestamp();
        using var activity = Source.StartActivity("canister." + kind, ActivityKind.Client);
        activity?.SetTag("canister.id", canister.ToText());
        if (method is not null)
        {
            activity?.SetTag("canister.method", method);
        }

        if (request is { } id)
        {
            activity?.SetTag("canister.request_id", id.ToString());
        }

        var outcome = "failed";
        try
        {
            var result = await run();
            outcome = outcomeOf(result);
            return result;
        }
        catch (OperationCanceledException)
        {
            outcome = "cancelled";
            throw;
        }
        finally
        {
            var tags = new TagList { { "kind", kind }, { "outcome", outcome } };
            Requests.Add(1, tags);
            Duration.Record(machineTime.GetElapsedTime(started).TotalSeconds, tags);
            activity?.SetTag("canister.outcome", outcome);
            if (outcome is "failed" or "unavailable" || outcome.StartsWith("unknown", StringComparison.Ordinal))
            {
                activity?.SetStatus(ActivityStatusCode.Error);
            }
        }
    }

    internal static string OutcomeOf(CallOutcome outcome) => outcome switch
    {
        CallOutcome.Replied => "replied",
        CallOutcome.Rejected => "rejected",
        CallOutcome.NotExecuted => "not_executed",
        CallOutcome.Unknown unknown => "unknown_" + NameOf(unknown.Reason),
        _ => "failed",
    };

    internal static string OutcomeOf(QueryOutcome outcome) => outcome switch
    {
        QueryOutcome.Replied => "replied",
        QueryOutcome.Rejected => "rejected",
        _ => "unavailable",
    };

    private static string NameOf(UnknownReason reason) => reason switch
    {
        UnknownReason.NoAnswer => "no_answer",
        UnknownReason.Refused => "refused",
        UnknownReason.Running => "running",
        UnknownReason.NotListed => "not_listed",
        UnknownReason.BadAnswer => "bad_answer",
        UnknownReason.Done => "done",
        UnknownReason.TooLate => "too_late",
        UnknownReason.Expired => "expired",
        _ => "other",
    };
}
