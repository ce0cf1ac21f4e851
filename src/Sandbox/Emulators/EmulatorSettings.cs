using System.Text.Json;

namespace Decent.Sandbox.Emulators;

/// <summary>What the emulators' process needs; written by the supervisor. Secrets are paths of files.</summary>
internal sealed record EmulatorSettings
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The shared business clock's file.</summary>
    public required string ClockFile { get; init; }

    /// <summary>Folder of the emulators' logs.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>Root address of the host, whose webhooks they call.</summary>
    public required Uri Host { get; init; }

    /// <summary>Root address of the replica.</summary>
    public required Uri Replica { get; init; }

    /// <summary>The ICPay emulator.</summary>
    public required ICPaySettings ICPay { get; init; }

    /// <summary>The Stripe emulator.</summary>
    public required StripeSettings Stripe { get; init; }

    /// <summary>Reads a settings file.</summary>
    public static EmulatorSettings Read(string path) =>
        JsonSerializer.Deserialize<EmulatorSettings>(File.ReadAllText(path), Json)!;

    /// <summary>Writes a settings file.</summary>
    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, Json));
}

/// <summary>Settings of the ICPay emulator.</summary>
internal sealed record ICPaySettings
{
    /// <summary>Loopback port.</summary>
    public required int Port { get; init; }

    /// <summary>File of the secret key.</summary>
    public required string SecretKeyFile { get; init; }

    /// <summary>File of the publishable key.</summary>
    public required string PublishableKeyFile { get; init; }

    /// <summary>File of the webhook secret.</summary>
    public required string WebhookSecretFile { get; init; }

    /// <summary>Number of our account in the ICPay canister (u32).</summary>
    public required uint AccountCanisterId { get; init; }

    /// <summary>PEM file of the key that stands for the ICPay canister.</summary>
    public required string CanisterKeyFile { get; init; }

    /// <summary>PEM file of the key that stands for all renters' wallets.</summary>
    public required string RenterKeyFile { get; init; }

    /// <summary>The ledgers it takes payments on.</summary>
    public required IReadOnlyList<ICPayLedger> Ledgers { get; init; }
}

/// <summary>One ledger as ICPay lists it.</summary>
/// <param name="Symbol">Such as <c>ICP</c>.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Shortcode">Such as <c>ic_icp</c>.</param>
/// <param name="CanisterId">The ledger canister.</param>
/// <param name="Decimals">Decimals of the token.</param>
/// <param name="FeeUnits">The ledger's transfer fee, in units.</param>
/// <param name="Profile">Name of the ledger's profile (icrc, icp).</param>
/// <param name="PriceUsd">ICPay's own rate, USD per whole token, as decimal text.</param>
internal sealed record ICPayLedger(
    string Symbol, string Name, string Shortcode, string CanisterId, int Decimals, long FeeUnits, string Profile,
    string PriceUsd);

/// <summary>Settings of the Stripe emulator.</summary>
internal sealed record StripeSettings
{
    /// <summary>Loopback port.</summary>
    public required int Port { get; init; }

    /// <summary>File of the secret key.</summary>
    public required string SecretKeyFile { get; init; }

    /// <summary>File of the webhook secret.</summary>
    public required string WebhookSecretFile { get; init; }

    /// <summary>The endpoint's API version, stamped on every event.</summary>
    public required string ApiVersion { get; init; }
}
