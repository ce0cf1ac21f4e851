using Decent.Candid;
using Microsoft.Extensions.DependencyInjection;

namespace Decent.Canister.Client.Tests.Agent;

public sealed class AddCanisterAgentTests
{
    [Fact]
    public async Task The_agent_of_a_container_uses_its_HTTP_client_and_its_clock()
    {
        var subnet = new ScriptedSubnet(SignedNetwork.RootKeyDer);
        subnet.ThenBytes(ScriptedSubnet.Map(
            ("certificate", SignedNetwork.Delegated(SignedNetwork.Time(subnet.NowNs)))));
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(subnet.Business);
        services.AddCanisterAgent(_ => subnet.Options, _ => subnet.Identity)
            .ConfigurePrimaryHttpMessageHandler(() => subnet);
        await using var provider = services.BuildServiceProvider();
        var agent = provider.GetRequiredService<IAgent>();
        Assert.Same(agent, provider.GetRequiredService<IAgent>());
        var reading = await agent.ReadStateAsync(
            ScriptedSubnet.Canister, [StatePath.Time], TestContext.Current.CancellationToken);
        Assert.Equal(Proof.Certified, reading.Evidence.Proof);
        Assert.Equal(subnet.Identity.Sender, agent.Sender);
        Assert.Equal(TimeSpan.Zero, agent.ClockOffset);
    }

    [Fact]
    public void Settings_need_an_address_and_a_real_root_key()
    {
        Assert.Throws<ArgumentException>(() => AgentOptions.ForMainnet());
        var options = AgentOptions.ForNetwork(new byte[133], new Uri("http://a.test/"), new Uri("http://b.test/"));
        Assert.Equal("http://b.test/", Assert.Single(options.FurtherEndpoints).ToString());
        Assert.Throws<IdentityFormatException>(() => new HttpAgent(
            new HttpClient(), AnonymousIdentity.Instance, options, TimeProvider.System, TimeProvider.System,
            SystemRandomBytes.Instance));
        Assert.Equal(Principal.Anonymous, AnonymousIdentity.Instance.Sender);
    }
}
