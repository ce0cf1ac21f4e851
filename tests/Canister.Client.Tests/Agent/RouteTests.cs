using System.Net;
using System.Net.Http.Headers;

namespace Decent.Canister.Client.Tests.Agent;

/// <summary>Several addresses, resends and requested rests, always around the same stored bytes.</summary>
public sealed class RouteTests
{
    private static readonly byte[] Reply = [0x44, 0x49, 0x44, 0x4c, 0, 0];

    private readonly ScriptedSubnet one = new();

    private readonly ScriptedSubnet three = new(adjust: static o => o with
    {
        FurtherEndpoints = [new Uri("http://second.test/"), new Uri("http://third.test/")],
    });

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failing_address_is_passed_over_with_the_same_bytes()
    {
        var request = Call(three);
        three.ThenNetworkError().ThenStatus(503).ThenCallCertificate(
            request.Id, ("status", "replied"u8.ToArray()), ("reply", Reply));
        Assert.IsType<CallOutcome.Replied>(await three.Agent.SubmitAsync(request, Ct));
        Assert.Equal(["replica.test", "second.test", "third.test"], three.Requests.Select(r => r.Host));
        Assert.All(three.Requests, r => Assert.Equal(request.Bytes.ToArray(), r.Body));
        Assert.Equal(1, three.Identity.Signatures);
    }

    [Fact]
    public async Task The_address_that_worked_is_kept()
    {
        three.ThenNetworkError().ThenState(default).ThenState(default);
        await three.Agent.ReadStateAsync(ScriptedSubnet.Canister, [StatePath.Time], Ct);
        await three.Agent.ReadStateAsync(ScriptedSubnet.Canister, [StatePath.Time], Ct);
        Assert.Equal(["replica.test", "second.test", "second.test"], three.Requests.Select(r => r.Host));
    }

    [Fact]
    public async Task A_requested_rest_of_the_only_address_is_waited_for()
    {
        one.Then(_ => Resting(new RetryConditionHeaderValue(TimeSpan.FromSeconds(7)))).ThenState(default);
        await one.Agent.ReadStateAsync(ScriptedSubnet.Canister, [StatePath.Time], Ct);
        Assert.Equal([TimeSpan.FromSeconds(7)], one.Machine.Waits);
    }

    [Fact]
    public async Task A_rest_until_a_date_is_waited_for()
    {
        var until = one.Machine.GetUtcNow() + TimeSpan.FromSeconds(9);
        one.Then(_ => Resting(new RetryConditionHeaderValue(until))).ThenState(default);
        await one.Agent.ReadStateAsync(ScriptedSubnet.Canister, [StatePath.Time], Ct);
        Assert.Equal([TimeSpan.FromSeconds(9)], one.Machine.Waits);
    }

    [Fact]
    public async Task A_rest_longer_than_the_limit_is_a_refusal_at_once()
    {
        var request = Call(one);
        one.Then(_ => Resting(new RetryConditionHeaderValue(TimeSpan.FromHours(1))));
        var unknown = Assert.IsType<CallOutcome.Unknown>(await one.Agent.SubmitAsync(request, Ct));
        Assert.Equal(UnknownReason.Refused, unknown.Reason);
        Assert.Single(one.Requests);
        Assert.Empty(one.Machine.Waits);
    }

    [Fact]
    public async Task A_resting_address_is_left_alone_while_others_are_free()
    {
        three.Then(_ => Resting(new RetryConditionHeaderValue(TimeSpan.FromHours(1))))
            .ThenStatus(500).ThenStatus(500).ThenStatus(500).ThenState(default);
        await three.Agent.ReadStateAsync(ScriptedSubnet.Canister, [StatePath.Time], Ct);
        Assert.Equal(
            ["replica.test", "second.test", "third.test"], three.Requests.Take(3).Select(r => r.Host));
        Assert.DoesNotContain("replica.test", three.Requests.Skip(3).Select(r => r.Host));
    }

    [Fact]
    public async Task Bytes_that_expire_between_two_attempts_are_not_sent_again()
    {
        var request = Call(one);
        one.Then(_ =>
        {
            one.Business.Advance(TimeSpan.FromMinutes(5));
            return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        });
        var unknown = Assert.IsType<CallOutcome.Unknown>(await one.Agent.SubmitAsync(request, Ct));
        Assert.Equal(UnknownReason.Expired, unknown.Reason);
        Assert.Single(one.Requests);
    }

    [Fact]
    public async Task The_asynchronous_call_is_an_explicit_choice_and_is_polled()
    {
        var asynchronous = new ScriptedSubnet(adjust: static o => o with { CallEndpoint = CallEndpoint.Asynchronous });
        asynchronous.ThenStatus(202).Then(received =>
        {
            var id = asynchronous.Requests[0].Content.Id;
            Assert.EndsWith("/read_state", received.Path, StringComparison.Ordinal);
            var tree = asynchronous.StatusTree(id, ("status", "replied"u8.ToArray()), ("reply", Reply));
            return ScriptedSubnet.Ok(ScriptedSubnet.Map(("certificate", ScriptedSubnet.Certified(tree))));
        });
        Assert.IsType<CallOutcome.Replied>(
            await asynchronous.Agent.CallAsync(ScriptedSubnet.Canister, "m", default, Ct));
        Assert.Equal($"/api/v2/canister/{ScriptedSubnet.Canister}/call", asynchronous.Requests[0].Path);
    }

    [Fact]
    public async Task A_refused_call_is_never_signed_again_for_another_version()
    {
        // Another library fell back from version 3 to version 2 with a new signature, for good.
        var request = Call(one);
        one.ThenStatus(404);
        var unknown = Assert.IsType<CallOutcome.Unknown>(await one.Agent.SubmitAsync(request, Ct));
        Assert.Equal(UnknownReason.Refused, unknown.Reason);
        Assert.Single(one.Requests);
        Assert.Equal(1, one.Identity.Signatures);
    }

    [Fact]
    public async Task An_asynchronous_calls_refusal_by_a_node_is_unknown()
    {
        var asynchronous = new ScriptedSubnet(adjust: static o => o with { CallEndpoint = CallEndpoint.Asynchronous });
        asynchronous.ThenBytes(ScriptedSubnet.Map(
            ("reject_code", 4), ("reject_message", "no"), ("error_code", "IC0406")));
        var unknown = Assert.IsType<CallOutcome.Unknown>(
            await asynchronous.Agent.SubmitAsync(Call(asynchronous), Ct));
        Assert.Equal(UnknownReason.Refused, unknown.Reason);
    }

    private static SignedRequest Call(ScriptedSubnet subnet) =>
        subnet.Agent.BuildCall(ScriptedSubnet.Canister, "icrc1_transfer", new byte[] { 1 });

    private static HttpResponseMessage Resting(RetryConditionHeaderValue rest)
    {
        var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        response.Headers.RetryAfter = rest;
        return response;
    }
}
