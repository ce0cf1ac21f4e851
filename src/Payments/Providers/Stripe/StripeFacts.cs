using System.Text.Json;
using Decent.Payments.Facts;

namespace Decent.Payments.Providers.Stripe;

/// <summary>
/// Stripe's messages as facts, read from the JSON itself so that an event of another API version is never lost. The
/// key of a payment is its PaymentIntent: session and intent events of one payment are one fact.
/// </summary>
/// <param name="livemode">Whether our key is for real money; null when the key does not say. Events of the other mode
/// are
/// no money of ours.</param>
internal sealed class StripeFacts(bool? livemode = null) : IFactTranslator
{
    /// <summary>Id of the rail.</summary>
    public const string Rail = "stripe";

    /// <inheritdoc />
    public string ProviderId => Rail;

    /// <inheritdoc />
    public EventHead? Head(JsonElement message) =>
        message.Text("id") is { Length: <= 255 } id && message.Text("type") is { } type
            ? new EventHead(id, type)
            : null;

    /// <inheritdoc />
    public Translation Translate(JsonElement message)
    {
        var at = message.Seconds("created") ?? DateTimeOffset.UnixEpoch;
        if (message.Member("data")?.Member("object") is not { } body)
        {
            return Translation.Nothing;
        }

        if (livemode is { } live
            && message.Member("livemode") is { ValueKind: JsonValueKind.True or JsonValueKind.False } said
            && said.GetBoolean() != live)
        {
            return new Translation(
                [], [$"Event {message.Text("id")} of Stripe is of the other mode (livemode {said.GetRawText()})."]);
        }

        return message.Text("type") switch
        {
            "checkout.session.completed" or "checkout.session.async_payment_succeeded" or "checkout.session.expired" =>
                Session(body, at),
            "checkout.session.async_payment_failed" => Session(body, at, failed: true),
            "payment_intent.succeeded" or "payment_intent.processing" or "payment_intent.canceled" => Intent(body, at),
            "payment_intent.payment_failed" => Intent(body, at, attemptFailed: true),
            "refund.created" or "refund.updated" or "refund.failed" or "charge.refund.updated" => Refund(body, at),
            _ => Translation.Nothing,
        };
    }

    /// <summary>Facts of a Checkout Session as it stands.</summary>
    /// <param name="session">The session.</param>
    /// <param name="at">Time of the message.</param>
    /// <param name="failed">True when its delayed payment failed.</param>
    public static Translation Session(JsonElement session, DateTimeOffset at, bool failed = false)
    {
        if (session.Text("id") is not { } id)
        {
            return new Translation([], ["A session of Stripe has no id."]);
        }

        var intent = session.Member("payment_intent");
        var key = intent is { ValueKind: JsonValueKind.Object } expanded
            ? expanded.Text("id")
            : session.Text("payment_intent");
        var status = session.Text("status");
        var paid = session.Text("payment_status") is "paid" or "no_payment_required";
        FactKind? kind = failed ? FactKind.PaymentFailed
            : status == "expired" ? FactKind.CheckoutExpired
            : paid ? FactKind.PaymentCaptured
            : status == "complete" ? FactKind.PaymentPending
            : null;
        if (kind is not { } known)
        {
            return Translation.Nothing;
        }

        var units = LenientJson.Whole(session.Text("amount_total"));
        if (known == FactKind.PaymentCaptured && units is null)
        {
            return new Translation(
                [], [$"Session {id} of Stripe has the unreadable amount '{session.Text("amount_total")}'."]);
        }

        var fact = new ProviderFact(Rail, known, known == FactKind.CheckoutExpired ? id : key ?? id, at)
        {
            PaymentKey = key ?? id,
            SessionKey = id,
            ObjectId = key,
            ContractRef = ContractOf(session) ?? session.Text("client_reference_id"),
            CollectionRef = CollectionOf(session),
            Units = known == FactKind.CheckoutExpired ? null : units,
            TaxUnits = LenientJson.Whole(session.Member("total_details")?.Text("amount_tax")),
            Unit = known == FactKind.CheckoutExpired ? "" : session.Text("currency")?.ToLowerInvariant() ?? "",
        };
        return intent is { ValueKind: JsonValueKind.Object } whole
            ? new Translation([fact, .. Fee(whole, at)], [])
            : new Translation([fact], []);
    }

