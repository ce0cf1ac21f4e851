using System.Text.Json;
using Decent.Candid;
using Decent.Canister.Client.Tests.Agent;

namespace Decent.Canister.Client.Tests.Identities;

public sealed class DelegationTests
{
    private const string Before = "{\"delegations\":[{\"delegation\":{";
    private const string After = "},\"signature\":\"00\"}],\"publicKey\":\"00\"}";
    private const ulong Later = 1_900_000_000_000_000_000;

    private static readonly Ed25519Identity Owner = SignedNetwork.Node(11);
    private static readonly Ed25519Identity Worker = SignedNetwork.Node(12);
    private static readonly Ed25519Identity Other = SignedNetwork.Node(13);
    private static readonly Principal Ledger = ScriptedSubnet.Canister;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void The_published_chain_is_read_checked_and_written_as_it_was()
    {
        var item = Json.File("identities.json").GetProperty("delegation_chain_json");
        var json = item.GetProperty("json").GetRawText();
        var chain = DelegationChain.FromJson(json);
        Assert.Equal(item.Text("principal"), chain.Sender.ToText());
        Assert.Equal(ulong.Parse(item.Text("expiration_ns")), chain.ExpirationNs);
        Assert.Null(chain.FindFault(chain.ExpirationNs));
        Assert.Equal("A delegation has expired.", chain.FindFault(chain.ExpirationNs + 1));
        Assert.True(JsonElement.DeepEquals(item.GetProperty("json"), JsonDocument.Parse(chain.ToJson()).RootElement));
        var bottom = Ed25519Identity.FromSeed(item.Hex("bottom_seed"));
        Assert.Equal(bottom.PublicKeyDer.ToArray(), chain.SessionKeyDer.ToArray());
        Assert.Equal(
            Ed25519Identity.FromSeed(item.Hex("root_seed")).Sender, new DelegatedIdentity(chain, bottom).Sender);
    }

    [Fact]
    public void A_chain_with_targets_and_permissions_survives_its_JSON()
    {
        var chain = DelegationChain.Create(
            Owner, Worker.PublicKeyDer, Later, [Ledger, Principal.ManagementCanister], "queries");
        var read = DelegationChain.FromJson(chain.ToJson());
        Assert.Null(read.FindFault(0));
        var link = Assert.Single(read.Links);
        Assert.Equal([Ledger, Principal.ManagementCanister], link.Targets!);
        Assert.Equal("queries", link.Permissions);
    }

    [Fact]
    public void A_worker_signs_for_the_owner_through_two_links()
    {
        var first = DelegationChain.Create(Owner, Worker.PublicKeyDer, Later);
        var middle = new DelegatedIdentity(first, Worker);
        var worker = new DelegatedIdentity(
            DelegationChain.Create(middle, Other.PublicKeyDer, Later, [Ledger]), Other);
        var subnet = new ScriptedSubnet(signer: worker);
        var request = subnet.Agent.BuildCall(Ledger, "icrc1_transfer", new byte[] { 1 });
        var envelope = RequestEnvelope.Parse(request.Bytes);
        Assert.Equal(Owner.Sender, envelope.Content.Sender);
        Assert.Equal(2, envelope.Delegations.Count);
        Assert.Null(envelope.FindSignatureFault(subnet.NowNs));
        Assert.Equal("A delegation has expired.", envelope.FindSignatureFault(Later + 1));
        var swapped = envelope with { Delegations = [envelope.Delegations[1], envelope.Delegations[0]] };
        Assert.NotNull(swapped.FindSignatureFault(subnet.NowNs));
    }

