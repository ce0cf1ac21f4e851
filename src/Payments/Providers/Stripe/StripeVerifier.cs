namespace Decent.Payments.Providers.Stripe;

/// <summary>Checks deliveries of Stripe with our own verifier: 64-bit times, several secrets, constant time.</summary>
/// <param name="secrets">Current and previous endpoint secrets.</param>
internal sealed class StripeVerifier(IReadOnlyList<string> secrets) : IWebhookVerifier
{
    /// <inheritdoc />
    public string ProviderId => StripeFacts.Rail;

    /// <inheritdoc />
    public SignatureCheck Verify(
        IReadOnlyDictionary<string, string> headers, ReadOnlySpan<byte> rawBody, DateTimeOffset now) =>
        TimestampedSignature.Check(TimestampedSignature.Header(headers, "Stripe-Signature"), rawBody, secrets, now);
}
