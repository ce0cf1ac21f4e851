using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Decent.Candid;
using Decent.Canister.Client;

namespace Decent.Replica.Tests.Http;

/// <summary>The public interface: what is accepted, what is refused, and what certificates show.</summary>
public sealed class ProtocolTests
{
    private const ulong Second = RunningReplica.Second;

    private static readonly string[] Profiles = ["icrc", "icp", "platform"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Status_names_a_root_key_of_133_bytes_and_says_healthy()
    {
        await using var replica = await RunningReplica.StartAsync();
        var status = await replica.Agent().StatusAsync(Ct);
        Assert.Equal("healthy", status.Health);
        Assert.Equal(133, status.RootKeyDer!.Value.Length);
    }

    [Fact]
    public async Task A_certificate_verifies_under_the_replicas_root_key_and_under_no_other()
    {
        await using var replica = await RunningReplica.StartAsync();
        var root = (await replica.Agent().StatusAsync(Ct)).RootKeyDer!.Value;
        var reading = await replica.Agent(root: root).ReadStateAsync(
            WellKnownCanisters.IcpLedger, [StatePath.Time], Ct);
        Assert.Equal(Proof.Certified, reading.Evidence.Proof);
        Assert.Equal(replica.NowNs, reading.TimeNs);
        Assert.Equal(48, reading.Certificate.Signature.Length);
        await Assert.ThrowsAsync<AgentException>(() => replica.Agent(root: RootOfTrust.MainnetKeyDer)
            .ReadStateAsync(WellKnownCanisters.IcpLedger, [StatePath.Time], Ct));
    }

    [Theory]
    [InlineData("v3", RangesFrom.Sharded, RangesFrom.Legacy)]
    [InlineData("v2", RangesFrom.Legacy, RangesFrom.Sharded)]
    public async Task Each_version_shows_the_canister_ranges_in_its_own_form(
        string version, RangesFrom shown, RangesFrom hidden)
    {
        await using var replica = await RunningReplica.StartAsync();
        var envelope = Sign(replica, RequestContent.ForReadState(
            replica.Payer.Sender, [StatePath.Time], replica.NowNs + (60 * Second)));
        var answer = await PostAsync(
            replica, $"api/{version}/canister/{WellKnownCanisters.IcpLedger}/read_state", envelope.ToCbor());
        var certificate = Certificate.Parse(
            QueryAnswerReader.ReadCertificate(await answer.Content.ReadAsByteArrayAsync(Ct)));
        Assert.Contains(
            certificate.CanisterRanges(shown), static r => r.Contains(WellKnownCanisters.Platform));
        Assert.Empty(certificate.CanisterRanges(hidden));
    }

    [Fact]
    public async Task The_keys_survive_a_restart_and_nobody_else_may_read_them()
    {
        await using var replica = await RunningReplica.StartAsync();
        var root = (await replica.Agent().StatusAsync(Ct)).RootKeyDer!.Value.ToArray();
        await replica.RestartAsync();
        Assert.Equal(root, (await replica.Agent().StatusAsync(Ct)).RootKeyDer!.Value.ToArray());
        foreach (var key in Directory.GetFiles(replica.DataDirectory, "*.key"))
        {
            Assert.True(
                OperatingSystem.IsWindows()
                || File.GetUnixFileMode(key) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
    }

    [Fact]
    public async Task The_subnet_shows_its_node_and_its_canister_ranges_in_both_forms()
    {
        await using var replica = await RunningReplica.StartAsync();
        var subnet = await SubnetAsync(replica);
        var reading = await replica.Agent().ReadStateAsync(
            WellKnownCanisters.IcpLedger, [StatePath.Of("subnet")], Ct);
        Assert.IsType<LookupResult.Found>(
            reading.Lookup(StatePath.Of("subnet").Add(subnet.ToArray()).Add("canister_ranges")));
        Assert.Single(reading.Certificate.Tree.LeavesUnder(
            StatePath.Of("subnet").Add(subnet.ToArray()).Add("node"))!);

        var paths = StatePath.Of("canister_ranges").Add(subnet.ToArray());
        var envelope = Sign(replica, RequestContent.ForReadState(
            replica.Payer.Sender, [paths], replica.NowNs + (60 * Second)));
        var answer = await PostAsync(replica, $"api/v3/subnet/{subnet}/read_state", envelope.ToCbor());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var elsewhere = await PostAsync(
            replica, $"api/v3/subnet/{WellKnownCanisters.IcpLedger}/read_state", envelope.ToCbor());
        Assert.Equal(HttpStatusCode.BadRequest, elsewhere.StatusCode);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(331)]
    public async Task A_call_whose_expiry_is_past_or_too_far_ahead_is_refused_and_not_executed(int seconds)
    {
        await using var replica = await RunningReplica.StartAsync();
        var call = Call(replica, expiryNs: (ulong)((long)replica.NowNs + (seconds * (long)Second)));
        var answer = await PostAsync(replica, CallPath, call.ToCbor());
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("expiry", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(0, await replica.ExecutedAsync());
    }

    [Fact]
    public async Task The_longest_lifetime_is_five_minutes_and_thirty_seconds()
    {
        await using var replica = await RunningReplica.StartAsync();
        var call = Call(replica, expiryNs: replica.NowNs + (330 * Second));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(replica, CallPath, call.ToCbor())).StatusCode);
    }

    [Fact]
    public async Task A_wrong_signature_is_refused_and_not_executed()
    {
        await using var replica = await RunningReplica.StartAsync();
        var call = Call(replica);
        var signature = call.Signature.ToArray();
        signature[5] ^= 1;
        var answer = await PostAsync(replica, CallPath, (call with { Signature = signature }).ToCbor());
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("signature", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(0, await replica.ExecutedAsync());
    }

    [Fact]
    public async Task A_call_in_somebody_elses_name_is_refused()
    {
        await using var replica = await RunningReplica.StartAsync();
        var content = RequestContent.ForMethod(
            RequestKind.Call, RunningReplica.Identity(2).Sender, WellKnownCanisters.IcpLedger, "icrc1_transfer",
            new byte[] { 1 }, replica.NowNs + (60 * Second), null);
        var signed = RequestEnvelope.Sign(content, RunningReplica.Identity(2));
        var forged = signed with { SenderPublicKeyDer = replica.Payer.PublicKeyDer };
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(replica, CallPath, forged.ToCbor())).StatusCode);
        Assert.Equal(0, await replica.ExecutedAsync());
    }

    [Fact]
    public async Task A_body_of_more_than_two_mebibytes_is_refused()
    {
        await using var replica = await RunningReplica.StartAsync();
        var answer = await PostAsync(replica, CallPath, new byte[(2 * 1024 * 1024) + 1]);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal(
            HttpStatusCode.RequestEntityTooLarge,
            (await PostChunkedAsync(replica, CallPath, new byte[(2 * 1024 * 1024) + 1])).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not cbor at all")]
    public async Task A_body_that_is_no_request_is_refused(string body)
    {
        await using var replica = await RunningReplica.StartAsync();
        Assert.Equal(
            HttpStatusCode.BadRequest, (await PostAsync(replica, CallPath, Encoding.UTF8.GetBytes(body))).StatusCode);
    }

    [Fact]
    public async Task A_call_to_another_address_or_of_another_kind_is_refused()
    {
        await using var replica = await RunningReplica.StartAsync();
        var call = Call(replica).ToCbor();
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await PostAsync(replica, $"api/v4/canister/{WellKnownCanisters.Taco}/call", call)).StatusCode);
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await PostAsync(replica, $"api/v3/canister/{WellKnownCanisters.IcpLedger}/query", call)).StatusCode);
        Assert.Equal(0, await replica.ExecutedAsync());
    }

    [Fact]
    public async Task Unknown_canisters_and_methods_are_rejected_with_their_codes()
    {
        await using var replica = await RunningReplica.StartAsync();
        var agent = replica.Agent();
        var nowhere = await agent.QueryAsync(WellKnownCanisters.Opaque(77), "x", CandidArg.Empty.Encode(), Ct);
        Assert.Equal("IC0301", Assert.IsType<QueryOutcome.Rejected>(nowhere).ErrorCode);
        var unknown = await agent.CallAsync(WellKnownCanisters.IcpLedger, "x", CandidArg.Empty.Encode(), Ct);
        var rejected = Assert.IsType<CallOutcome.Rejected>(unknown);
        Assert.Equal((5UL, "IC0536"), (rejected.RejectCode, rejected.ErrorCode));
        var trap = await agent.CallAsync(WellKnownCanisters.IcpLedger, "icrc1_transfer", new byte[] { 1, 2 }, Ct);
        Assert.Equal("IC0503", Assert.IsType<CallOutcome.Rejected>(trap).ErrorCode);
    }

    [Fact]
    public async Task The_asynchronous_call_answers_202_and_its_status_tells_the_rest()
    {
        await using var replica = await RunningReplica.StartAsync();
        await replica.MintAsync("icp", 1_000_000);
        var agent = replica.Agent();
        var request = agent.BuildCall(
            WellKnownCanisters.IcpLedger, "icrc1_transfer", replica.Ledger("icp").EncodeTransfer(replica.Argument(1)));
        var answer = await PostAsync(
            replica, $"api/v2/canister/{WellKnownCanisters.IcpLedger}/call", request.Bytes.ToArray());
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Ct));
        Assert.IsType<CallOutcome.Replied>(await agent.ResolveAsync(request, Ct));
    }

    [Fact]
    public async Task The_same_bytes_are_executed_once_however_often_they_come()
    {
        await using var replica = await RunningReplica.StartAsync();
        await replica.MintAsync("icp", 1_000_000);
        var agent = replica.Agent();
        var request = agent.BuildCall(
            WellKnownCanisters.IcpLedger,
            "icrc1_transfer",
            replica.Ledger("icp").EncodeTransfer(replica.Argument(1)));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => agent.SubmitAsync(request, Ct)));
        Assert.All(outcomes, o => Assert.IsType<CallOutcome.Replied>(o));
        Assert.Equal(2, await replica.ExecutedAsync());
        await replica.RestartAsync();
        Assert.IsType<CallOutcome.Replied>(await replica.Agent().SubmitAsync(request, Ct));
        Assert.Equal(2, await replica.ExecutedAsync());
    }

    [Fact]
    public async Task An_id_that_never_came_is_absent_and_after_its_expiry_proven_not_executed()
    {
        await using var replica = await RunningReplica.StartAsync();
        var agent = replica.Agent();
        var request = agent.BuildCall(WellKnownCanisters.IcpLedger, "icrc1_transfer", new byte[] { 1 });
        var early = await agent.ResolveAsync(request, TimeSpan.Zero, Ct);
        Assert.Equal(UnknownReason.NotListed, Assert.IsType<CallOutcome.Unknown>(early).Reason);
        replica.Clock.Advance(TimeSpan.FromMinutes(4) + TimeSpan.FromSeconds(1));
        Assert.IsType<CallOutcome.NotExecuted>(await agent.ResolveAsync(request, Ct));
    }

    [Fact]
    public async Task A_status_stays_until_five_minutes_after_the_expiry_and_is_gone_then()
    {
        await using var replica = await RunningReplica.StartAsync();
        var agent = replica.Agent();
        var request = agent.BuildCall(WellKnownCanisters.IcpLedger, "nothing", new byte[] { 1 });
        Assert.IsType<CallOutcome.Rejected>(await agent.SubmitAsync(request, Ct));
        replica.Clock.Advance(TimeSpan.FromMinutes(8));
        Assert.IsType<CallOutcome.Rejected>(await agent.ResolveAsync(request, TimeSpan.Zero, Ct));
        replica.Clock.Advance(TimeSpan.FromMinutes(2));
        var late = await agent.ResolveAsync(request, TimeSpan.Zero, Ct);
        Assert.Equal(UnknownReason.TooLate, Assert.IsType<CallOutcome.Unknown>(late).Reason);
    }

    [Fact]
    public async Task Nobody_reads_the_status_of_somebody_elses_request()
    {
        await using var replica = await RunningReplica.StartAsync();
        var agent = replica.Agent();
        var request = agent.BuildCall(WellKnownCanisters.IcpLedger, "nothing", new byte[] { 1 });
        _ = await agent.SubmitAsync(request, Ct);
        await Assert.ThrowsAsync<AgentException>(() => replica.Agent(RunningReplica.Identity(2)).ReadStateAsync(
            WellKnownCanisters.IcpLedger, [StatePath.RequestStatus(request.Id)], Ct));
    }

    [Fact]
    public async Task A_query_answer_carries_a_signature_of_the_certified_node()
    {
        await using var replica = await RunningReplica.StartAsync();
        var envelope = Sign(replica, RequestContent.ForMethod(
            RequestKind.Query, replica.Payer.Sender, WellKnownCanisters.IcpLedger, "icrc1_symbol",
            CandidArg.Empty.Encode(), replica.NowNs + (60 * Second), null));
        var path = $"api/v3/canister/{WellKnownCanisters.IcpLedger}/query";
        var good = await (await PostAsync(replica, path, envelope.ToCbor())).Content.ReadAsByteArrayAsync(Ct);
        Assert.True(await IsSignedAsync(replica, envelope.Content.Id, good));

        replica.Faults.Add(new(Faults.FaultKind.WrongNodeSignature, Faults.FaultTarget.Query));
        var bad = await (await PostAsync(replica, path, envelope.ToCbor())).Content.ReadAsByteArrayAsync(Ct);
        Assert.False(await IsSignedAsync(replica, envelope.Content.Id, bad));
    }

    [Fact]
    public async Task A_restart_keeps_every_block_balance_and_status()
    {
        await using var replica = await RunningReplica.StartAsync();
        foreach (var profile in Profiles)
        {
            await replica.MintAsync(profile, 90_000_000);
        }

        var requests = new List<SignedRequest>();
        for (var i = 0; i < 30; i++)
        {
            var agent = replica.Agent();
            var ledger = replica.Ledger(Profiles[i % 3], agent);
            var request = agent.BuildCall(
                ledger.Canister,
                ledger.TransferMethod,
                ledger.EncodeTransfer(replica.Argument((UInt128)(i + 1), (byte)i)));
            Assert.IsType<CallOutcome.Replied>(await agent.SubmitAsync(request, Ct));
            requests.Add(request);
            replica.Clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        var (digest, executed) = (await replica.DigestAsync(), await replica.ExecutedAsync());
        var blocks = (await replica.ReadAsync("blocks/DCT")).ToString();
        await replica.RestartAsync();
        Assert.Equal(digest, await replica.DigestAsync());
        Assert.Equal(executed, await replica.ExecutedAsync());
        Assert.Equal(blocks, (await replica.ReadAsync("blocks/DCT")).ToString());
        foreach (var request in requests)
        {
            Assert.IsType<CallOutcome.Replied>(await replica.Agent().ResolveAsync(request, TimeSpan.Zero, Ct));
        }
    }

    [Fact]
    public async Task A_torn_last_record_costs_only_itself()
    {
        await using var replica = await RunningReplica.StartAsync();
        await replica.MintAsync("icp", 5);
        var digest = await replica.DigestAsync();
        await replica.MintAsync("icp", 6);
        await replica.RestartAsync();
        Assert.NotEqual(digest, await replica.DigestAsync(), StringComparer.Ordinal);
        await replica.RestartAsync(() =>
        {
            using var log = new FileStream(Path.Combine(replica.DataDirectory, "updates.log"), FileMode.Open);
            log.SetLength(log.Length - 3);
        });
        Assert.Equal(digest, await replica.DigestAsync());
        var block = Assert.Single((await replica.ReadAsync("blocks/ICP")).EnumerateArray());
        Assert.Equal("5", block.GetProperty("amount").GetString());
    }

    [Theory]
    [InlineData("mint", """{"ledger":"ICP","account":"no account","units":"1"}""")]
    [InlineData("mint", """{"ledger":"ICP","account":"aaaaa-aa","units":"-1"}""")]
    [InlineData("mint", """{"ledger":"ICP","account":"aaaaa-aa","units":"0"}""")]
    [InlineData("mint", """{"ledger":"ICP","account":"aaaaa-aa","units":"1","memoHex":"xy"}""")]
    [InlineData("mint", """{"ledger":"nobody","account":"aaaaa-aa","units":"1"}""")]
    [InlineData("swap", """{"venue":"kong","tokenIn":"a","tokenOut":"b","amountIn":"1"}""")]
    [InlineData("swap", """{"venue":"taco","tokenIn":"a","tokenOut":"b","amountIn":"1"}""")]
    [InlineData("faults", """{"kind":"DropAnswer","times":0}""")]
    public async Task A_control_that_makes_no_sense_is_refused_and_changes_nothing(string action, string body)
    {
        await using var replica = await RunningReplica.StartAsync();
        var digest = await replica.DigestAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var answer = await replica.Http.PostAsync($"control/{action}", content, Ct);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(digest, await replica.DigestAsync());
        Assert.Empty(replica.Faults.Waiting);
    }

    private static string CallPath => $"api/v4/canister/{WellKnownCanisters.IcpLedger}/call";

    private static RequestEnvelope Call(RunningReplica replica, ulong? expiryNs = null) => Sign(
        replica,
        RequestContent.ForMethod(
            RequestKind.Call, replica.Payer.Sender, WellKnownCanisters.IcpLedger, "icrc1_transfer",
            replica.Ledger("icp").EncodeTransfer(replica.Argument(1)),
            expiryNs ?? replica.NowNs + (60 * Second),
            null));

    private static RequestEnvelope Sign(RunningReplica replica, RequestContent content) =>
        RequestEnvelope.Sign(content, replica.Payer);

    private static async Task<bool> IsSignedAsync(RunningReplica replica, RequestId id, byte[] answer)
    {
        var parsed = QueryAnswerReader.Read(answer);
        var subnet = await SubnetAsync(replica);
        var reading = await replica.Agent().ReadStateAsync(
            WellKnownCanisters.IcpLedger, [StatePath.Of("subnet")], Ct);
        var key = Assert.IsType<LookupResult.Found>(reading.Lookup(
            StatePath.Of("subnet").Add(subnet.ToArray()).Add("node").Add(parsed.Node).Add("public_key")));
        return PublicKeys.Verify(key.Value.Span, parsed.SignedMessage(id), parsed.Signature);
    }

    private static async Task<Principal> SubnetAsync(RunningReplica replica) =>
        (await replica.Agent().ReadStateAsync(WellKnownCanisters.IcpLedger, [StatePath.Time], Ct))
        .Certificate.Delegation!.SubnetId;

    private static async Task<HttpResponseMessage> PostAsync(RunningReplica replica, string path, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/cbor");
        return await replica.Http.PostAsync(path, content, Ct);
    }

    private static async Task<HttpResponseMessage> PostChunkedAsync(RunningReplica replica, string path, byte[] body)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        message.Headers.TransferEncodingChunked = true;
        return await replica.Http.SendAsync(message, Ct);
    }
}