    [Fact]
    public async Task A_worker_for_one_canister_builds_no_call_of_another_and_one_for_queries_none_at_all()
    {
        var targeted = new ScriptedSubnet(signer: new DelegatedIdentity(
            DelegationChain.Create(Owner, Worker.PublicKeyDer, Later, [Ledger]), Worker));
        Assert.Throws<InvalidOperationException>(
            () => targeted.Agent.BuildCall(Principal.FromText("rdmx6-jaaaa-aaaaa-aaadq-cai"), "m", default));
        var reader = new ScriptedSubnet(signer: new DelegatedIdentity(
            DelegationChain.Create(Owner, Worker.PublicKeyDer, Later, permissions: "queries"), Worker));
        Assert.Throws<InvalidOperationException>(() => reader.Agent.BuildCall(Ledger, "icrc1_fee", default));
        reader.ThenBytes(ScriptedSubnet.Map(("status", "replied"), ("reply", ("arg", new byte[] { 7 }))));
        Assert.IsType<QueryOutcome.Replied>(await reader.Agent.QueryAsync(Ledger, "icrc1_fee", default, Ct));
        Assert.Null(RequestEnvelope.Parse(reader.Requests[0].Body).FindSignatureFault(0));
    }

    [Fact]
    public void Restrictions_are_enforced_on_the_side_that_receives()
    {
        var chain = DelegationChain.Create(Owner, Worker.PublicKeyDer, Later, [Ledger], "queries");
        var worker = new DelegatedIdentity(chain, Worker);
        Assert.Equal("A delegation permits queries only.", Fault(RequestKind.Call, Ledger));
        Assert.Null(Fault(RequestKind.Query, Ledger));
        Assert.Equal(
            "A delegation does not hold for this canister.", Fault(RequestKind.Query, Principal.ManagementCanister));

        string? Fault(RequestKind kind, Principal canister) => RequestEnvelope.Parse(RequestEnvelope.Sign(
            RequestContent.ForMethod(kind, worker.Sender, canister, "m", default, 17, null), worker).ToCbor())
            .FindSignatureFault(0);
    }

    [Fact]
    public void Keys_that_occur_twice_and_chains_that_are_too_long_are_refused()
    {
        Assert.Throws<RequestFormatException>(() => DelegationChain.Create(Owner, Owner.PublicKeyDer, Later));
        var first = new DelegatedIdentity(DelegationChain.Create(Owner, Worker.PublicKeyDer, Later), Worker);
        Assert.Throws<RequestFormatException>(() => DelegationChain.Create(first, Owner.PublicKeyDer, Later));
        IIdentity last = Owner;
        for (byte i = 0; i < RequestEnvelope.MaximumDelegations; i++)
        {
            var next = SignedNetwork.Node((byte)(100 + i));
            last = new DelegatedIdentity(DelegationChain.Create(last, next.PublicKeyDer, Later), next);
        }

        Assert.Throws<RequestFormatException>(() => DelegationChain.Create(last, Worker.PublicKeyDer, Later));
        Assert.Throws<RequestFormatException>(() => DelegationChain.Create(
            Owner, Worker.PublicKeyDer, Later, [.. Enumerable.Repeat(Ledger, 1001)]));
        Assert.Throws<RequestFormatException>(() => DelegationChain.Create(
            Owner, Worker.PublicKeyDer, Later, permissions: "some"));
    }

    [Fact]
    public void A_chain_ends_at_the_key_that_signs_and_only_its_owner_starts_it()
    {
        var chain = DelegationChain.Create(Owner, Worker.PublicKeyDer, Later);
        Assert.Throws<RequestFormatException>(() => new DelegatedIdentity(chain, Other));
        var forged = new DelegationChain(Other.PublicKeyDer, chain.Links);
        Assert.Equal("The signature of a delegation is not valid.", forged.FindFault(0));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"delegations\":[{}],\"publicKey\":\"00\"}")]
    [InlineData("{\"delegations\":[],\"publicKey\":\"0\"}")]
    [InlineData(Before + "\"expiration\":\"11655f29d787c0000\",\"pubkey\":\"01\"" + After)]
    [InlineData(Before + "\"expiration\":\"1\",\"pubkey\":\"01\",\"permissions\":\"some\"" + After)]
    public void Texts_that_are_no_chain_are_refused(string json) =>
        Assert.Throws<RequestFormatException>(() => DelegationChain.FromJson(json));
}
