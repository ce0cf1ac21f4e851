using System.Text.Json;
using System.Text.Json.Nodes;
using Decent.Postgres;

namespace Decent.Sandbox.Supervision;

/// <summary>The host's configuration in a sandbox; the same sections an operator writes for a real
/// installation.</summary>
internal static class HostSettings
{
    /// <summary>The whole configuration.</summary>
    public static JsonObject Build(StateDirectory state, SandboxPorts ports, SandboxSecrets secrets) => new()
    {
        ["ConnectionStrings"] = new JsonObject
        {
            ["Decent"] = Connection(
            ports, Provisioner.AppRole, secrets.Database.App)
        },
        ["Urls"] = $"http://127.0.0.1:{ports.Host}",
        ["Assets"] = Assets(),
        ["InternetComputer"] = new JsonObject
        {
            ["Endpoint"] = $"http://127.0.0.1:{ports.Replica}",
            ["IdentityPemFile"] = secrets.PlatformKey,
        },
        ["Payments"] = Payments(),
        ["Providers"] = new JsonObject { ["ICPay"] = ICPay(ports, secrets), ["Stripe"] = Stripe(ports, secrets) },
        ["Oracle"] = Oracle(),
        ["Sandbox"] = new JsonObject
        {
            ["ClockFile"] = state.Clock,
            ["Emulators"] = new JsonArray($"http://127.0.0.1:{ports.ICPay}", $"http://127.0.0.1:{ports.Stripe}"),
        },
        ["Logging"] = new JsonObject
        {
            ["LogLevel"] = new JsonObject
            {
                ["Default"] = "Information",
                ["Microsoft"] = "Warning",
                ["Npgsql"] = "Warning",
                ["Quartz"] = "Warning",
                ["System"] = "Warning"
            },
        },
    };

    /// <summary>A connection string.</summary>
    public static string Connection(SandboxPorts ports, string role, string password) =>
        $"Host=127.0.0.1;Port={ports.Postgres};Database={Database};Username={role};Password={password}";

    /// <summary>Name of the database.</summary>
    public const string Database = "decent";

    /// <summary>Settings as text.</summary>
    public static string Text(JsonNode settings) =>
        settings.ToJsonString(new JsonSerializerOptions { WriteIndented = true });

    private static JsonArray Assets()
    {
        var assets = new JsonArray(new JsonObject { ["Code"] = SandboxAssets.Fiat, ["Kind"] = "fiat" });
        foreach (var token in SandboxAssets.Tokens)
        {
            assets.Add((JsonNode)new JsonObject
            {
                ["Code"] = token.Code,
                ["Symbol"] = token.Symbol,
                ["Kind"] = "token",
                ["Ledger"] = token.Canister,
                ["Decimals"] = token.Decimals,
                ["FeeUnits"] = token.FeeUnits,
                ["Profile"] = token.Profile,
            });
        }

        return assets;
    }

    private static JsonObject Payments() => new()
    {
        ["PayoutsEnabled"] = true,
        ["PlatformFeeBps"] = 500,
        ["ReleaseSlot"] = "01:00:00",
        ["ReleaseHold"] = "00:00:00",
        ["MinimumPayoutUnits"] = "1000000000",
        ["TwoPersonAboveUnits"] = "0",

        // The replica answers at once; a host that was killed should not keep its transfers for minutes.
        ["TransferCallBudget"] = "00:00:05",
        ["TransferLease"] = "00:00:10",
    };

    private static JsonObject ICPay(SandboxPorts ports, SandboxSecrets secrets) => new()
    {
        ["Enabled"] = true,
        ["BaseUrl"] = $"http://127.0.0.1:{ports.ICPay}",
        ["SecretKeyFile"] = secrets.ICPaySecretKey,
        ["PublishableKeyFile"] = secrets.ICPayPublishableKey,
        ["WebhookSecretFiles"] = new JsonArray(secrets.ICPayWebhookSecret),
        ["AccountCanisterId"] = EmulatorFile.AccountCanisterId,
        ["CollectingPrincipal"] = SandboxSecrets.Account(secrets.ICPayCanisterKey),
    };

    private static JsonObject Stripe(SandboxPorts ports, SandboxSecrets secrets) => new()
    {
        ["Enabled"] = true,
        ["ApiBase"] = $"http://127.0.0.1:{ports.Stripe}",
        ["SecretKeyFile"] = secrets.StripeSecretKey,
        ["WebhookSecretFiles"] = new JsonArray(secrets.StripeWebhookSecret),
        ["SuccessUrl"] = $"http://127.0.0.1:{ports.Host}/paid",
        ["CancelUrl"] = $"http://127.0.0.1:{ports.Host}/not-paid",
    };

    // Rounds are as far apart as releases: the clock is walked by the hour, and every stop costs real time.
    private static JsonObject Oracle() => new()
    {
        ["RoundEvery"] = "01:00:00",
        ["SampleEvery"] = "01:00:00",
        ["Window"] = "00:00:00",
        ["MaxAge"] = "02:00:00",
        ["HaltAfter"] = "1.00:00:00",
        ["ObservationMaxAge"] = "02:00:00",
        ["AgreementBps"] = 500,
        ["ConfirmRounds"] = 1,
        ["GraceRounds"] = 0,
        ["IcpSwap"] = new JsonObject { ["Factory"] = "4mmnk-kiaaa-aaaag-qbllq-cai" },
        ["Taco"] = new JsonObject { ["Canister"] = "qioex-5iaaa-aaaan-q52ba-cai" },
        ["StableLegs"] = new JsonArray(
            new JsonObject { ["Asset"] = SandboxAssets.CkUsdt.Code, ["UsdE18"] = "1000000000000000000" }),
        ["Feeds"] = new JsonArray(
            new JsonObject
            {
                ["Asset"] = SandboxAssets.Dct.Code,
                ["Routes"] = new JsonArray("icpswap:DCT>ICP>ckUSDT", "taco:DCT>ckUSDT"),
            },
            new JsonObject
            {
                ["Asset"] = SandboxAssets.Icp.Code,
                ["Routes"] = new JsonArray("icpswap:ICP>ckUSDT", "taco:ICP>ckUSDT"),
            }),
    };
}
