using System.Numerics;

namespace Decent.Canister.Client.Tests.Agent;

/// <summary>An agent with a root key believes signatures and nothing else.</summary>
public sealed class CertifiedTests
{
    private readonly ScriptedSubnet subnet = new(SignedNetwork.RootKeyDer);
    private readonly SignedRequest request;

    public CertifiedTests() =>
        request = subnet.Agent.BuildCall(ScriptedSubnet.Canister, "icrc1_transfer", new byte[] { 1 });

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reply_under_a_delegation_of_the_root_is_certified()
    {
        subnet.ThenBytes(ScriptedSubnet.Replied(SignedNetwork.Delegated(Replied())));
        var replied = Assert.IsType<CallOutcome.Replied>(await subnet.Agent.SubmitAsync(request, Ct));
        Assert.Equal(Proof.Certified, replied.Evidence.Proof);
    }

    [Fact]
    public async Task A_reply_signed_by_the_root_itself_is_certified()
    {
        subnet.ThenBytes(ScriptedSubnet.Replied(SignedNetwork.Signed(Replied(), SignedNetwork.Root)));
        var replied = Assert.IsType<CallOutcome.Replied>(await subnet.Agent.SubmitAsync(request, Ct));
        Assert.Equal(Proof.Certified, replied.Evidence.Proof);
    }

    [Fact]
    public async Task A_reply_with_a_wrong_signature_or_delegation_is_not_believed()
    {
        byte[][] forged =
        [
            ScriptedSubnet.Certified(Replied()),
            SignedNetwork.Signed(Replied(), SignedNetwork.Subnet),
            SignedNetwork.Delegated(Replied(), SignedNetwork.Root),
            SignedNetwork.Delegated(Replied(), root: SignedNetwork.Subnet),
        ];
        foreach (var certificate in forged)
        {
            subnet.ThenBytes(ScriptedSubnet.Replied(certificate));
            var unknown = Assert.IsType<CallOutcome.Unknown>(await subnet.Agent.SubmitAsync(request, Ct));
            Assert.Equal(UnknownReason.BadAnswer, unknown.Reason);
        }
    }

    [Fact]
    public async Task Absence_under_a_delegation_for_the_canister_is_certified()
    {
        SetTime(request.IngressExpiryNs + 1_000);
        subnet.ThenBytes(ScriptedSubnet.Map(("certificate", SignedNetwork.Delegated(Absent(), timeNs: subnet.NowNs))));
        var never = Assert.IsType<CallOutcome.NotExecuted>(
            await subnet.Agent.ResolveAsync(request, TimeSpan.Zero, Ct));
        Assert.Equal(Proof.Certified, never.Evidence.Proof);
    }

    [Fact]
    public async Task Absence_in_the_root_subnets_state_counts_only_if_the_root_subnet_hosts_the_canister()
    {
        SetTime(request.IngressExpiryNs + 1_000);
        await UnknownAsync(Absent());
        await UnknownAsync(WithRootRanges("jrlun-jiaaa-aaaab-aaaaa-cai", "v2nog-2aaaa-aaaab-p777q-cai"));
        var hosting = WithRootRanges("aaaaa-aa", ScriptedSubnet.Canister.ToText());
        subnet.ThenBytes(ScriptedSubnet.Map(("certificate", SignedNetwork.Signed(hosting, SignedNetwork.Root))));
        Assert.IsType<CallOutcome.NotExecuted>(await subnet.Agent.ResolveAsync(request, TimeSpan.Zero, Ct));
        Assert.All(subnet.Requests, r => Assert.Contains(
            StatePath.Of("subnet").Add(SignedNetwork.RootId.ToArray()).Add("canister_ranges"), r.Content.Paths));

        async Task UnknownAsync(HashTree tree)
        {
            subnet.ThenBytes(ScriptedSubnet.Map(("certificate", SignedNetwork.Signed(tree, SignedNetwork.Root))));
            var unknown = await subnet.Agent.ResolveAsync(request, TimeSpan.Zero, Ct);
            Assert.Equal(UnknownReason.BadAnswer, Assert.IsType<CallOutcome.Unknown>(unknown).Reason);
        }
    }

