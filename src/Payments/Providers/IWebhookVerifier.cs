namespace Decent.Payments.Providers;

/// <summary>Checks that a delivery was signed by the rail, lately.</summary>
public interface IWebhookVerifier
{
    /// <summary>Id of the rail.</summary>
    string ProviderId { get; }

    /// <summary>
    /// Checks a delivery. Every configured secret is tried, in constant time; without a secret nothing passes.
    /// </summary>
    /// <param name="headers">Headers by name; names compare without case.</param>
    /// <param name="rawBody">The body exactly as received.</param>
    /// <param name="now">Business time.</param>
    SignatureCheck Verify(
        IReadOnlyDictionary<string, string> headers, ReadOnlySpan<byte> rawBody, DateTimeOffset now);
}

/// <summary>Outcome of a signature check.</summary>
public enum SignatureCheck
{
    /// <summary>Signed with one of our secrets, within tolerance.</summary>
    Accepted,

    /// <summary>No signature header.</summary>
    MissingHeader,

    /// <summary>The header has no readable timestamp.</summary>
    MalformedHeader,

    /// <summary>The header has no signature of the scheme we accept.</summary>
    NoSignature,

    /// <summary>No secret is configured; nothing is accepted.</summary>
    NoSecret,

    /// <summary>No signature matches.</summary>
    BadSignature,

    /// <summary>Signed rightly, but longer ago than the tolerance.</summary>
    TooOld,

    /// <summary>Signed rightly, but further ahead than the tolerance.</summary>
    TooNew,
}
