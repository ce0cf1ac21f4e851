using Decent.Candid;

namespace Decent.Canister.Client.Tests.Agent;

public sealed class BuildTests
{
    [Fact]
    public void A_built_call_expires_in_four_minutes_of_business_time_at_a_whole_second()
    {
        var subnet = new ScriptedSubnet();
        var request = subnet.Agent.BuildCall(ScriptedSubnet.Canister, "icrc1_transfer", new byte[] { 1, 2 });
        var whole = new DateTimeOffset(2026, 11, 22, 10, 4, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        Assert.Equal((ulong)whole * 1_000_000_000, request.IngressExpiryNs);
        Assert.Equal(request.IngressExpiryNs + 300_000_000_000, request.DecidableUntilNs);
        Assert.Empty(subnet.Requests);
        Assert.Equal(
            (ulong)(whole - 120) * 1_000_000_000,
            subnet.Agent.BuildCall(ScriptedSubnet.Canister, "m", default, TimeSpan.FromMinutes(2)).IngressExpiryNs);
    }

    [Fact]
    public void A_built_call_is_signed_and_restored_from_its_bytes()
    {
        var subnet = new ScriptedSubnet();
        var request = subnet.Agent.BuildCall(ScriptedSubnet.Canister, "icrc1_transfer", new byte[] { 1, 2 });
        var envelope = RequestEnvelope.Parse(request.Bytes);
        Assert.Null(envelope.FindSignatureFault(subnet.NowNs));
        Assert.Equal("icrc1_transfer", envelope.Content.MethodName);
        Assert.Equal([1, 2], envelope.Content.Arg.ToArray());
        Assert.Equal(16, envelope.Content.Nonce!.Value.Length);
        Assert.Equal(request, SignedRequest.FromBytes(request.Bytes));
    }

    [Fact]
    public void Two_equal_calls_are_two_requests()
    {
        var subnet = new ScriptedSubnet();
        Assert.NotEqual(
            subnet.Agent.BuildCall(ScriptedSubnet.Canister, "m", default).Id,
            subnet.Agent.BuildCall(ScriptedSubnet.Canister, "m", default).Id);
    }

    [Fact]
    public void Bytes_of_a_read_are_not_restored_as_a_call()
    {
        var content = RequestContent.ForReadState(Principal.Anonymous, [StatePath.Time], 1);
        var bytes = RequestEnvelope.Sign(content, AnonymousIdentity.Instance).ToCbor();
        Assert.Throws<RequestFormatException>(() => SignedRequest.FromBytes(bytes));
    }
}