    [Theory]
    [InlineData(-31, false)]
    [InlineData(-29, true)]
    [InlineData(1, false)]
    public async Task A_delegation_may_be_weeks_old_but_not_months_and_not_from_the_future(int days, bool believed)
    {
        var time = (ulong)((long)subnet.NowNs + (days * 86_400_000_000_000L));
        subnet.ThenBytes(ScriptedSubnet.Replied(SignedNetwork.Delegated(Replied(), timeNs: time)));
        Assert.Equal(believed, await subnet.Agent.SubmitAsync(request, Ct) is CallOutcome.Replied);
    }

    [Fact]
    public async Task A_root_key_that_a_replica_states_is_never_taken_for_trust()
    {
        // Another library asked the replica for the key under which it then believed the replica.
        subnet.Otherwise = received => received.Path == "/api/v2/status"
            ? ScriptedSubnet.Ok(ScriptedSubnet.Map(("root_key", SignedNetwork.Subnet.PublicKey.ToDer())))
            : ScriptedSubnet.Ok(ScriptedSubnet.Replied(
                SignedNetwork.Signed(Replied(), SignedNetwork.Subnet)));
        await subnet.Agent.StatusAsync(Ct);
        var unknown = Assert.IsType<CallOutcome.Unknown>(await subnet.Agent.SubmitAsync(request, Ct));
        Assert.Equal(UnknownReason.BadAnswer, unknown.Reason);
        Assert.Equal(1, subnet.Requests.Count(r => r.Path == "/api/v2/status"));
        Assert.Equal(
            RootOfTrust.MainnetKeyDer.ToArray(),
            AgentOptions.ForMainnet(subnet.Options.Endpoint).RootKeyDer!.Value.ToArray());
    }

    [Fact]
    public async Task A_subnets_own_state_is_believed_for_that_subnet_only()
    {
        var tree = HashTree.Labeled("time", HashTree.Leaf(Leb128.EncodeUnsigned(new BigInteger(subnet.NowNs))));
        subnet.Otherwise = _ => ScriptedSubnet.Ok(
            ScriptedSubnet.Map(("certificate", SignedNetwork.Delegated(tree))));
        var reading = await subnet.Agent.ReadSubnetStateAsync(SignedNetwork.SubnetId, [StatePath.Time], Ct);
        Assert.Equal(Proof.Certified, reading.Evidence.Proof);
        Assert.Equal($"/api/v3/subnet/{SignedNetwork.SubnetId}/read_state", subnet.Requests[0].Path);
        await Assert.ThrowsAsync<AgentException>(
            () => subnet.Agent.ReadSubnetStateAsync(SignedNetwork.RootId, [StatePath.Time], Ct));
        subnet.Otherwise = _ => ScriptedSubnet.Ok(
            ScriptedSubnet.Map(("certificate", SignedNetwork.Signed(tree, SignedNetwork.Root))));
        await subnet.Agent.ReadSubnetStateAsync(SignedNetwork.RootId, [StatePath.Time], Ct);
        await Assert.ThrowsAsync<AgentException>(
            () => subnet.Agent.ReadSubnetStateAsync(SignedNetwork.SubnetId, [StatePath.Time], Ct));
    }

    private HashTree WithRootRanges(string first, string last) => HashTree.Fork(
        HashTree.Labeled("request_status", HashTree.Empty),
        HashTree.Fork(
            HashTree.Labeled("subnet", HashTree.Labeled(
                SignedNetwork.RootId.ToArray(),
                HashTree.Labeled("canister_ranges", HashTree.Leaf(SignedNetwork.Ranges(first, last))))),
            HashTree.Labeled("time", HashTree.Leaf(Leb128.EncodeUnsigned(new BigInteger(subnet.NowNs))))));

    private HashTree Absent() => subnet.StatusTree(request.Id);

    private HashTree Replied() =>
        subnet.StatusTree(request.Id, ("status", "replied"u8.ToArray()), ("reply", new byte[] { 1 }));

    private void SetTime(ulong ns) => subnet.Business.AdjustTime(
        DateTimeOffset.UnixEpoch + new TimeSpan((long)(ns / 100)));
}
