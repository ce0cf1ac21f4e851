namespace Decent.Sandbox.Emulators.Stripe;

/// <summary>A Checkout Session in payment mode.</summary>
/// <param name="Id">cs_test_….</param>
/// <param name="Amount">Minor units.</param>
/// <param name="Currency">Lower-case code.</param>
/// <param name="ClientReferenceId">The caller's reference.</param>
/// <param name="Metadata">The session's metadata.</param>
/// <param name="IntentMetadata">Metadata of the PaymentIntent to come; Stripe does not copy the session's.</param>
/// <param name="Status">open, complete or expired.</param>
/// <param name="PaymentIntentId">Set when it was paid.</param>
/// <param name="SuccessUrl">Where the buyer goes afterwards.</param>
/// <param name="CancelUrl">Where the buyer goes instead.</param>
/// <param name="CreatedAt">Business time.</param>
/// <param name="ExpiresAt">Business time.</param>
internal sealed record Session(
    string Id,
    long Amount,
    string Currency,
    string? ClientReferenceId,
    IReadOnlyDictionary<string, string> Metadata,
    IReadOnlyDictionary<string, string> IntentMetadata,
    string Status,
    string? PaymentIntentId,
    string? SuccessUrl,
    string? CancelUrl,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt)
{
    /// <summary>The collection sessions live in.</summary>
    public const string Collection = "sessions";

    /// <summary>The document to write.</summary>
    public Document ToDocument() => new(Collection, Id, this);
}

/// <summary>A succeeded PaymentIntent with its one charge.</summary>
/// <param name="Id">pi_….</param>
/// <param name="ChargeId">ch_….</param>
/// <param name="BalanceTransactionId">txn_… of the charge.</param>
/// <param name="SessionId">The session that was paid.</param>
/// <param name="Amount">Minor units.</param>
/// <param name="Currency">Lower-case code.</param>
/// <param name="Metadata">The PaymentIntent's metadata.</param>
/// <param name="CreatedAt">Business time.</param>
internal sealed record Capture(
    string Id,
    string ChargeId,
    string BalanceTransactionId,
    string SessionId,
    long Amount,
    string Currency,
    IReadOnlyDictionary<string, string> Metadata,
    DateTimeOffset CreatedAt)
{
    /// <summary>The collection captures live in.</summary>
    public const string Collection = "captures";

    /// <summary>The document to write.</summary>
    public Document ToDocument() => new(Collection, Id, this);
}

/// <summary>A refund.</summary>
/// <param name="Id">re_….</param>
/// <param name="PaymentIntentId">What is refunded.</param>
/// <param name="ChargeId">Its charge.</param>
/// <param name="BalanceTransactionId">txn_… of the refund.</param>
/// <param name="Amount">Minor units.</param>
/// <param name="Currency">Lower-case code.</param>
/// <param name="Reason">Given reason or null.</param>
/// <param name="Metadata">The refund's metadata.</param>
/// <param name="CreatedAt">Business time.</param>
internal sealed record Refund(
    string Id,
    string PaymentIntentId,
    string ChargeId,
    string BalanceTransactionId,
    long Amount,
    string Currency,
    string? Reason,
    IReadOnlyDictionary<string, string> Metadata,
    DateTimeOffset CreatedAt)
{
    /// <summary>The collection refunds live in.</summary>
    public const string Collection = "refunds";

    /// <summary>The document to write.</summary>
    public Document ToDocument() => new(Collection, Id, this);
}

/// <summary>One movement of the account's balance.</summary>
/// <param name="Id">txn_….</param>
/// <param name="Amount">Gross, minor units, signed.</param>
/// <param name="Fee">Fee, minor units, not negative; the balance moves by amount − fee.</param>
/// <param name="Currency">Lower-case code.</param>
/// <param name="Type">charge or refund.</param>
/// <param name="Source">The charge or refund.</param>
/// <param name="CreatedAt">Business time.</param>
/// <param name="AvailableOn">Business time from which the money can be used.</param>
internal sealed record BalanceTransaction(
    string Id, long Amount, long Fee, string Currency, string Type, string Source, DateTimeOffset CreatedAt,
    DateTimeOffset AvailableOn)
{
    /// <summary>The collection balance transactions live in.</summary>
    public const string Collection = "balance_transactions";

    /// <summary>The document to write.</summary>
    public Document ToDocument() => new(Collection, Id, this);
}

/// <summary>The answer that an idempotency key stands for.</summary>
/// <param name="Key">The caller's key.</param>
/// <param name="Digest">Digest of path and parameters, hex.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">JSON text.</param>
internal sealed record StoredAnswer(string Key, string Digest, int Status, string Body)
{
    /// <summary>The collection answers live in.</summary>
    public const string Collection = "answers";

    /// <summary>The document to write.</summary>
    public Document ToDocument() => new(Collection, Key, this);
}

/// <summary>An error answer of Stripe.</summary>
internal sealed class StripeFault(
    int status, string type, string? code, string message, string? param = null) : Exception(message)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>error.type.</summary>
    public string Type { get; } = type;

    /// <summary>error.code.</summary>
    public string? Code { get; } = code;

    /// <summary>error.param.</summary>
    public string? Param { get; } = param;

    /// <summary>A parameter that cannot be used.</summary>
    public static StripeFault Invalid(string message, string? param = null, string? code = null) =>
        new(400, "invalid_request_error", code, message, param);

    /// <summary>No such object.</summary>
    public static StripeFault Missing(string what, string id) =>
        new(404, "invalid_request_error", "resource_missing", $"No such {what}: '{id}'", "id");
}