    /// <summary>Facts of a PaymentIntent as it stands.</summary>
    /// <param name="intent">The intent.</param>
    /// <param name="at">Time of the message.</param>
    /// <param name="attemptFailed">True when the message says that an attempt failed.</param>
    public static Translation Intent(JsonElement intent, DateTimeOffset at, bool attemptFailed = false)
    {
        if (intent.Text("id") is not { } id)
        {
            return new Translation([], ["A PaymentIntent of Stripe has no id."]);
        }

        FactKind? kind = attemptFailed ? FactKind.PaymentAttemptFailed : intent.Text("status") switch
        {
            "succeeded" => FactKind.PaymentCaptured,
            "processing" => FactKind.PaymentPending,
            "canceled" => FactKind.PaymentCanceled,
            _ => null,
        };
        if (kind is not { } known)
        {
            return Translation.Nothing;
        }

        var amount = known == FactKind.PaymentCaptured ? intent.Text("amount_received") : intent.Text("amount");
        if (known == FactKind.PaymentCaptured && LenientJson.Whole(amount) is null)
        {
            return new Translation([], [$"PaymentIntent {id} of Stripe has the unreadable amount '{amount}'."]);
        }

        var error = intent.Member("last_payment_error");
        var fact = new ProviderFact(Rail, known, id, at)
        {
            PaymentKey = id,
            ObjectId = id,
            ContractRef = ContractOf(intent),
            CollectionRef = CollectionOf(intent),
            Units = LenientJson.Whole(amount),
            Unit = intent.Text("currency")?.ToLowerInvariant() ?? "",
            Detail = attemptFailed ? error?.Text("code") : intent.Text("cancellation_reason"),
        };
        return new Translation([fact, .. Fee(intent, at)], []);
    }

    /// <summary>Facts of a refund as it stands.</summary>
    /// <param name="refund">The refund.</param>
    /// <param name="at">Time of the message.</param>
    public static Translation Refund(JsonElement refund, DateTimeOffset at)
    {
        var id = refund.Text("id");
        FactKind? kind = refund.Text("status") switch
        {
            "pending" or "requires_action" => FactKind.RefundPending,
            "succeeded" => FactKind.RefundSucceeded,
            "failed" or "canceled" => FactKind.RefundFailed,
            _ => null,
        };
        if (id is null || kind is not { } known)
        {
            return new Translation(
                [], [$"Refund {id ?? "?"} of Stripe has the unknown status '{refund.Text("status")}'."]);
        }

        return new Translation(
            [
                new ProviderFact(Rail, known, id, at)
                {
                    PaymentKey = refund.Text("payment_intent"),
                    ObjectId = id,
                    ContractRef = ContractOf(refund),
                    RefundRef = LenientJson.Uuid(refund.Member("metadata")?.Text("refund_id")),
                    Units = LenientJson.Whole(refund.Text("amount")),
                    Unit = refund.Text("currency")?.ToLowerInvariant() ?? "",
                    Detail = refund.Text("failure_reason"),
                },
            ],
            []);
    }

    /// <summary>The fee, when charge and balance transaction came along.</summary>
    private static IEnumerable<ProviderFact> Fee(JsonElement intent, DateTimeOffset at)
    {
        if (intent.Text("id") is { } id
            && intent.Member("latest_charge")?.Member("balance_transaction") is { } movement
            && LenientJson.Whole(movement.Text("fee")) is { } fee)
        {
            yield return new ProviderFact(Rail, FactKind.PaymentFee, id, at)
            {
                PaymentKey = id,
                ObjectId = movement.Text("id"),
                FeeUnits = fee,
                Unit = movement.Text("currency")?.ToLowerInvariant() ?? "",
            };
        }
    }

    private static string? ContractOf(JsonElement body) =>
        body.Member("metadata")?.FirstText("contract_id", "contractId");

    private static Guid? CollectionOf(JsonElement body) =>
        LenientJson.Uuid(body.Member("metadata")?.Text("collection_id"));
}
