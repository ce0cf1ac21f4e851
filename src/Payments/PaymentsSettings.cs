using System.Globalization;
using Decent.Payments.Contracts;
using Decent.Payments.Providers.ICPay;
using Decent.Payments.Providers.Stripe;
using Microsoft.Extensions.Configuration;

namespace Decent.Payments;

/// <summary>Reads the settings of what comes in, once at start. A missing or unreadable one names itself.</summary>
internal static class PaymentsSettings
{
    private static readonly TimeSpan LongestSlot = TimeSpan.FromDays(31);
    private static readonly TimeSpan LongestHold = TimeSpan.FromDays(366);

    /// <summary>Section <c>Payments</c>.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing or wrong.</exception>
    public static PaymentsOptions Options(IConfiguration configuration)
    {
        var options = new PaymentsOptions
        {
            PlatformFeeBps = Number(configuration, "Payments:PlatformFeeBps", 0, ContractSplit.WholeBps),
            ReleaseSlot = Span(configuration, "Payments:ReleaseSlot", TimeSpan.FromSeconds(1), LongestSlot),
            ReleaseHold = Span(configuration, "Payments:ReleaseHold", TimeSpan.Zero, LongestHold),
        };
        if (options.ReleaseSlot.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            throw Wrong("Payments:ReleaseSlot", "must be whole seconds.");
        }

        return configuration["Payments:SweepEvery"] is { Length: > 0 }
            ? options with
            {
                SweepEvery = Span(
                    configuration, "Payments:SweepEvery", TimeSpan.FromSeconds(10), TimeSpan.FromDays(1)),
            }
            : options;
    }

    /// <summary>Section <c>Providers:ICPay</c>; null when the rail is not enabled.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing or wrong.</exception>
    public static ICPaySettings? ICPay(IConfiguration configuration) =>
        !Flag(configuration, "Providers:ICPay:Enabled") ? null : new ICPaySettings(
            Address(configuration, "Providers:ICPay:BaseUrl"),
            Secret(configuration, "Providers:ICPay:SecretKeyFile"),
            Secret(configuration, "Providers:ICPay:PublishableKeyFile"),
            Secrets(configuration, "Providers:ICPay:WebhookSecretFiles"),
            Required(configuration, "Providers:ICPay:AccountCanisterId"));

    /// <summary>Section <c>Providers:Stripe</c>; null when the rail is not enabled.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing or wrong.</exception>
    public static StripeSettings? Stripe(IConfiguration configuration) =>
        !Flag(configuration, "Providers:Stripe:Enabled") ? null : new StripeSettings(
            Address(configuration, "Providers:Stripe:ApiBase"),
            Secret(configuration, "Providers:Stripe:SecretKeyFile"),
            Secrets(configuration, "Providers:Stripe:WebhookSecretFiles"),
            Required(configuration, "Providers:Stripe:SuccessUrl"),
            Required(configuration, "Providers:Stripe:CancelUrl"));

    private static string Required(IConfiguration configuration, string key) =>
        configuration[key] is { } text && !string.IsNullOrWhiteSpace(text)
            ? text.Trim()
            : throw Wrong(key, "is missing.");

    private static bool Flag(IConfiguration configuration, string key) => configuration[key] switch
    {
        null or "" => false,
        var text when bool.TryParse(text, out var flag) => flag,
        _ => throw Wrong(key, "must be true or false."),
    };

    private static int Number(IConfiguration configuration, string key, int least, int most) =>
        int.TryParse(Required(configuration, key), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= least && number <= most
            ? number
            : throw Wrong(key, $"must be a whole number from {least} to {most}.");

    private static TimeSpan Span(IConfiguration configuration, string key, TimeSpan least, TimeSpan most) =>
        TimeSpan.TryParse(Required(configuration, key), CultureInfo.InvariantCulture, out var span)
        && span >= least && span <= most
            ? span
            : throw Wrong(key, $"must be a time from {least:c} to {most:c}.");

    private static Uri Address(IConfiguration configuration, string key) =>
        Uri.TryCreate(Required(configuration, key).TrimEnd('/') + "/", UriKind.Absolute, out var address)
        && address.Scheme is "http" or "https"
            ? address
            : throw Wrong(key, "must be an absolute http or https address.");

    private static string Secret(IConfiguration configuration, string key) =>
        ReadSecret(key, Required(configuration, key));

    private static List<string> Secrets(IConfiguration configuration, string key)
    {
        var files = configuration.GetSection(key).GetChildren().ToList();
        return files.Count == 0
            ? throw Wrong(key, "names no file.")
            : files.ConvertAll(f => ReadSecret(f.Path, f.Value ?? throw Wrong(f.Path, "is missing.")));
    }

    private static string ReadSecret(string key, string path)
    {
        string secret;
        try
        {
            secret = File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Wrong(key, $"names the file '{path}', which cannot be read.");
        }

        return secret.Length > 0 ? secret : throw Wrong(key, $"names the file '{path}', which is empty.");
    }

    private static InvalidOperationException Wrong(string key, string why) => new($"Setting '{key}' {why}");
}
