namespace Decent.Canister.Client.Tests.Agent;

public sealed class ResolveTests
{
    private static readonly byte[] Reply = [0x44, 0x49, 0x44, 0x4c, 0, 0];

    private readonly ScriptedSubnet subnet = new();
    private readonly SignedRequest request;

    public ResolveTests() =>
        request = subnet.Agent.BuildCall(ScriptedSubnet.Canister, "icrc1_transfer", new byte[] { 1 });

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Absent_before_the_expiry_keeps_asking_until_the_reply_comes()
    {
        subnet.ThenState(request.Id).ThenState(request.Id).ThenState(request.Id, ("status", "processing"u8.ToArray()));
        ThenReply();
        var replied = Assert.IsType<CallOutcome.Replied>(await subnet.Agent.ResolveAsync(request, Ct));
        Assert.Equal(Reply, replied.Reply.ToArray());
        Assert.Equal(4, subnet.Requests.Count);
        Assert.Equal(3, subnet.Machine.Waits.Count);
        Assert.All(subnet.Machine.Waits, w => Assert.True(w >= TimeSpan.FromMilliseconds(500)));
        Assert.True(subnet.Machine.Waits[2] > subnet.Machine.Waits[0]);
    }

    [Fact]
    public async Task Each_reading_is_signed_anew_with_a_fresh_expiry_and_asks_for_this_request_alone()
    {
        subnet.Then(_ =>
        {
            subnet.Business.Advance(TimeSpan.FromMinutes(2));
            return ScriptedSubnet.Ok(ScriptedSubnet.Map(
                ("certificate", ScriptedSubnet.Certified(subnet.StatusTree(request.Id)))));
        });
        ThenReply();
        await subnet.Agent.ResolveAsync(request, Ct);
        var reads = subnet.Requests.Select(r => r.Content).ToArray();
        Assert.All(subnet.Requests, r => Assert.Equal(
            $"/api/v3/canister/{ScriptedSubnet.Canister}/read_state", r.Path));
        Assert.Equal(reads[0].IngressExpiryNs + 120_000_000_000, reads[1].IngressExpiryNs);
        Assert.All(reads, r => Assert.Equal([StatePath.RequestStatus(request.Id), StatePath.Time], r.Paths));
        Assert.All(reads, r => Assert.Equal(subnet.Identity.Sender, r.Sender));
        Assert.All(subnet.Requests, r => Assert.Null(RequestEnvelope.Parse(r.Body).FindSignatureFault(0)));
    }

    [Fact]
    public async Task Absent_after_the_expiry_and_within_five_minutes_never_executed()
    {
        subnet.ThenState(request.Id).Then(_ => At(request.IngressExpiryNs + 1));
        var never = Assert.IsType<CallOutcome.NotExecuted>(await subnet.Agent.ResolveAsync(request, Ct));
        Assert.Equal(request.IngressExpiryNs + 1, never.CertifiedTimeNs);
        Assert.Equal(Proof.Unproven, never.Evidence.Proof);
    }

    [Fact]
    public async Task The_expiry_itself_is_too_early_and_five_minutes_after_it_is_just_in_time()
    {
        subnet.Then(_ => At(request.IngressExpiryNs)).Then(_ => At(request.DecidableUntilNs));
        var never = Assert.IsType<CallOutcome.NotExecuted>(await subnet.Agent.ResolveAsync(request, Ct));
        Assert.Equal(request.DecidableUntilNs, never.CertifiedTimeNs);
        Assert.Equal(2, subnet.Requests.Count);
    }

    [Fact]
    public async Task Absent_later_than_five_minutes_after_the_expiry_proves_nothing()
    {
        subnet.Then(_ => At(request.DecidableUntilNs + 1));
        Assert.Equal(UnknownReason.TooLate, await UnknownAsync());
    }

    [Fact]
    public async Task Absent_after_it_was_seen_running_is_unknown_even_after_the_expiry()
    {
        subnet.ThenState(request.Id, ("status", "processing"u8.ToArray())).Then(_ => At(request.IngressExpiryNs + 1));
        Assert.Equal(UnknownReason.Done, await UnknownAsync());
    }

    [Fact]
    public async Task Done_is_unknown_at_once()
    {
        subnet.ThenState(request.Id, ("status", "done"u8.ToArray()));
        Assert.Equal(UnknownReason.Done, await UnknownAsync());
        Assert.Single(subnet.Requests);
    }

    [Fact]
    public async Task A_pruned_status_is_asked_again_and_never_taken_for_absence()
    {
        subnet.Then(_ =>
        {
            SetTime(request.IngressExpiryNs + 1_000);
            return Certificate(ScriptedSubnet.Tree(subnet.NowNs, HashTree.Pruned(new byte[32])));
        });
        ThenReply();
        Assert.IsType<CallOutcome.Replied>(await subnet.Agent.ResolveAsync(request, Ct));
    }

