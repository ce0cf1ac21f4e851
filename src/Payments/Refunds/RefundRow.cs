using Decent.Payments.Commands;

namespace Decent.Payments.Refunds;

/// <summary>Names of a refund's states.</summary>
internal static class RefundStates
{
    public const string Prepared = "prepared";
    public const string Unknown = "unknown";
    public const string Pending = "pending";
    public const string Succeeded = "succeeded";
    public const string Failed = "failed";
}

/// <summary>A row of <c>payments.refunds</c>.</summary>
internal sealed record RefundRow
{
    public Guid Id { get; init; }

    public string ContractId { get; init; } = "";

    public Guid CollectionId { get; init; }

    public string Rail { get; init; } = "";

    public string IdempotencyKey { get; init; } = "";

    public string State { get; init; } = "";

    public string Currency { get; init; } = "";

    public Int128 Units { get; init; }

    public string RailAsset { get; init; } = "";

    public Int128 RailUnits { get; init; }

    public string Request { get; init; } = "";

    public string? PaymentReference { get; init; }

    public string? ProviderReference { get; init; }

    public Guid? TransferId { get; init; }

    public int Attempts { get; init; }

    public DateTimeOffset? NextAttemptAt { get; init; }

    public string? Error { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>True when it goes back by a transfer on the ledger.</summary>
    public bool IsOnChain => RailAsset != Currency;

    public RefundView ToView() => new(
        Id,
        ContractId,
        CollectionId,
        Rail,
        State,
        AmountView.Of(Units, Currency),

        // A card rail counts minor units; outside, amounts of a currency have one scale.
        IsOnChain ? AmountView.Of(RailUnits, RailAsset) : AmountView.Of(Units, Currency),
        ProviderReference,
        TransferId,
        Error,
        CreatedAt,
        SettledAt);
}
