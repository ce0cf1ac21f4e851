namespace Decent.Payments.Facts;

/// <summary>What a rail says happened.</summary>
public enum FactKind
{
    /// <summary>A payment is on its way; no money yet.</summary>
    PaymentPending,

    /// <summary>An attempt failed; another may follow.</summary>
    PaymentAttemptFailed,

    /// <summary>The payment failed.</summary>
    PaymentFailed,

    /// <summary>The payment was cancelled.</summary>
    PaymentCanceled,

    /// <summary>Money came, but not what the rail asked for.</summary>
    PaymentMismatched,

    /// <summary>Money came.</summary>
    PaymentCaptured,

    /// <summary>The fee the rail kept is known.</summary>
    PaymentFee,

    /// <summary>The checkout can no longer be paid.</summary>
    CheckoutExpired,

    /// <summary>A refund is on its way.</summary>
    RefundPending,

    /// <summary>A refund is through.</summary>
    RefundSucceeded,

    /// <summary>A refund failed, possibly after it had succeeded.</summary>
    RefundFailed,
}

/// <summary>One statement of a rail. Facts with the same provider, kind, key and unit are the same fact.</summary>
/// <param name="Provider">Id of the rail.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Key">What it is about: the payment, refund or session at the rail.</param>
/// <param name="OccurredAt">When, as the rail says.</param>
public sealed record ProviderFact(string Provider, FactKind Kind, string Key, DateTimeOffset OccurredAt)
{
    /// <summary>The payment it belongs to; the key of payment facts.</summary>
    public string? PaymentKey { get; init; }

    /// <summary>The rail's object that carried it, such as one of several payments of an intent.</summary>
    public string? ObjectId { get; init; }

    /// <summary>The checkout session it belongs to.</summary>
    public string? SessionKey { get; init; }

    /// <summary>The contract in the rail's metadata.</summary>
    public string? ContractRef { get; init; }

    /// <summary>Our collection in the rail's metadata.</summary>
    public Guid? CollectionRef { get; init; }

    /// <summary>Our refund in the rail's metadata.</summary>
    public Guid? RefundRef { get; init; }

    /// <summary>Whose account at the rail it is.</summary>
    public string? Account { get; init; }

    /// <summary>Amount in the rail's own unit: minor unit of the currency, base unit of the ledger.</summary>
    public Int128? Units { get; init; }

    /// <summary>Currency in lower case, or ledger canister id; empty without an amount.</summary>
    public string Unit { get; init; } = "";

    /// <summary>What the rail had asked for, same unit.</summary>
    public Int128? RequestedUnits { get; init; }

    /// <summary>Tax within <see cref="Units" />, same unit.</summary>
    public Int128? TaxUnits { get; init; }

    /// <summary>What the rail kept, same unit.</summary>
    public Int128? FeeUnits { get; init; }

    /// <summary>The USD price (scale 9) the rail converted from, when it says.</summary>
    public Int128? PriceE9s { get; init; }

    /// <summary>Reason of a failure, and the like.</summary>
    public string? Detail { get; init; }
}

/// <summary>What a message of a rail was found to say.</summary>
/// <param name="Facts">The facts; none for messages without meaning here.</param>
/// <param name="Faults">What could not be read although it should be, in words; each becomes a finding.</param>
public sealed record Translation(IReadOnlyList<ProviderFact> Facts, IReadOnlyList<string> Faults)
{
    /// <summary>Nothing in it for us.</summary>
    public static Translation Nothing { get; } = new([], []);
}
