using Decent.Candid;
using Decent.Canister.Client.Tests.Certificates;

namespace Decent.Canister.Client.Tests.Agent;

/// <summary>Under a root key an answer to a query counts only with the signature of a certified node.</summary>
public sealed class QuerySignatureTests
{
    private static readonly Ed25519Identity One = SignedNetwork.Node(1);
    private static readonly Ed25519Identity Two = SignedNetwork.Node(2);
    private static readonly byte[] Arg = [7, 7];

    private readonly ScriptedSubnet subnet = new(SignedNetwork.RootKeyDer);
    private Ed25519Identity[] nodes = [One];
    private Func<RequestId, byte[]> answer;

    public QuerySignatureTests()
    {
        answer = id => SignedNetwork.QueryReply(id, Arg, subnet.NowNs, [One]);
        subnet.Otherwise = received => ScriptedSubnet.Ok(
            received.Path.EndsWith("/query", StringComparison.Ordinal)
                ? answer(received.Content.Id)
                : ScriptedSubnet.Map(("certificate", NodesCertificate())));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private int Readings => subnet.Requests.Count(r => r.Path.EndsWith("/read_state", StringComparison.Ordinal));

    [Fact]
    public async Task An_answer_signed_by_a_certified_node_is_that_nodes_word()
    {
        var replied = Assert.IsType<QueryOutcome.Replied>(await QueryAsync());
        Assert.Equal(Arg, replied.Reply.ToArray());
        Assert.Equal(Proof.NodeSigned, replied.Proof);
        Assert.Equal(subnet.NowNs, replied.SignedAtNs);
        var read = subnet.Requests.Single(r => r.Path.EndsWith("/read_state", StringComparison.Ordinal));
        Assert.Contains(StatePath.Of("subnet"), read.Content.Paths);
        Assert.Equal(Principal.Anonymous, read.Content.Sender);
    }

    [Fact]
    public async Task The_nodes_are_read_once_for_many_queries_and_again_after_an_hour()
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.IsType<QueryOutcome.Replied>(await QueryAsync());
        }

        Assert.Equal(1, Readings);
        using var wait = subnet.Machine.CreateTimer(static _ => { }, null, TimeSpan.FromSeconds(20), default);
        for (var i = 0; i < 180; i++)
        {
            wait.Change(TimeSpan.FromSeconds(20), default);
        }

