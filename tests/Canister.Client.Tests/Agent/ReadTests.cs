using Decent.Candid;

namespace Decent.Canister.Client.Tests.Agent;

public sealed class ReadTests
{
    private readonly ScriptedSubnet subnet = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_query_gives_the_reply_of_one_node_unproven()
    {
        subnet.ThenBytes(ScriptedSubnet.Map(("status", "replied"), ("reply", ("arg", new byte[] { 7 }))));
        var outcome = await subnet.Agent.QueryAsync(ScriptedSubnet.Canister, "icrc1_fee", new byte[] { 1 }, Ct);
        var replied = Assert.IsType<QueryOutcome.Replied>(outcome);
        Assert.Equal([7], replied.Reply.ToArray());
        Assert.Equal(Proof.Unproven, replied.Proof);
        var sent = Assert.Single(subnet.Requests);
        Assert.Equal($"/api/v3/canister/{ScriptedSubnet.Canister}/query", sent.Path);
        Assert.Equal((RequestKind.Query, "icrc1_fee"), (sent.Content.Kind, sent.Content.MethodName));
    }

    [Fact]
    public async Task A_rejected_query_says_why()
    {
        subnet.ThenBytes(ScriptedSubnet.Map(
            ("status", "rejected"), ("reject_code", 5), ("reject_message", "no such method"),
            ("error_code", "IC0536")));
        Assert.Equal(
            new QueryOutcome.Rejected(5, "no such method", "IC0536"),
            await subnet.Agent.QueryAsync(ScriptedSubnet.Canister, "m", default, Ct));
    }

    [Fact]
    public async Task A_query_without_a_usable_answer_is_unavailable()
    {
        subnet.ThenStatus(400);
        Assert.IsType<QueryOutcome.Unavailable>(await QueryAsync());
        subnet.ThenBytes([1, 2, 3]);
        Assert.IsType<QueryOutcome.Unavailable>(await QueryAsync());
        subnet.ThenBytes(ScriptedSubnet.Map(("status", "replied")));
        Assert.IsType<QueryOutcome.Unavailable>(await QueryAsync());
        subnet.ThenNetworkError().ThenBytes(
            ScriptedSubnet.Map(("status", "replied"), ("reply", ("arg", new byte[] { 7 }))));
        Assert.IsType<QueryOutcome.Replied>(await QueryAsync());

        Task<QueryOutcome> QueryAsync() => subnet.Agent.QueryAsync(ScriptedSubnet.Canister, "m", default, Ct);
    }

    [Fact]
    public async Task The_state_is_read_with_its_time()
    {
        subnet.ThenState(new RequestId(new byte[32]));
        var reading = await subnet.Agent.ReadStateAsync(ScriptedSubnet.Canister, [StatePath.Time], Ct);
        Assert.Equal(subnet.NowNs, reading.TimeNs);
        Assert.IsType<LookupResult.Found>(reading.Lookup(StatePath.Time));
        Assert.IsType<LookupResult.Absent>(reading.Lookup(StatePath.Of("canister")));
        Assert.Equal(Proof.Unproven, reading.Evidence.Proof);
    }

    [Fact]
    public async Task A_state_that_cannot_be_read_is_an_exception_with_a_reason()
    {
        subnet.ThenStatus(403);
        Assert.Equal(UnknownReason.Refused, (await FailAsync()).Reason);
        subnet.ThenBytes(ScriptedSubnet.Map(("certificate", new byte[] { 1 })));
        Assert.Equal(UnknownReason.BadAnswer, (await FailAsync()).Reason);
        for (var i = 0; i <= subnet.Options.Resends; i++)
        {
            subnet.ThenNetworkError();
        }

        Assert.Equal(UnknownReason.NoAnswer, (await FailAsync()).Reason);

        Task<AgentException> FailAsync() => Assert.ThrowsAsync<AgentException>(
            () => subnet.Agent.ReadStateAsync(ScriptedSubnet.Canister, [StatePath.Time], Ct));
    }

    [Fact]
    public async Task A_read_of_the_state_repeats_the_same_bytes_after_a_passing_failure()
    {
        subnet.ThenNetworkError().ThenStatus(503).ThenState(new RequestId(new byte[32]));
        await subnet.Agent.ReadStateAsync(ScriptedSubnet.Canister, [StatePath.Time], Ct);
        Assert.All(subnet.Requests, r => Assert.Equal(subnet.Requests[0].Body, r.Body));
        Assert.Equal(1, subnet.Identity.Signatures);
    }

    [Fact]
    public async Task The_replica_says_how_it_is()
    {
        subnet.ThenBytes(ScriptedSubnet.Map(
            ("root_key", new byte[] { 1 }), ("impl_version", "1"), ("replica_health_status", "healthy"),
            ("further", 3)));
        var status = await subnet.Agent.StatusAsync(Ct);
        Assert.Equal([1], status.RootKeyDer!.Value.ToArray());
        Assert.Equal(("1", "healthy"), (status.ImplementationVersion, status.Health));
        Assert.Equal("/api/v2/status", Assert.Single(subnet.Requests).Path);
    }

    [Fact]
    public async Task A_status_of_an_anonymous_agent_needs_no_key()
    {
        var anonymous = new HttpAgent(
            new HttpClient(subnet), AnonymousIdentity.Instance, subnet.Options, subnet.Business, subnet.Machine,
            SystemRandomBytes.Instance);
        subnet.ThenBytes(ScriptedSubnet.Map(("status", "replied"), ("reply", ("arg", new byte[] { 7 }))));
        await anonymous.QueryAsync(ScriptedSubnet.Canister, "m", default, Ct);
        var envelope = RequestEnvelope.Parse(subnet.Requests[0].Body);
        Assert.Null(envelope.FindSignatureFault(0));
        Assert.Equal(Principal.Anonymous, envelope.Content.Sender);
    }
}
