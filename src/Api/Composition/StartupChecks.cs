namespace Decent.Api.Composition;

/// <summary>Marks a host composed by the sandbox; nothing else may run in the environment of that name.</summary>
public interface ISandboxMarker;

/// <summary>What must hold before the host serves its first request.</summary>
internal static class StartupChecks
{
    private const string Sandbox = "Sandbox";
    private static readonly string[] Known = [Sandbox, "Development", "Staging", "Production"];

    /// <summary>Checks environment and settings.</summary>
    /// <exception cref="StartRefusedException">Names the setting at fault.</exception>
    public static void Verify(IConfiguration configuration, string environment, bool composedBySandbox)
    {
        if (!Known.Contains(environment, StringComparer.Ordinal))
        {
            throw new StartRefusedException(
                $"ASPNETCORE_ENVIRONMENT is '{environment}'; known are {string.Join(", ", Known)}.");
        }

        if (environment == Sandbox && !composedBySandbox)
        {
            throw new StartRefusedException(
                "ASPNETCORE_ENVIRONMENT is 'Sandbox', but only './decent up' starts a sandbox.");
        }

        if (environment != Sandbox && composedBySandbox)
        {
            throw new StartRefusedException(
                $"ASPNETCORE_ENVIRONMENT is '{environment}', but this program only runs as a sandbox; run Decent.Api instead.");
        }

        var payouts = configuration["Payments:PayoutsEnabled"];
        if (!bool.TryParse(payouts, out var enabled))
        {
            throw new StartRefusedException("Payments:PayoutsEnabled must be true or false.");
        }

        if (enabled && environment != Sandbox)
        {
            throw new StartRefusedException(
                "Payments:PayoutsEnabled is true, but answers of canisters are not yet proven by their signatures: "
                + "outside the sandbox payouts must be off.");
        }
    }
}
