using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Decent.Candid;

namespace Decent.Canister.Client.Tests.Agent;

public sealed class TelemetryTests
{
    private const string Secret = "argument-nobody-may-see";

    private readonly Principal canister = Principal.FromBytes([1, 2, 3, 4, 5, 6, 7, 8]);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_operation_is_a_span_and_a_count_without_arguments_or_replies()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static s => s.Name == CanisterClientTelemetry.Name,
            Sample = static (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var counted = new ConcurrentQueue<string>();
        using var meters = new MeterListener();
        meters.InstrumentPublished = static (instrument, self) =>
        {
            if (instrument.Meter.Name == CanisterClientTelemetry.Name)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            counted.Enqueue($"{instrument.Name} {value} {string.Join(' ', tags.ToArray())}"));
        meters.Start();

        var subnet = new ScriptedSubnet();
        subnet.ThenBytes(ScriptedSubnet.Map(("status", "replied"), ("reply", ("arg", Encoding.UTF8.GetBytes(Secret)))))
            .ThenStatus(503).ThenStatus(400).ThenStatus(403);
        var arg = Encoding.UTF8.GetBytes(Secret);
        await subnet.Agent.QueryAsync(canister, "icrc1_fee", arg, Ct);
        var request = subnet.Agent.BuildCall(canister, "icrc1_transfer", arg);
        await subnet.Agent.SubmitAsync(request, Ct);
        await Assert.ThrowsAsync<AgentException>(() => subnet.Agent.ReadStateAsync(canister, [StatePath.Time], Ct));

        var ours = spans.Where(s => s.GetTagItem("canister.id") as string == canister.ToText()).ToArray();
        Assert.Equal(["canister.query", "canister.submit", "canister.read_state"], ours.Select(s => s.OperationName));
        Assert.Equal(
            ["replied", "unknown_refused", "failed"], ours.Select(s => s.GetTagItem("canister.outcome")));
        Assert.Equal(request.Id.ToString(), ours[1].GetTagItem("canister.request_id"));
        Assert.Equal(ActivityStatusCode.Error, ours[1].Status);
        var text = string.Join('\n', ours.SelectMany(s => s.TagObjects.Select(t => $"{t.Key}={t.Value}")))
            + string.Join('\n', counted);
        Assert.DoesNotContain(Secret, text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Convert.ToHexString(arg), text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("canister.client.requests 1 [kind, query] [outcome, replied]", counted);
        Assert.Contains("canister.client.requests 1 [kind, submit] [outcome, unknown_refused]", counted);
        Assert.Contains(counted, c => c.StartsWith("canister.client.resends 1", StringComparison.Ordinal));
    }
}
