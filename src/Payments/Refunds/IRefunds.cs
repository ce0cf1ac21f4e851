using Decent.Payments.Commands;

namespace Decent.Payments.Refunds;

/// <summary>Money on its way back to renters.</summary>
public interface IRefunds
{
    /// <summary>Refunds, newest first.</summary>
    /// <param name="contractId">Only of this contract, or null.</param>
    /// <param name="page">Which page.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<Page<RefundView>> ListAsync(string? contractId, PageRequest page, CancellationToken cancellationToken);
}

/// <summary>A refund as seen from outside.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ContractId">The contract.</param>
/// <param name="CollectionId">The collection it gives back.</param>
/// <param name="Rail"><c>stripe</c> or <c>icpay</c> (then by a transfer on the ledger).</param>
/// <param name="State">
/// <c>prepared</c> (intent committed, not sent), <c>unknown</c> (sent, no answer), <c>pending</c> (accepted, not
/// through),
/// <c>succeeded</c> or <c>failed</c>.
/// </param>
/// <param name="Amount">In the contract's currency.</param>
/// <param name="RailAmount">In the rail's asset: the currency for Stripe, the token for ICPay.</param>
/// <param name="ProviderReference">The rail's refund object, once known.</param>
/// <param name="TransferId">The transfer on the ledger, for ICPay.</param>
/// <param name="Error">Why it failed or is not known, in words.</param>
/// <param name="CreatedAt">When it was decided.</param>
/// <param name="SettledAt">When its end was proven.</param>
public sealed record RefundView(
    Guid Id,
    string ContractId,
    Guid CollectionId,
    string Rail,
    string State,
    AmountView Amount,
    AmountView RailAmount,
    string? ProviderReference,
    Guid? TransferId,
    string? Error,
    DateTimeOffset CreatedAt,
    DateTimeOffset? SettledAt);
