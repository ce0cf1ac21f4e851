using Decent.Payments.Commands;

namespace Decent.Payments.Collections;

/// <summary>Names of a collection's states.</summary>
internal static class CollectionStates
{
    public const string Starting = "starting";
    public const string Open = "open";
    public const string Settled = "settled";
    public const string NotApplied = "not_applied";
    public const string Failed = "failed";
    public const string Expired = "expired";
}

/// <summary>A row of <c>payments.collections</c>.</summary>
internal sealed record CollectionRow
{
    public Guid Id { get; init; }

    public string? ContractId { get; init; }

    public string Rail { get; init; } = "";

    public string State { get; init; } = "";

    public string? Token { get; init; }

    public Int128? PriceUnits { get; init; }

    public string? Currency { get; init; }

    public string? ExpectedAsset { get; init; }

    public Int128? ExpectedUnits { get; init; }

    public string? ReceivedAsset { get; init; }

    public Int128? ReceivedUnits { get; init; }

    public Int128? FeeUnits { get; init; }

    public string? Resolution { get; init; }

    public string? CheckoutUrl { get; init; }

    public string? ProviderReference { get; init; }

    public string? PaymentReference { get; init; }

    public string? PaymentObject { get; init; }

    public string? Error { get; init; }

    public DateTimeOffset? NextPollAt { get; init; }

    public int Polls { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? OpenedAt { get; init; }

    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>False for money that came without a collection of ours.</summary>
    public bool CreatedByUs => PriceUnits is not null;

    public bool WaitsForMoney => State is CollectionStates.Starting or CollectionStates.Open;

    public bool HasBookedMoney => State is CollectionStates.Settled or CollectionStates.NotApplied;

    public CollectionView ToView() => new(
        Id,
        ContractId,
        Rail,
        State,
        Amount(PriceUnits, Currency),
        Amount(ExpectedUnits, ExpectedAsset),
        Token,
        Amount(ReceivedUnits, ReceivedAsset),
        Amount(FeeUnits, ReceivedAsset),
        Resolution,
        CheckoutUrl,
        ProviderReference,
        PaymentObject ?? PaymentReference,
        CreatedAt,
        SettledAt);

    private static AmountView? Amount(Int128? units, string? asset) =>
        units is { } known && asset is not null ? AmountView.Of(known, asset) : null;
}
