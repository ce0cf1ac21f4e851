using System.Security.Cryptography;
using System.Text.Json;
using Decent.Canister.Client;
using Decent.Postgres;
using Decent.Sandbox.Emulators;

namespace Decent.Sandbox.Supervision;

/// <summary>
/// Keys and passwords of one sandbox: made at its first start, one file each, readable by their owner alone.
/// </summary>
internal sealed class SandboxSecrets
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // PKCS#8 (RFC 8410) around a bare Ed25519 seed.
    private static readonly byte[] Ed25519Prefix = Convert.FromHexString("302e020100300506032b657004220420");

    private readonly StateDirectory _state;

    private SandboxSecrets(StateDirectory state) => _state = state;

    /// <summary>File of ICPay's secret key.</summary>
    public string ICPaySecretKey => Text("icpay-secret-key", () => RandomText.Id("sk_test_", 32));

    /// <summary>File of ICPay's publishable key.</summary>
    public string ICPayPublishableKey => Text("icpay-publishable-key", () => RandomText.Id("pk_test_", 32));

    /// <summary>File of ICPay's webhook secret.</summary>
    public string ICPayWebhookSecret => Text("icpay-webhook-secret", () => RandomText.Id("icpay_whsec_", 32));

    /// <summary>File of Stripe's secret key.</summary>
    public string StripeSecretKey => Text("stripe-secret-key", () => RandomText.Id("sk_test_", 32));

    /// <summary>File of Stripe's webhook secret.</summary>
    public string StripeWebhookSecret => Text("stripe-webhook-secret", () => RandomText.Id("whsec_", 32));

    /// <summary>File of our own key on the Internet Computer.</summary>
    public string PlatformKey => Text("platform.pem", Pem);

    /// <summary>File of the key that stands for the ICPay canister.</summary>
    public string ICPayCanisterKey => Text("icpay-canister.pem", Pem);

    /// <summary>File of the key that stands for the renters' wallets.</summary>
    public string RenterKey => Text("renter.pem", Pem);

    /// <summary>Passwords of the two database roles.</summary>
    public RolePasswords Database => JsonSerializer.Deserialize<RolePasswords>(
        File.ReadAllText(Text("database.json", () => JsonSerializer.Serialize(RolePasswords.Generate()))))!;

    /// <summary>File of the API keys, written by the supervisor.</summary>
    public string ApiKeys => _state.Secret("api-keys.json");

    /// <summary>The secrets of a state folder.</summary>
    public static SandboxSecrets Of(StateDirectory state) => new(state);

    /// <summary>The account text of a key's principal.</summary>
    public static string Account(string pemFile) =>
        new IcrcAccount(Ed25519Identity.FromPem(File.ReadAllText(pemFile)).Sender).ToString();

    /// <summary>Writes a secret in one step, readable by its owner alone.</summary>
    public static void Write(string path, string text)
    {
        var draft = path + ".new";
        using (var file = new FileStream(draft, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerOnly,
        }))
        using (var writer = new StreamWriter(file))
        {
            writer.Write(text);
            writer.Flush();
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }

    private static string Pem() =>
        PemEncoding.WriteString("PRIVATE KEY", [.. Ed25519Prefix, .. RandomNumberGenerator.GetBytes(32)]) + "\n";

    private string Text(string name, Func<string> make)
    {
        var path = _state.Secret(name);
        if (!File.Exists(path))
        {
            Write(path, make());
        }

        return path;
    }
}
