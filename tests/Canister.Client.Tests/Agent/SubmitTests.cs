using System.Numerics;
using System.Text;
using Decent.Candid;

namespace Decent.Canister.Client.Tests.Agent;

public sealed class SubmitTests
{
    private static readonly byte[] Reply = [0x44, 0x49, 0x44, 0x4c, 0, 0];

    private readonly ScriptedSubnet subnet = new();
    private readonly SignedRequest request;

    public SubmitTests() =>
        request = subnet.Agent.BuildCall(ScriptedSubnet.Canister, "icrc1_transfer", new byte[] { 1 });

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_certified_reply_is_the_reply_with_its_certificate_and_stays_unproven()
    {
        subnet.ThenCallCertificate(request.Id, ("status", "replied"u8.ToArray()), ("reply", Reply));
        var replied = Assert.IsType<CallOutcome.Replied>(await subnet.Agent.SubmitAsync(request, Ct));
        Assert.Equal(Reply, replied.Reply.ToArray());
        Assert.Equal(Proof.Unproven, replied.Evidence.Proof);
        Assert.NotNull(Certificate.Parse(replied.Evidence.Certificate));
        var sent = Assert.Single(subnet.Requests);
        Assert.Equal($"/api/v4/canister/{ScriptedSubnet.Canister}/call", sent.Path);
        Assert.Equal("application/cbor", sent.ContentType);
        AssertSameBytesSignedOnce();
    }

    [Fact]
    public async Task A_certified_rejection_carries_code_message_and_error_code()
    {
        subnet.ThenCallCertificate(
            request.Id,
            ("status", "rejected"u8.ToArray()),
            ("reject_code", [5]),
            ("reject_message", "trapped"u8.ToArray()),
            ("error_code", "IC0503"u8.ToArray()));
        var rejected = Assert.IsType<CallOutcome.Rejected>(await subnet.Agent.SubmitAsync(request, Ct));
        Assert.Equal((5UL, "trapped", "IC0503"), (rejected.RejectCode, rejected.Message, rejected.ErrorCode));
    }

    [Theory]
    [InlineData("received", UnknownReason.Running)]
    [InlineData("processing", UnknownReason.Running)]
    [InlineData("done", UnknownReason.Done)]
    [InlineData("replied", UnknownReason.BadAnswer)]
    [InlineData("rejected", UnknownReason.BadAnswer)]
    [InlineData("novel", UnknownReason.BadAnswer)]
    public async Task A_certified_status_without_a_result_is_unknown(string status, UnknownReason reason)
    {
        subnet.ThenCallCertificate(request.Id, ("status", Encoding.UTF8.GetBytes(status)));
        Assert.Equal(reason, await UnknownAsync());
        Assert.Single(subnet.Requests);
    }

    [Fact]
    public async Task A_certificate_that_does_not_list_the_request_is_unknown()
    {
        subnet.ThenCallCertificate(request.Id);
        Assert.Equal(UnknownReason.NotListed, await UnknownAsync());
    }

    [Fact]
    public async Task A_certificate_that_lists_another_request_is_unknown()
    {
        subnet.ThenCallCertificate(
            new RequestId(new byte[32]), ("status", "replied"u8.ToArray()), ("reply", Reply));
        Assert.Equal(UnknownReason.NotListed, await UnknownAsync());
    }

    [Fact]
    public async Task A_pruned_status_is_unknown()
    {
        subnet.ThenBytes(ScriptedSubnet.Replied(ScriptedSubnet.Certified(
            ScriptedSubnet.Tree(subnet.NowNs, HashTree.Pruned(new byte[32])))));
        Assert.Equal(UnknownReason.BadAnswer, await UnknownAsync());
    }

