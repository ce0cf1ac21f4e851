using System.Text.Json;
using Decent.Payments.Commands;
using Decent.Payments.Facts;
using Decent.Payments.Providers;
using Decent.Postgres;
using Npgsql;

namespace Decent.Payments.Inbox;

/// <inheritdoc cref="IWebhookInbox" />
internal sealed class WebhookInbox(
    NpgsqlDataSource dataSource,
    IEnumerable<IWebhookVerifier> verifiers,
    IEnumerable<IFactTranslator> translators,
    IFaultProbe probe,
    TimeProvider time,
    Ids ids) : IWebhookInbox
{
    private readonly Dictionary<string, IWebhookVerifier> _verifiers =
        verifiers.ToDictionary(v => v.ProviderId, StringComparer.Ordinal);

    private readonly Dictionary<string, IFactTranslator> _translators =
        translators.ToDictionary(t => t.ProviderId, StringComparer.Ordinal);

    /// <inheritdoc />
    public async Task<WebhookReceipt> ReceiveAsync(
        string providerId,
        IReadOnlyDictionary<string, string> headers,
        ReadOnlyMemory<byte> rawBody,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(headers);
        if (!_verifiers.TryGetValue(providerId, out var verifier))
        {
            throw new RefusedException("provider_unknown", "There is no such rail here.", RefusalKind.NotFound);
        }

        if (rawBody.Length > IWebhookInbox.MaxBodyBytes)
        {
            throw new RefusedException(
                "body_too_large", $"A delivery may have {IWebhookInbox.MaxBodyBytes} bytes.", RefusalKind.TooLarge);
        }

        var now = Instants.Microseconds(time.GetUtcNow());
        Check(verifier.Verify(headers, rawBody.Span, now));
        var head = Head(providerId, rawBody);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var row = new
        {
            source = providerId,
            eventId = head.EventId,
            id = ids.Next(),
            type = head.Type,
            headers = JsonSerializer.Serialize(Kept(headers)),
            body = rawBody.ToArray(),
            receivedAt = now,
        };

        // One statement is one transaction: when this returns, the delivery is on disk.
        var stored = await InboxStore.InsertAsync(connection, row, cancellationToken);
        probe.Reached("webhook_stored");
        return new WebhookReceipt(head.EventId, head.Type, !stored);
    }

    private static void Check(SignatureCheck check)
    {
        switch (check)
        {
            case SignatureCheck.Accepted:
                return;
            case SignatureCheck.TooOld or SignatureCheck.TooNew:
                throw new RefusedException(
                    "signature_stale", "The signature's time is too far from now.", RefusalKind.Unauthenticated);
            default:
                throw new RefusedException(
                    "signature_invalid", "The delivery is not signed by the rail.", RefusalKind.Unauthenticated);
        }
    }

    private EventHead Head(string providerId, ReadOnlyMemory<byte> rawBody)
    {
        try
        {
            using var document = JsonDocument.Parse(rawBody);
            if (_translators[providerId].Head(document.RootElement) is { } head)
            {
                return head;
            }
        }
        catch (JsonException)
        {
            // Told below.
        }

        throw new RefusedException("body_malformed", "The delivery is no event of the rail.", RefusalKind.Invalid);
    }

    /// <summary>
    /// Headers worth keeping: what proves the origin. Nothing that could carry a credential of a proxy.
    /// </summary>
    private static SortedDictionary<string, string> Kept(IReadOnlyDictionary<string, string> headers) => new(
        headers
            .Where(h => h.Key.Contains("signature", StringComparison.OrdinalIgnoreCase)
                || h.Key.Contains("timestamp", StringComparison.OrdinalIgnoreCase)
                || h.Key.Equals("content-type", StringComparison.OrdinalIgnoreCase))
            .GroupBy(h => h.Key.ToLowerInvariant(), StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.First().Value, StringComparer.Ordinal),
        StringComparer.Ordinal);
}
