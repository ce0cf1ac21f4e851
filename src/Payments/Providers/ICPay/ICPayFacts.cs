using System.Text.Json;
using Decent.Payments.Facts;

namespace Decent.Payments.Providers.ICPay;

/// <summary>
/// ICPay's messages as facts. The status inside decides, never the type of the event: <c>payment.completed</c> may
/// carry a mismatch. The key of a payment is its intent.
/// </summary>
/// <param name="accountCanisterId">Our account at ICPay; payments of other accounts (split rules) are not ours.</param>
internal sealed class ICPayFacts(string? accountCanisterId) : IFactTranslator
{
    /// <summary>Id of the rail.</summary>
    public const string Rail = "icpay";

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
        var type = message.Text("type") ?? "";
        var created = message.Seconds("created") ?? DateTimeOffset.UnixEpoch;
        return message.Member("data")?.Member("object") is not { } body ? Translation.Nothing
            : type.StartsWith("payment_intent.", StringComparison.Ordinal) ? Intent(body, created)
            : type.StartsWith("payment.", StringComparison.Ordinal)
                ? Payment(body, body.Member("intent"), null, created)
            : Translation.Nothing;
    }

    /// <summary>Facts of one row of a list answer: a flat payment, or <c>{payment, intent, transaction}</c>.</summary>
    /// <param name="row">The row.</param>
    /// <param name="seenAt">Time to use when the row has none.</param>
    public Translation Row(JsonElement row, DateTimeOffset seenAt)
    {
        if (row.Member("payment") is { } payment)
        {
            var intent = row.Member("intent") ?? payment.Member("intent");
            return Payment(payment, intent, row.Member("transaction"), seenAt);
        }

        return row.Text("paymentIntentId") is null && row.Text("status") is null
            ? Translation.Nothing
            : Payment(row, row.Member("intent"), null, seenAt);
    }

    /// <summary>The contract in a payment's or its intent's metadata, in either spelling.</summary>
    public static string? ContractOf(JsonElement payment, JsonElement? intent) =>
        FromMetadata(payment, intent, "contract_id", "contractId");

    /// <summary>Rows of a list answer in any of its shapes: <c>{payments: []}</c> or a bare array.</summary>
    public static IEnumerable<JsonElement> Rows(JsonElement answer)
    {
        var rows = answer.ValueKind == JsonValueKind.Array ? answer : answer.Member("payments");
        return rows is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];
    }

    private Translation Payment(
        JsonElement payment, JsonElement? intent, JsonElement? transaction, DateTimeOffset fallback)
    {
        var id = payment.Text("id") ?? "?";
        if (accountCanisterId is not null
            && payment.Text("accountCanisterId") is { } account
            && account != accountCanisterId)
        {
            return Translation.Nothing;
        }

        if ((payment.Text("paymentIntentId") ?? intent?.Text("id")) is not { } key)
        {
            return new Translation([], [$"Payment {id} of ICPay names no intent."]);
        }

        if (KindOf(payment.Text("status")) is not { } kind)
        {
            return new Translation([], [$"Payment {id} of ICPay has the unknown status '{payment.Text("status")}'."]);
        }

        var amountText = payment.Text("paidAmount") ?? payment.Text("amount");
        var units = LenientJson.Whole(amountText);
        if (kind is FactKind.PaymentCaptured or FactKind.PaymentMismatched && units is null)
        {
            return new Translation([], [$"Payment {id} of ICPay has the unreadable amount '{amountText}'."]);
        }

        var fact = Common(kind, key, payment, intent, payment.Instant("completedAt") ?? fallback) with
        {
            ObjectId = payment.Text("id"),
            Units = kind == FactKind.RefundSucceeded ? null : units,
            RequestedUnits = LenientJson.Whole(payment.Text("requestedAmount"))
                ?? LenientJson.Whole(intent?.Text("amount")),
            FeeUnits = LenientJson.Whole(transaction?.Text("platformFeeAmount")),
            PriceE9s = LenientJson.ScaleNine(intent?.Text("amountUsd")),
        };
        return new Translation([fact], []);
    }

    private static Translation Intent(JsonElement intent, DateTimeOffset fallback)
    {
        if (intent.Text("id") is not { } key)
        {
            return new Translation([], ["An intent of ICPay has no id."]);
        }

        // An intent is a wish. Whatever it says about itself, money is believed only of a payment.
        var kind = intent.Text("status") switch
        {
            "failed" => FactKind.PaymentFailed,
            "canceled" or "cancelled" => FactKind.PaymentCanceled,
            _ => FactKind.PaymentPending,
        };
        return new Translation(
            [
                Common(kind, key, intent, null, fallback) with
                {
                    Units = LenientJson.Whole(intent.Text("amount")),
                    PriceE9s = LenientJson.ScaleNine(intent.Text("amountUsd")),
                },
            ],
            []);
    }

    private static ProviderFact Common(
        FactKind kind, string key, JsonElement payment, JsonElement? intent, DateTimeOffset at) =>
        new(Rail, kind, key, at)
        {
            // The intent is both what we started and the key of what was paid.
            PaymentKey = key,
            SessionKey = key,
            ContractRef = ContractOf(payment, intent),
            CollectionRef = LenientJson.Uuid(FromMetadata(payment, intent, "collection_id", "collectionId")),
            Account = payment.Text("accountCanisterId"),
            Unit = payment.Text("ledgerCanisterId") ?? intent?.Text("ledgerCanisterId") ?? "",
        };

    private static string? FromMetadata(JsonElement payment, JsonElement? intent, string name, string otherName) =>
        payment.Member("metadata")?.FirstText(name, otherName)
        ?? intent?.Member("metadata")?.FirstText(name, otherName);

    private static FactKind? KindOf(string? status) => status switch
    {
        "pending" or "processing" or "requires_payment" => FactKind.PaymentPending,
        "completed" or "succeeded" => FactKind.PaymentCaptured,
        "mismatched" => FactKind.PaymentMismatched,
        "failed" => FactKind.PaymentFailed,
        "canceled" or "cancelled" => FactKind.PaymentCanceled,
        "refunded" => FactKind.RefundSucceeded,
        _ => null,
    };
}
