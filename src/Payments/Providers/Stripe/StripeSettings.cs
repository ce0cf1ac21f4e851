namespace Decent.Payments.Providers.Stripe;

/// <summary>Settings of the Stripe rail; secrets are already read from their files.</summary>
/// <param name="ApiBase">Address of the API.</param>
/// <param name="SecretKey">Secret or restricted key.</param>
/// <param name="WebhookSecrets">Current and previous secrets of the webhook endpoint.</param>
/// <param name="SuccessUrl">Where the renter lands after paying.</param>
/// <param name="CancelUrl">Where the renter lands after giving up.</param>
internal sealed record StripeSettings(
    Uri ApiBase, string SecretKey, IReadOnlyList<string> WebhookSecrets, string SuccessUrl, string CancelUrl)
{
    /// <summary>Whether the key is for real money; null when it does not say.</summary>
    public bool? Livemode => SecretKey.Contains("_live_", StringComparison.Ordinal) ? true
        : SecretKey.Contains("_test_", StringComparison.Ordinal) ? false
        : null;
}
