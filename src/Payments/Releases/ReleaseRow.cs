using Decent.Payments.Commands;

namespace Decent.Payments.Releases;

/// <summary>A row of <c>payments.releases</c>.</summary>
internal sealed record ReleaseRow
{
    public Guid Id { get; init; }

    public string ContractId { get; init; } = "";

    public string ProviderId { get; init; } = "";

    public string Currency { get; init; } = "";

    public Int128 GrossUnits { get; init; }

    public Int128 FeeUnits { get; init; }

    public Int128 NetUnits { get; init; }

    public DateTimeOffset PeriodStart { get; init; }

    public DateTimeOffset PeriodEnd { get; init; }

    public DateTimeOffset PayableAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public ReleaseView ToView() => new(
        Id,
        ContractId,
        ProviderId,
        AmountView.Of(GrossUnits, Currency),
        AmountView.Of(FeeUnits, Currency),
        AmountView.Of(NetUnits, Currency),
        PeriodStart,
        PeriodEnd,
        PayableAt,
        CreatedAt);
}
