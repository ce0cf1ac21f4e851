using System.Globalization;
using System.Text.Json.Nodes;

namespace Decent.Sandbox.Emulators.ICPay;

/// <summary>The JSON that ICPay answers and sends.</summary>
internal sealed class ICPayShapes(ICPaySettings settings, string accountId, string collector)
{
    /// <summary>An intent.</summary>
    public JsonObject Intent(Intent intent)
    {
        var ledger = Ledger(intent.Symbol);
        return new JsonObject
        {
            ["id"] = intent.Id,
            ["accountId"] = accountId,
            ["intentCode"] = intent.IntentCode,
            ["amount"] = intent.Amount,
            ["amountUsd"] = Number(intent.AmountUsd),
            ["currentPrice"] = Number(intent.Price),
            ["ledgerCanisterId"] = ledger.CanisterId,
            ["tokenShortcode"] = ledger.Shortcode,
            ["symbol"] = ledger.Symbol,
            ["accountCanisterId"] = settings.AccountCanisterId,
            ["contractAddress"] = collector,
            ["chainType"] = "ic",
            ["status"] = intent.Status,
            ["description"] = intent.Description,
            ["expectedSenderPrincipal"] = null,
            ["recipientAddress"] = intent.RelayTo,
            ["metadata"] = JsonNode.Parse(intent.Metadata.GetRawText()),
            ["createdAt"] = Time(intent.CreatedAt),
            ["updatedAt"] = Time(intent.UpdatedAt),
        };
    }

    /// <summary>A payment, flat.</summary>
    public JsonObject Payment(Payment payment, Intent intent) => new()
    {
        ["id"] = payment.Id,
        ["accountId"] = accountId,
        ["paymentIntentId"] = payment.IntentId,
        ["transactionId"] = payment.TransactionId,
        ["transactionSplitId"] = null,
        ["canisterTxId"] = payment.CanisterTxId,
        ["amount"] = payment.PaidUnits,
        ["ledgerCanisterId"] = Ledger(intent.Symbol).CanisterId,
        ["ledgerTxId"] = payment.ReceivedBlock?.ToString(CultureInfo.InvariantCulture),
        ["accountCanisterId"] = settings.AccountCanisterId,
        ["basePaymentAccountId"] = null,
        ["status"] = payment.Status,
        ["requestedAmount"] = payment.RequestedUnits,
        ["paidAmount"] = payment.PaidUnits,
        ["invoiceId"] = null,
        ["metadata"] = JsonNode.Parse(intent.Metadata.GetRawText()),
        ["createdAt"] = Time(payment.CreatedAt),
        ["updatedAt"] = Time(payment.UpdatedAt),
    };

    /// <summary>A payment with its intent and chain movement.</summary>
    public JsonObject Aggregate(Payment payment, Intent intent) => new()
    {
        ["payment"] = Payment(payment, intent),
        ["intent"] = Intent(intent),
        ["invoice"] = null,
        ["transaction"] = new JsonObject
        {
            ["id"] = payment.TransactionId,
            ["type"] = "payment",
            ["status"] = payment.Status == "pending" ? "processing" : "completed",
            ["amount"] = payment.PaidUnits,
            ["accountAmount"] = payment.PaidUnits,
            ["platformFeeAmount"] = "0",
            ["ledgerCanisterId"] = Ledger(intent.Symbol).CanisterId,
            ["indexReceived"] = payment.ReceivedBlock,
            ["indexToAccount"] = payment.RelayBlock,
            ["memo"] = Convert.ToHexStringLower(ICPayMemo.Pack(settings.AccountCanisterId, intent.IntentCode)),
        },
    };

    /// <summary>The payment object inside an event: the payment with what only events carry.</summary>
    public JsonObject EventPayment(Payment payment, Intent intent)
    {
        var shape = Payment(payment, intent);
        shape["network"] = "ic";
        shape["token"] = intent.Symbol;
        if (payment.Status == "completed")
        {
            shape["completedAt"] = Time(payment.UpdatedAt);
        }

        shape["intent"] = Intent(intent);
        return shape;
    }

    /// <summary>One ledger.</summary>
    public static JsonObject Ledger(ICPayLedger ledger, DateTimeOffset now) => new()
    {
        ["id"] = ledger.Shortcode,
        ["name"] = ledger.Name,
        ["symbol"] = ledger.Symbol,
        ["shortcode"] = ledger.Shortcode,
        ["canisterId"] = ledger.CanisterId,
        ["chainId"] = null,
        ["chainType"] = "ic",
        ["decimals"] = ledger.Decimals,
        ["verified"] = true,
        ["fee"] = ledger.FeeUnits.ToString(CultureInfo.InvariantCulture),
        ["currentPrice"] = Number(ledger.PriceUsd),
        ["lastPriceUpdate"] = Time(now),
        ["network"] = "ic",
    };

    /// <summary>The envelope of an event.</summary>
    public static JsonObject Envelope(string eventId, string type, JsonObject subject, DateTimeOffset now) => new()
    {
        ["id"] = eventId,
        ["object"] = "event",
        ["api_version"] = "2025-08-11",
        ["created"] = now.ToUnixTimeSeconds(),
        ["data"] = new JsonObject { ["object"] = subject },
        ["livemode"] = false,
        ["pending_webhooks"] = 1,
        ["request"] = new JsonObject { ["id"] = RandomText.Id("req_", 12), ["idempotency_key"] = null },
        ["type"] = type,
    };

    /// <summary>The ledger with this symbol.</summary>
    public ICPayLedger Ledger(string symbol) => settings.Ledgers.First(l => l.Symbol == symbol);

    /// <summary>ISO-8601 with milliseconds.</summary>
    public static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    // Decimal text becomes a JSON number without passing through floating point.
    private static JsonNode? Number(string? text) => text is null ? null : JsonNode.Parse(text);
}
