namespace Decent.Payments.Providers.ICPay;

/// <summary>Settings of the ICPay rail; secrets are already read from their files.</summary>
/// <param name="BaseUrl">Address of the API.</param>
/// <param name="SecretKey">Secret key, for look-ups.</param>
/// <param name="PublishableKey">Publishable key, for intents.</param>
/// <param name="WebhookSecrets">Current and previous keys deliveries are signed with.</param>
/// <param name="AccountCanisterId">Our account at ICPay; payments of other accounts are ignored.</param>
internal sealed record ICPaySettings(
    Uri BaseUrl,
    string SecretKey,
    string PublishableKey,
    IReadOnlyList<string> WebhookSecrets,
    string AccountCanisterId);
