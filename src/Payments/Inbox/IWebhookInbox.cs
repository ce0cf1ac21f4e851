using Decent.Payments.Commands;

namespace Decent.Payments.Inbox;

/// <summary>
/// Where signed deliveries of the rails come in. A delivery is stored before anything is done with it.
/// </summary>
public interface IWebhookInbox
{
    /// <summary>Most bytes a delivery may have.</summary>
    const int MaxBodyBytes = 1024 * 1024;

    /// <summary>Checks a delivery's signature and stores it. What it means is worked out later.</summary>
    /// <param name="providerId">The rail, such as <c>stripe</c>.</param>
    /// <param name="headers">Headers of the request; names are compared without case.</param>
    /// <param name="rawBody">The body exactly as received.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="RefusedException">
    /// <c>provider_unknown</c> (not found), <c>body_too_large</c>, <c>signature_invalid</c> and <c>signature_stale</c>
    /// (unauthenticated), <c>body_malformed</c> (signed, but not an event). Nothing was stored.
    /// </exception>
    Task<WebhookReceipt> ReceiveAsync(
        string providerId,
        IReadOnlyDictionary<string, string> headers,
        ReadOnlyMemory<byte> rawBody,
        CancellationToken cancellationToken);
}

/// <summary>A stored delivery.</summary>
/// <param name="EventId">The rail's id of the event.</param>
/// <param name="Type">The rail's name of what happened.</param>
/// <param name="Duplicate">True when the event had been stored before; it has no second effect.</param>
public sealed record WebhookReceipt(string EventId, string Type, bool Duplicate);
