using System.Text.Json.Nodes;

namespace Decent.Sandbox.Emulators.Stripe;

/// <summary>The JSON that Stripe answers and sends.</summary>
internal sealed class StripeShapes(DocumentLog log, string apiVersion, Uri self)
{
    /// <summary>A Checkout Session.</summary>
    public JsonObject Session(Session session) => new()
    {
        ["id"] = session.Id,
        ["object"] = "checkout.session",
        ["amount_subtotal"] = session.Amount,
        ["amount_total"] = session.Amount,
        ["cancel_url"] = session.CancelUrl,
        ["client_reference_id"] = session.ClientReferenceId,
        ["created"] = session.CreatedAt.ToUnixTimeSeconds(),
        ["currency"] = session.Currency,
        ["customer"] = null,
        ["expires_at"] = session.ExpiresAt.ToUnixTimeSeconds(),
        ["livemode"] = false,
        ["metadata"] = Metadata(session.Metadata),
        ["mode"] = "payment",
        ["payment_intent"] = session.PaymentIntentId,
        ["payment_method_types"] = new JsonArray("card"),
        ["payment_status"] = session.PaymentIntentId is null ? "unpaid" : "paid",
        ["status"] = session.Status,
        ["success_url"] = session.SuccessUrl,
        ["total_details"] = new JsonObject { ["amount_discount"] = 0, ["amount_shipping"] = 0, ["amount_tax"] = 0 },
        ["url"] = session.Status == "open" ? new Uri(self, $"/pay/{session.Id}").ToString() : null,
    };

    /// <summary>A PaymentIntent.</summary>
    /// <param name="capture">What was captured.</param>
    /// <param name="charge">Give the charge itself instead of its id.</param>
    /// <param name="balanceTransaction">Give the charge's balance transaction itself.</param>
    public JsonObject PaymentIntent(Capture capture, bool charge = false, bool balanceTransaction = false) => new()
    {
        ["id"] = capture.Id,
        ["object"] = "payment_intent",
        ["amount"] = capture.Amount,
        ["amount_capturable"] = 0,
        ["amount_received"] = capture.Amount,
        ["capture_method"] = "automatic_async",
        ["confirmation_method"] = "automatic",
        ["created"] = capture.CreatedAt.ToUnixTimeSeconds(),
        ["currency"] = capture.Currency,
        ["latest_charge"] = charge ? Charge(capture, balanceTransaction) : capture.ChargeId,
        ["livemode"] = false,
        ["metadata"] = Metadata(capture.Metadata),
        ["payment_method_types"] = new JsonArray("card"),
        ["status"] = "succeeded",
    };

    /// <summary>A charge.</summary>
    public JsonObject Charge(Capture capture, bool balanceTransaction = false)
    {
        var refunded = Refunded(capture.Id);
        return new JsonObject
        {
            ["id"] = capture.ChargeId,
            ["object"] = "charge",
            ["amount"] = capture.Amount,
            ["amount_captured"] = capture.Amount,
            ["amount_refunded"] = refunded,
            ["balance_transaction"] = balanceTransaction
                ? BalanceTransaction(
                    log.Find<BalanceTransaction>(Stripe.BalanceTransaction.Collection, capture.BalanceTransactionId)!)
                : capture.BalanceTransactionId,
            ["captured"] = true,
            ["created"] = capture.CreatedAt.ToUnixTimeSeconds(),
            ["currency"] = capture.Currency,
            ["disputed"] = false,
            ["livemode"] = false,
            ["metadata"] = Metadata(capture.Metadata),
            ["paid"] = true,
            ["payment_intent"] = capture.Id,
            ["refunded"] = refunded == capture.Amount,
            ["status"] = "succeeded",
        };
    }

    /// <summary>A refund.</summary>
    public static JsonObject Refund(Refund refund) => new()
    {
        ["id"] = refund.Id,
        ["object"] = "refund",
        ["amount"] = refund.Amount,
        ["balance_transaction"] = refund.BalanceTransactionId,
        ["charge"] = refund.ChargeId,
        ["created"] = refund.CreatedAt.ToUnixTimeSeconds(),
        ["currency"] = refund.Currency,
        ["metadata"] = Metadata(refund.Metadata),
        ["payment_intent"] = refund.PaymentIntentId,
        ["reason"] = refund.Reason,
        ["receipt_number"] = null,
        ["status"] = "succeeded",
    };

    /// <summary>A balance transaction.</summary>
    public static JsonObject BalanceTransaction(BalanceTransaction transaction) => new()
    {
        ["id"] = transaction.Id,
        ["object"] = "balance_transaction",
        ["amount"] = transaction.Amount,
        ["available_on"] = transaction.AvailableOn.ToUnixTimeSeconds(),
        ["balance_type"] = "payments",
        ["created"] = transaction.CreatedAt.ToUnixTimeSeconds(),
        ["currency"] = transaction.Currency,
        ["description"] = null,
        ["exchange_rate"] = null,
        ["fee"] = transaction.Fee,
        ["fee_details"] = transaction.Fee == 0
            ? new JsonArray()
            : new JsonArray(new JsonObject
            {
                ["amount"] = transaction.Fee,
                ["application"] = null,
                ["currency"] = transaction.Currency,
                ["description"] = "Stripe processing fees",
                ["type"] = "stripe_fee",
            }),
        ["net"] = transaction.Amount - transaction.Fee,
        ["reporting_category"] = transaction.Type,
        ["source"] = transaction.Source,
        ["status"] = "available",
        ["type"] = transaction.Type,
    };

    /// <summary>An event about an object as it is now.</summary>
    public JsonObject Event(string id, string type, JsonObject subject, DateTimeOffset now, string? idempotencyKey) =>
        new()
        {
            ["id"] = id,
            ["object"] = "event",
            ["api_version"] = apiVersion,
            ["created"] = now.ToUnixTimeSeconds(),
            ["data"] = new JsonObject { ["object"] = subject },
            ["livemode"] = false,
            ["pending_webhooks"] = 1,
            ["request"] = new JsonObject { ["id"] = RandomText.Id("req_", 14), ["idempotency_key"] = idempotencyKey },
            ["type"] = type,
        };

    /// <summary>What of a PaymentIntent has been refunded, minor units.</summary>
    public long Refunded(string paymentIntentId) => log
        .All<Refund>(Stripe.Refund.Collection)
        .Where(r => r.PaymentIntentId == paymentIntentId)
        .Sum(r => r.Amount);

    /// <summary>The list envelope.</summary>
    public static JsonObject List(string url, IEnumerable<JsonObject> items, bool hasMore) => new()
    {
        ["object"] = "list",
        ["url"] = url,
        ["has_more"] = hasMore,
        ["data"] = new JsonArray([.. items]),
    };

    private static JsonObject Metadata(IReadOnlyDictionary<string, string> metadata) =>
        new(metadata.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));
}