    [Fact]
    public async Task A_status_hidden_beside_a_visible_label_is_not_absence()
    {
        subnet.Then(_ =>
        {
            SetTime(request.IngressExpiryNs + 1_000);
            var other = HashTree.Labeled(new byte[32], HashTree.Leaf(default));
            return Certificate(ScriptedSubnet.Tree(
                subnet.NowNs, HashTree.Fork(other, HashTree.Pruned(new byte[32]))));
        });
        ThenReply();
        Assert.IsType<CallOutcome.Replied>(await subnet.Agent.ResolveAsync(request, Ct));
    }

    [Fact]
    public async Task Failures_to_read_are_asked_again()
    {
        subnet.ThenNetworkError().ThenStatus(503).ThenStatus(400).ThenBytes([0xd9]).ThenSilence()
            .ThenBytes(ScriptedSubnet.Map());
        ThenReply();
        Assert.IsType<CallOutcome.Replied>(await subnet.Agent.ResolveAsync(request, Ct));
        Assert.Equal(7, subnet.Requests.Count);
    }

    [Fact]
    public async Task A_certificate_without_time_proves_no_absence()
    {
        subnet.Then(_ => Certificate(HashTree.Labeled("request_status", HashTree.Empty)));
        Assert.Equal(
            UnknownReason.BadAnswer,
            Assert.IsType<CallOutcome.Unknown>(await subnet.Agent.ResolveAsync(request, TimeSpan.Zero, Ct)).Reason);
    }

    [Fact]
    public async Task A_certified_rejection_is_the_outcome()
    {
        subnet.ThenState(
            request.Id,
            ("status", "rejected"u8.ToArray()),
            ("reject_code", [4]),
            ("reject_message", "no"u8.ToArray()));
        var rejected = Assert.IsType<CallOutcome.Rejected>(await subnet.Agent.ResolveAsync(request, Ct));
        Assert.Equal((4UL, "no", null), (rejected.RejectCode, rejected.Message, rejected.ErrorCode));
    }

    [Fact]
    public async Task Without_patience_the_status_is_read_once()
    {
        subnet.ThenState(request.Id);
        var unknown = await subnet.Agent.ResolveAsync(request, TimeSpan.Zero, Ct);
        Assert.Equal(UnknownReason.NotListed, Assert.IsType<CallOutcome.Unknown>(unknown).Reason);
        Assert.Single(subnet.Requests);
        Assert.Empty(subnet.Machine.Waits);
    }

    [Fact]
    public async Task Patience_ends_in_machine_time()
    {
        for (var i = 0; i < 20; i++)
        {
            subnet.ThenState(request.Id);
        }

        var unknown = await subnet.Agent.ResolveAsync(request, TimeSpan.FromSeconds(10), Ct);
        Assert.IsType<CallOutcome.Unknown>(unknown);
        Assert.InRange(
            subnet.Machine.GetUtcNow() - DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task When_the_time_to_decide_has_passed_it_stops_asking()
    {
        SetTime(request.DecidableUntilNs + 1_000_000);
        subnet.ThenNetworkError();
        Assert.Equal(UnknownReason.TooLate, await UnknownAsync());
        Assert.Single(subnet.Requests);
    }

    [Fact]
    public async Task A_call_whose_certificate_does_not_list_it_is_polled_to_its_reply()
    {
        subnet.Then(r => ScriptedSubnet.Ok(ScriptedSubnet.Replied(
            ScriptedSubnet.Certified(subnet.StatusTree(r.Content.Id)))));
        subnet.Then(r => Certificate(subnet.StatusTree(
            Sent().Id, ("status", "replied"u8.ToArray()), ("reply", Reply))));
        var outcome = await subnet.Agent.CallAsync(ScriptedSubnet.Canister, "m", default, Ct);
        Assert.IsType<CallOutcome.Replied>(outcome);
        Assert.Equal(2, subnet.Requests.Count);

        RequestContent Sent() => subnet.Requests[0].Content;
    }

    [Fact]
    public async Task A_call_whose_answer_was_lost_is_polled_to_its_reply()
    {
        subnet.ThenStatus(202);
        subnet.Then(r => Certificate(subnet.StatusTree(
            subnet.Requests[0].Content.Id, ("status", "replied"u8.ToArray()), ("reply", Reply))));
        Assert.IsType<CallOutcome.Replied>(await subnet.Agent.CallAsync(ScriptedSubnet.Canister, "m", default, Ct));
    }

    private static HttpResponseMessage Certificate(HashTree tree) =>
        ScriptedSubnet.Ok(ScriptedSubnet.Map(("certificate", ScriptedSubnet.Certified(tree))));

    private void ThenReply() =>
        subnet.ThenState(request.Id, ("status", "replied"u8.ToArray()), ("reply", Reply));

    private void SetTime(ulong ns) => subnet.Business.AdjustTime(
        DateTimeOffset.UnixEpoch + new TimeSpan((long)(ns / 100)));

    /// <summary>A certificate of that time which does not list the request; the business clock moves along.</summary>
    private HttpResponseMessage At(ulong ns)
    {
        SetTime(ns);
        return Certificate(ScriptedSubnet.Tree(ns, HashTree.Empty));
    }

    private async Task<UnknownReason> UnknownAsync() =>
        Assert.IsType<CallOutcome.Unknown>(await subnet.Agent.ResolveAsync(request, Ct)).Reason;
}
