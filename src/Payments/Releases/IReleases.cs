using Decent.Payments.Commands;

namespace Decent.Payments.Releases;

/// <summary>Earned slices of contracts.</summary>
public interface IReleases
{
    /// <summary>Releases, newest first.</summary>
    /// <param name="providerId">Only of this provider, or null.</param>
    /// <param name="contractId">Only of this contract, or null.</param>
    /// <param name="page">Which page.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<Page<ReleaseView>> ListAsync(
        string? providerId, string? contractId, PageRequest page, CancellationToken cancellationToken);
}

/// <summary>A release as seen from outside; <c>Gross = Fee + Net</c>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ContractId">The contract.</param>
/// <param name="ProviderId">Who earned it.</param>
/// <param name="Gross">Earned in the period.</param>
/// <param name="Fee">The platform's part.</param>
/// <param name="Net">The provider's part.</param>
/// <param name="PeriodStart">End of the release before, or start of service.</param>
/// <param name="PeriodEnd">Until when this counts.</param>
/// <param name="PayableAt">From when it may be paid out.</param>
/// <param name="CreatedAt">When it was booked.</param>
public sealed record ReleaseView(
    Guid Id,
    string ContractId,
    string ProviderId,
    AmountView Gross,
    AmountView Fee,
    AmountView Net,
    DateTimeOffset PeriodStart,
    DateTimeOffset PeriodEnd,
    DateTimeOffset PayableAt,
    DateTimeOffset CreatedAt);
