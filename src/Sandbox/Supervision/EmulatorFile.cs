using Decent.Sandbox.Emulators;

namespace Decent.Sandbox.Supervision;

/// <summary>The emulators' settings file.</summary>
internal static class EmulatorFile
{
    /// <summary>Our account's number in the ICPay canister.</summary>
    public const uint AccountCanisterId = 42;

    /// <summary>API version of our Stripe endpoint: the one the host's SDK is made for.</summary>
    public const string StripeApiVersion = "2026-10-28.endive";

    /// <summary>Writes the file.</summary>
    public static void Write(StateDirectory state, SandboxPorts ports, SandboxSecrets secrets)
    {
        var settings = new EmulatorSettings
        {
            ClockFile = state.Clock,
            StateDirectory = state.Emulators,
            Host = new Uri($"http://127.0.0.1:{ports.Host}"),
            Replica = new Uri($"http://127.0.0.1:{ports.Replica}"),
            ICPay = new ICPaySettings
            {
                Port = ports.ICPay,
                SecretKeyFile = secrets.ICPaySecretKey,
                PublishableKeyFile = secrets.ICPayPublishableKey,
                WebhookSecretFile = secrets.ICPayWebhookSecret,
                AccountCanisterId = AccountCanisterId,
                CanisterKeyFile = secrets.ICPayCanisterKey,
                RenterKeyFile = secrets.RenterKey,
                Ledgers = SandboxAssets.ICPayLedgers,
            },
            Stripe = new StripeSettings
            {
                Port = ports.Stripe,
                SecretKeyFile = secrets.StripeSecretKey,
                WebhookSecretFile = secrets.StripeWebhookSecret,
                ApiVersion = StripeApiVersion,
            },
        };
        settings.Write(state.EmulatorSettings);
    }
}
