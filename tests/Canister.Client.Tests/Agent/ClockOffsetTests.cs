namespace Decent.Canister.Client.Tests.Agent;

/// <summary>The distance between the subnet's clock and this machine's is measured, shown and never applied.</summary>
public sealed class ClockOffsetTests
{
    private readonly ScriptedSubnet subnet = new(SignedNetwork.RootKeyDer);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_newest_certified_time_gives_the_offset()
    {
        Assert.Null(subnet.Agent.ClockOffset);
        await ReadAsync(seconds: 90);
        Assert.Equal(TimeSpan.FromSeconds(90), subnet.Agent.ClockOffset);
        await ReadAsync(seconds: -20);
        Assert.Equal(TimeSpan.FromSeconds(90), subnet.Agent.ClockOffset);
        subnet.Business.Advance(TimeSpan.FromSeconds(200));
        await ReadAsync(seconds: -20);
        Assert.Equal(TimeSpan.FromSeconds(-20), subnet.Agent.ClockOffset);
    }

    [Fact]
    public async Task A_clock_that_is_far_off_is_measured_and_named_in_the_refusal()
    {
        var refusal = await Assert.ThrowsAsync<AgentException>(() => ReadAsync(seconds: 1000));
        Assert.Contains("1000 s", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(1000), subnet.Agent.ClockOffset);
        var before = subnet.Agent.BuildCall(ScriptedSubnet.Canister, "m", default).IngressExpiryNs;
        Assert.True(before < subnet.NowNs + 240_000_000_001);
    }

    [Fact]
    public async Task Times_without_a_signature_do_not_count()
    {
        var unproven = new ScriptedSubnet();
        unproven.ThenState(default);
        await unproven.Agent.ReadStateAsync(ScriptedSubnet.Canister, [StatePath.Time], Ct);
        Assert.Null(unproven.Agent.ClockOffset);
    }

    private Task<StateReading> ReadAsync(int seconds)
    {
        var time = (ulong)((long)subnet.NowNs + (seconds * 1_000_000_000L));
        subnet.ThenBytes(ScriptedSubnet.Map(("certificate", SignedNetwork.Delegated(SignedNetwork.Time(time)))));
        return subnet.Agent.ReadStateAsync(ScriptedSubnet.Canister, [StatePath.Time], Ct);
    }
}