    [Fact]
    public async Task Accepted_for_processing_is_unknown_until_five_minutes_after_the_expiry()
    {
        subnet.ThenStatus(202);
        var unknown = Assert.IsType<CallOutcome.Unknown>(await subnet.Agent.SubmitAsync(request, Ct));
        Assert.Equal(UnknownReason.Running, unknown.Reason);
        Assert.Equal(request.DecidableUntilNs, unknown.UntilNs);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(413)]
    public async Task A_4xx_is_unknown_and_not_repeated(int status)
    {
        subnet.ThenStatus(status);
        Assert.Equal(UnknownReason.Refused, await UnknownAsync());
        Assert.Single(subnet.Requests);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    public async Task A_429_or_5xx_is_repeated_with_the_same_bytes_and_then_unknown(int status)
    {
        for (var i = 0; i <= subnet.Options.Resends; i++)
        {
            subnet.ThenStatus(status);
        }

        Assert.Equal(UnknownReason.Refused, await UnknownAsync());
        Assert.Equal(subnet.Options.Resends + 1, subnet.Requests.Count);
        Assert.Equal(subnet.Options.Resends, subnet.Machine.Waits.Count);
        AssertSameBytesSignedOnce();
    }

    [Fact]
    public async Task After_network_errors_the_same_bytes_get_their_answer()
    {
        subnet.ThenNetworkError().ThenStatus(503).ThenNetworkError()
            .ThenCallCertificate(request.Id, ("status", "replied"u8.ToArray()), ("reply", Reply));
        Assert.IsType<CallOutcome.Replied>(await subnet.Agent.SubmitAsync(request, Ct));
        Assert.Equal(4, subnet.Requests.Count);
        AssertSameBytesSignedOnce();
    }

    [Fact]
    public async Task Network_errors_without_end_are_unknown()
    {
        for (var i = 0; i <= subnet.Options.Resends; i++)
        {
            subnet.ThenNetworkError();
        }

        Assert.Equal(UnknownReason.NoAnswer, await UnknownAsync());
        AssertSameBytesSignedOnce();
    }

    [Fact]
    public async Task Silence_is_unknown_after_the_time_limit_and_the_same_bytes_are_tried_again()
    {
        for (var i = 0; i <= subnet.Options.Resends; i++)
        {
            subnet.ThenSilence();
        }

        Assert.Equal(UnknownReason.NoAnswer, await UnknownAsync());
        Assert.Equal(subnet.Options.Resends + 1, subnet.Requests.Count);
        AssertSameBytesSignedOnce();
    }

    [Fact]
    public async Task One_nodes_rejection_is_unknown()
    {
        subnet.ThenBytes(ScriptedSubnet.Map(
            ("status", "non_replicated_rejection"), ("reject_code", 4), ("reject_message", "no"),
            ("error_code", "IC0406")));
        Assert.Equal(UnknownReason.Refused, await UnknownAsync());
        Assert.Single(subnet.Requests);
    }

    [Fact]
    public async Task Every_truncation_of_a_certified_reply_is_unknown()
    {
        var whole = ScriptedSubnet.Replied(ScriptedSubnet.Certified(subnet.StatusTree(
            request.Id, ("status", "replied"u8.ToArray()), ("reply", Reply))));
        for (var length = 0; length < whole.Length; length++)
        {
            subnet.ThenBytes(whole[..length]);
            Assert.Equal(UnknownReason.BadAnswer, await UnknownAsync());
        }

        Assert.Equal(1, subnet.Identity.Signatures);
    }

    [Fact]
    public async Task Replied_without_a_certificate_and_an_answer_without_a_status_are_unknown()
    {
        subnet.ThenBytes(ScriptedSubnet.Map(("status", "replied")));
        Assert.Equal(UnknownReason.BadAnswer, await UnknownAsync());
        subnet.ThenBytes(ScriptedSubnet.Map());
        Assert.Equal(UnknownReason.BadAnswer, await UnknownAsync());
    }

    [Theory]
    [InlineData(-301, false)]
    [InlineData(-299, true)]
    [InlineData(299, true)]
    [InlineData(301, false)]
    public async Task A_certificate_more_than_five_minutes_away_is_not_believed(int seconds, bool believed)
    {
        var tree = subnet.StatusTree(request.Id, ("status", "replied"u8.ToArray()), ("reply", Reply));
        subnet.Business.AdjustTime(ScriptedSubnet.Start);
        subnet.Then(_ =>
        {
            subnet.Business.AdjustTime(ScriptedSubnet.Start - TimeSpan.FromSeconds(seconds));
            return ScriptedSubnet.Ok(ScriptedSubnet.Replied(ScriptedSubnet.Certified(tree)));
        });
        var outcome = await subnet.Agent.SubmitAsync(request, Ct);
        Assert.Equal(believed, outcome is CallOutcome.Replied);
        Assert.Equal(!believed, outcome is CallOutcome.Unknown { Reason: UnknownReason.BadAnswer });
    }

    [Fact]
    public async Task A_delegated_certificate_is_believed_only_for_canisters_of_its_subnet()
    {
        subnet.ThenBytes(Delegated("aaaaa-aa", "ryjl3-tyaaa-aaaaa-aaaba-cai"));
        Assert.IsType<CallOutcome.Replied>(await subnet.Agent.SubmitAsync(request, Ct));
        subnet.ThenBytes(Delegated("jrlun-jiaaa-aaaab-aaaaa-cai", "v2nog-2aaaa-aaaab-p777q-cai"));
        Assert.Equal(UnknownReason.BadAnswer, await UnknownAsync());
        subnet.ThenBytes(Delegated());
        Assert.Equal(UnknownReason.BadAnswer, await UnknownAsync());
    }

    [Fact]
    public async Task An_expired_request_is_not_sent()
    {
        subnet.Business.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(UnknownReason.Expired, await UnknownAsync());
        Assert.Empty(subnet.Requests);
    }

    [Fact]
    public async Task An_answer_above_the_limit_is_unknown()
    {
        subnet.ThenBytes(new byte[subnet.Options.MaximumAnswer + 1]);
        Assert.Equal(UnknownReason.BadAnswer, await UnknownAsync());
    }

    [Fact]
    public async Task A_caller_who_gives_up_gets_a_cancellation_and_no_outcome()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        subnet.Then(HttpResponseMessage (_) =>
        {
            stop.Cancel();
            throw new HttpRequestException("gone");
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => subnet.Agent.SubmitAsync(request, stop.Token));
    }

    private byte[] Delegated(params string[] range)
    {
        var writer = CborText.Create();
        writer.WriteStartArray(range.Length / 2);
        for (var i = 0; i < range.Length; i += 2)
        {
            writer.WriteStartArray(2);
            writer.WriteByteString(Principal.FromText(range[i]).Bytes);
            writer.WriteByteString(Principal.FromText(range[i + 1]).Bytes);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        var subnetId = Principal.FromBytes([7, 7, 7]);
        var ranges = HashTree.Labeled("canister_ranges", HashTree.Labeled(
            subnetId.ToArray(), HashTree.Labeled(new byte[] { 0 }, HashTree.Leaf(writer.Encode()))));
        var delegation = Certificate.Write(
            HashTree.Fork(ranges, HashTree.Labeled("time", HashTree.Leaf(Leb128.EncodeUnsigned(BigInteger.One)))),
            new byte[48]);
        var tree = subnet.StatusTree(request.Id, ("status", "replied"u8.ToArray()), ("reply", Reply));
        return ScriptedSubnet.Replied(Certificate.Write(tree, new byte[48], subnetId, delegation));
    }

    private async Task<UnknownReason> UnknownAsync() =>
        Assert.IsType<CallOutcome.Unknown>(await subnet.Agent.SubmitAsync(request, Ct)).Reason;

    private void AssertSameBytesSignedOnce()
    {
        Assert.All(subnet.Requests, r => Assert.Equal(request.Bytes.ToArray(), r.Body));
        Assert.Equal(1, subnet.Identity.Signatures);
    }
}
