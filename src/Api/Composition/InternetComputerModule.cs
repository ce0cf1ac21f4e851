using Decent.Canister.Client;

namespace Decent.Api.Composition;

/// <summary>The agent: where the Internet Computer is and who we are there.</summary>
internal static class InternetComputerModule
{
    private const string HttpClientName = "internet-computer";

    public static void AddInternetComputer(this WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection("InternetComputer");
        var endpoint = Endpoint(section);
        var identity = Identity(section);
        builder.Services.AddSingleton<IIdentity>(identity);
        builder.Services.AddHttpClient(HttpClientName, client =>
        {
            // The agent has a time-out of its own for each exchange; this one only guards against its absence.
            client.Timeout = TimeSpan.FromMinutes(3);
        });
        builder.Services.AddSingleton<IAgent>(services => new HttpAgent(
            services.GetRequiredService<IHttpClientFactory>().CreateClient(HttpClientName),
            identity,
            new AgentOptions { Endpoint = endpoint },
            services.GetRequiredService<TimeProvider>(),
            TimeProvider.System,
            SystemRandomBytes.Instance));
    }

    private static Uri Endpoint(IConfigurationSection section) =>
        Uri.TryCreate(section["Endpoint"], UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new StartRefusedException($"{section.Path}:Endpoint is missing or not an http(s) address.");

    private static Ed25519Identity Identity(IConfigurationSection section)
    {
        var file = section["IdentityPemFile"];
        if (string.IsNullOrEmpty(file) || !File.Exists(file))
        {
            throw new StartRefusedException($"{section.Path}:IdentityPemFile is missing or names no file.");
        }

        try
        {
            return Ed25519Identity.FromPem(File.ReadAllText(file));
        }
        catch (IdentityFormatException e)
        {
            throw new StartRefusedException($"{section.Path}:IdentityPemFile does not hold an Ed25519 key: {e.Message}");
        }
    }
}