        Assert.IsType<QueryOutcome.Replied>(await QueryAsync());
        Assert.Equal(2, Readings);
    }

    [Fact]
    public async Task The_nodes_are_read_once_for_queries_at_the_same_time()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => QueryAsync()));
        Assert.All(outcomes, o => Assert.IsType<QueryOutcome.Replied>(o));
        Assert.True(Readings <= 2, $"The nodes were read {Readings} times.");
    }

    [Fact]
    public async Task A_caller_who_gives_up_waiting_for_the_nodes_gets_a_cancellation()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var gone = subnet.Otherwise!;
        subnet.Otherwise = received =>
        {
            if (received.Path.EndsWith("/read_state", StringComparison.Ordinal))
            {
                stop.Cancel();
                throw new HttpRequestException("gone");
            }

            return gone(received);
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => subnet.Agent.QueryAsync(ScriptedSubnet.Canister, "m", default, stop.Token));
    }

    [Fact]
    public async Task Nodes_that_cannot_be_read_make_the_query_unavailable_and_are_asked_for_again()
    {
        var whole = subnet.Otherwise!;
        subnet.Otherwise = received => received.Path.EndsWith("/read_state", StringComparison.Ordinal)
            ? new HttpResponseMessage(System.Net.HttpStatusCode.BadRequest)
            : whole(received);
        Assert.IsType<QueryOutcome.Unavailable>(await QueryAsync());
        subnet.Otherwise = whole;
        Assert.IsType<QueryOutcome.Replied>(await QueryAsync());
    }

    [Fact]
    public async Task An_answer_without_a_signature_is_no_answer()
    {
        answer = id => SignedNetwork.QueryReply(id, Arg, subnet.NowNs, []);
        await RefusedAsync("no signature");
        answer = _ => ScriptedSubnet.Map(("status", "replied"), ("reply", ("arg", Arg)));
        await RefusedAsync("no signature");
        answer = id => SignedNetwork.QueryRejection(id, subnet.NowNs, []);
        await RefusedAsync("no signature");
    }

    [Fact]
    public async Task More_signatures_than_nodes_are_refused()
    {
        answer = id => SignedNetwork.QueryReply(id, Arg, subnet.NowNs, [One, Two]);
        await RefusedAsync("more signatures");
    }

    [Fact]
    public async Task The_same_node_twice_is_refused()
    {
        nodes = [One, Two];
        answer = id => SignedNetwork.QueryReply(id, Arg, subnet.NowNs, [One, One]);
        await RefusedAsync("twice");
    }

    [Fact]
    public async Task A_changed_reply_and_an_answer_to_another_query_are_refused_after_reading_the_keys_once_more()
    {
        answer = id => SignedNetwork.QueryReply(id, Arg, subnet.NowNs, [One], shown: [8]);
        await RefusedAsync("not valid");
        Assert.Equal(2, Readings);
        answer = _ => SignedNetwork.QueryReply(new RequestId(new byte[32]), Arg, subnet.NowNs, [One]);
        await RefusedAsync("not valid");
        Assert.Equal(3, Readings);
    }

    [Fact]
    public async Task Nodes_that_changed_are_read_again_and_the_same_answer_then_counts()
    {
        Assert.IsType<QueryOutcome.Replied>(await QueryAsync());
        nodes = [Two];
        answer = id => SignedNetwork.QueryReply(id, Arg, subnet.NowNs, [Two]);
        Assert.IsType<QueryOutcome.Replied>(await QueryAsync());
        Assert.Equal(2, Readings);
        Assert.Equal(2, subnet.Requests.Count(r => r.Path.EndsWith("/query", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_node_of_nobody_is_refused()
    {
        answer = id => SignedNetwork.QueryReply(id, Arg, subnet.NowNs, [Two]);
        await RefusedAsync("is not one of subnet");
        Assert.Equal(2, Readings);
    }

    [Theory]
    [InlineData(-301, false)]
    [InlineData(-299, true)]
    [InlineData(299, true)]
    [InlineData(301, false)]
    public async Task A_signature_more_than_five_minutes_away_is_refused(int seconds, bool believed)
    {
        var at = (ulong)((long)subnet.NowNs + (seconds * 1_000_000_000L));
        answer = id => SignedNetwork.QueryReply(id, Arg, at, [One]);
        Assert.Equal(believed, await QueryAsync() is QueryOutcome.Replied);
        Assert.Equal(1, Readings);
    }

    [Fact]
    public async Task A_signed_rejection_is_the_nodes_word()
    {
        answer = id => SignedNetwork.QueryRejection(id, subnet.NowNs, [One]);
        var rejected = Assert.IsType<QueryOutcome.Rejected>(await QueryAsync());
        Assert.Equal((5UL, "IC0536", Proof.NodeSigned), (rejected.RejectCode, rejected.ErrorCode, rejected.Proof));
    }

    [Fact]
    public async Task Nodes_of_a_subnet_that_does_not_host_the_canister_do_not_count()
    {
        subnet.Otherwise = received => ScriptedSubnet.Ok(
            received.Path.EndsWith("/query", StringComparison.Ordinal)
                ? answer(received.Content.Id)
                : ScriptedSubnet.Map(("certificate", SignedNetwork.Delegated(
                    SignedNetwork.Nodes(SignedNetwork.SubnetId, subnet.NowNs, One), lastCanister: "aaaaa-aa"))));
        Assert.IsType<QueryOutcome.Unavailable>(await QueryAsync());
    }

    [Fact]
    public async Task Nodes_without_a_valid_certificate_do_not_count()
    {
        subnet.Otherwise = received => ScriptedSubnet.Ok(
            received.Path.EndsWith("/query", StringComparison.Ordinal)
                ? answer(received.Content.Id)
                : ScriptedSubnet.Map(("certificate", SignedNetwork.Delegated(
                    SignedNetwork.Nodes(SignedNetwork.SubnetId, subnet.NowNs, One), SignedNetwork.Root))));
        Assert.IsType<QueryOutcome.Unavailable>(await QueryAsync());
    }

    [Fact]
    public async Task A_root_subnet_must_show_that_it_hosts_the_canister()
    {
        var shown = SignedNetwork.Nodes(SignedNetwork.RootId, subnet.NowNs, One);
        subnet.Otherwise = received => ScriptedSubnet.Ok(
            received.Path.EndsWith("/query", StringComparison.Ordinal)
                ? answer(received.Content.Id)
                : ScriptedSubnet.Map(("certificate", SignedNetwork.Signed(shown, SignedNetwork.Root))));
        await RefusedAsync("which canisters");
        shown = WithRanges(ScriptedSubnet.Canister.ToText());
        Assert.IsType<QueryOutcome.Replied>(await QueryAsync());
    }

    [Fact]
    public void Published_node_keys_are_read_from_real_certificates()
    {
        var trust = RootOfTrust.FromDer(RootOfTrust.MainnetKeyDer.Span);
        var read = 0;
        foreach (var entry in Json.File("certificates.json").Items("entries"))
        {
            if (entry.Text("name") is not ("o3ow2-subnet-keys-2023-11-07" or "root-subnet-all-2023"))
            {
                continue;
            }

            var certificate = Certificate.Parse(CertificateTests.Inner(entry));
            trust.Verify(certificate);
            var found = SubnetNodes.Read(certificate, trust);
            Assert.NotEmpty(found.KeysDer);
            Assert.NotEmpty(found.Ranges);
            foreach (var (node, key) in found.KeysDer)
            {
                Assert.Equal(node, Principal.SelfAuthenticating(key.Span));
                Assert.True(PublicKeys.IsSupported(key.Span));
            }

            read++;
        }

        Assert.Equal(2, read);
    }

    [Fact]
    public void Published_answers_are_judged_as_expected()
    {
        foreach (var item in Json.File("request-ids.json").Items("query_responses"))
        {
            var fields = AnswerCbor.Read(item.Hex("response_cbor"));
            var id = RequestId.Parse(item.Text("request_id"));
            Assert.Equal(id, RequestId.Of(Json.Map(item.GetProperty("query_content").GetProperty("map"))));
            var at = Assert.Single(fields.Signatures).TimestampNs;
            if (item.Text("expect") == "accept")
            {
                Assert.Equal(item.Text("signed_message"), Convert.ToHexStringLower(Message(at)));
            }

            var keys = new Dictionary<Principal, ReadOnlyMemory<byte>>
            {
                [Principal.FromText(item.Text("node_id"))] = item.Hex("node_public_key_der"),
            };
            var known = new SubnetNodes(SignedNetwork.SubnetId, [], keys, at);
            Assert.Equal(
                (item.Text("id"), item.Text("expect") == "accept"),
                (item.Text("id"), known.FindFault(fields.Signatures, Message, at) is null));

            byte[] Message(ulong when) => fields.Status == "replied"
                ? NodeSignature.MessageForReply(id, fields.Reply!.Value, when)
                : NodeSignature.MessageForRejection(
                    id, fields.RejectCode!.Value, fields.RejectMessage!, fields.ErrorCode, when);
        }
    }

    private HashTree WithRanges(string last)
    {
        var node = HashTree.Labeled("node", HashTree.Labeled(
            One.Sender.ToArray(), HashTree.Labeled("public_key", HashTree.Leaf(One.PublicKeyDer))));
        var ranges = HashTree.Labeled(
            "canister_ranges", HashTree.Leaf(SignedNetwork.Ranges("aaaaa-aa", last)));
        return HashTree.Fork(
            SignedNetwork.Label("subnet", SignedNetwork.RootId, HashTree.Fork(ranges, node)),
            SignedNetwork.Time(subnet.NowNs));
    }

    private byte[] NodesCertificate() =>
        SignedNetwork.Delegated(SignedNetwork.Nodes(SignedNetwork.SubnetId, subnet.NowNs, nodes));

    private Task<QueryOutcome> QueryAsync() =>
        subnet.Agent.QueryAsync(ScriptedSubnet.Canister, "icrc1_fee", new byte[] { 1 }, Ct);

    private async Task RefusedAsync(string why)
    {
        var refused = Assert.IsType<QueryOutcome.Unavailable>(await QueryAsync());
        Assert.Equal(UnknownReason.BadAnswer, refused.Reason);
        Assert.Contains(why, refused.Why, StringComparison.Ordinal);
    }
}
