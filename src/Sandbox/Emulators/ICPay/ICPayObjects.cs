using System.Numerics;
using System.Text.Json;

namespace Decent.Sandbox.Emulators.ICPay;

/// <summary>A wish to be paid, as ICPay keeps it.</summary>
/// <param name="Id">UUID.</param>
/// <param name="IntentCode">The number that travels in the transfer's memo (u32).</param>
/// <param name="Symbol">Symbol of the ledger.</param>
/// <param name="Amount">Asked amount, base units, integer text.</param>
/// <param name="AmountUsd">Asked amount in USD as decimal text; null when the caller gave base units.</param>
/// <param name="Price">ICPay's rate when it was created, decimal text.</param>
/// <param name="Status">requires_payment, processing, completed or mismatched.</param>
/// <param name="Metadata">The caller's metadata, an object.</param>
/// <param name="Description">The caller's text.</param>
/// <param name="RelayTo">Account text to forward to; null without relay.</param>
/// <param name="CreatedAt">Business time.</param>
/// <param name="UpdatedAt">Business time.</param>
internal sealed record Intent(
    string Id,
    uint IntentCode,
    string Symbol,
    string Amount,
    string? AmountUsd,
    string Price,
    string Status,
    JsonElement Metadata,
    string? Description,
    string? RelayTo,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>The collection intents live in.</summary>
    public const string Collection = "intents";

    /// <summary>The document to write.</summary>
    public Document ToDocument() => new(Collection, Id, this);
}

/// <summary>A realised intent, with the two transfers it consists of.</summary>
/// <param name="Id">UUID.</param>
/// <param name="IntentId">The intent.</param>
/// <param name="Key">Distinguishes several payments of one intent; the control call's key.</param>
/// <param name="TransactionId">UUID of the chain movement.</param>
/// <param name="CanisterTxId">Number in the ICPay canister.</param>
/// <param name="RequestedUnits">Asked, base units, integer text.</param>
/// <param name="PaidUnits">Paid, base units, integer text.</param>
/// <param name="Status">pending, completed or mismatched.</param>
/// <param name="PayTimeNs">created_at_time of the renter's transfer.</param>
/// <param name="ReceivedBlock">Block of the renter's transfer, once it is known.</param>
/// <param name="RelayTimeNs">created_at_time of the relay, once it was decided.</param>
/// <param name="RelayBlock">Block of the relay.</param>
/// <param name="CreatedAt">Business time.</param>
/// <param name="UpdatedAt">Business time.</param>
internal sealed record Payment(
    string Id,
    string IntentId,
    string Key,
    string TransactionId,
    long CanisterTxId,
    string RequestedUnits,
    string PaidUnits,
    string Status,
    ulong PayTimeNs,
    ulong? ReceivedBlock,
    ulong? RelayTimeNs,
    ulong? RelayBlock,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>The collection payments live in.</summary>
    public const string Collection = "payments";

    /// <summary>What was paid, base units.</summary>
    public BigInteger Paid => BigInteger.Parse(PaidUnits, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The document to write.</summary>
    public Document ToDocument() => new(Collection, Id, this);
}
