using Microsoft.Extensions.DependencyInjection;

namespace Decent.Canister.Client;

/// <summary>Registers the agent with a container.</summary>
public static class CanisterAgentExtensions
{
    /// <summary>Name of the HTTP client in <see cref="IHttpClientFactory" />, to add handlers to.</summary>
    public const string HttpClientName = "Decent.Canister.Client";

    /// <summary>
    /// Adds one <see cref="IAgent" /> over <see cref="IHttpClientFactory" />. Business time is the container's
    /// <see cref="TimeProvider" /> (the system's when there is none); waits are in machine time.
    /// </summary>
    /// <param name="services">The container.</param>
    /// <param name="options">How the agent behaves. Without a root key every answer is unproven.</param>
    /// <param name="identity">Who signs.</param>
    /// <returns>The HTTP client, for further settings such as a proxy.</returns>
    public static IHttpClientBuilder AddCanisterAgent(
        this IServiceCollection services,
        Func<IServiceProvider, AgentOptions> options,
        Func<IServiceProvider, IIdentity> identity)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(identity);
        services.AddSingleton<IAgent>(provider =>
        {
            var clients = provider.GetRequiredService<IHttpClientFactory>();
            return new HttpAgent(
                () => clients.CreateClient(HttpClientName),
                identity(provider),
                options(provider),
                provider.GetService<TimeProvider>() ?? TimeProvider.System,
                TimeProvider.System,
                provider.GetService<IRandomBytes>() ?? SystemRandomBytes.Instance);
        });

        // The agent limits each exchange itself; the client's own limit would cut it short at 100 seconds.
        return services.AddHttpClient(HttpClientName, static c => c.Timeout = Timeout.InfiniteTimeSpan);
    }
}
