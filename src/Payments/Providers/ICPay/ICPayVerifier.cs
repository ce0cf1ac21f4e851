namespace Decent.Payments.Providers.ICPay;

/// <summary>
/// Checks deliveries of ICPay. Only the form with a timestamp is accepted; the bare digest some receivers accept can
/// be replayed for ever.
/// </summary>
/// <param name="secrets">Current and previous secrets.</param>
internal sealed class ICPayVerifier(IReadOnlyList<string> secrets) : IWebhookVerifier
{
    /// <inheritdoc />
    public string ProviderId => ICPayFacts.Rail;

    /// <inheritdoc />
    public SignatureCheck Verify(
        IReadOnlyDictionary<string, string> headers, ReadOnlySpan<byte> rawBody, DateTimeOffset now) =>
        TimestampedSignature.Check(TimestampedSignature.Header(headers, "X-ICPay-Signature"), rawBody, secrets, now);
}
