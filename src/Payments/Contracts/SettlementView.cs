using Decent.Payments.Collections;
using Decent.Payments.Commands;
using Decent.Payments.Refunds;
using Decent.Payments.Releases;

namespace Decent.Payments.Contracts;

/// <summary>
/// Where a contract's money is: <c>Paid = Released + Refunded + Dust + Remaining</c>, in the contract's currency.
/// </summary>
/// <param name="ContractId">The contract.</param>
/// <param name="State">Its state.</param>
/// <param name="AsOf">Business time of the reading.</param>
/// <param name="Price">The price.</param>
/// <param name="Paid">Settled for it.</param>
/// <param name="Earned">Earned by the provider at <paramref name="AsOf" /> by the cumulative formula.</param>
/// <param name="Released">Released so far, gross.</param>
/// <param name="Fees">Platform fees within the releases.</param>
/// <param name="Refunded">Going or gone back to the renter.</param>
/// <param name="RefundPending">The part of it not yet proven to be out.</param>
/// <param name="Dust">Left to the platform by the refund's rounding.</param>
/// <param name="Remaining">Still in escrow.</param>
/// <param name="Collections">Payments seen for it, oldest first.</param>
/// <param name="Releases">Releases, oldest first, at most 1,000.</param>
/// <param name="Refunds">Refunds, oldest first.</param>
public sealed record SettlementView(
    string ContractId,
    string State,
    DateTimeOffset AsOf,
    AmountView Price,
    AmountView Paid,
    AmountView Earned,
    AmountView Released,
    AmountView Fees,
    AmountView Refunded,
    AmountView RefundPending,
    AmountView Dust,
    AmountView Remaining,
    IReadOnlyList<CollectionView> Collections,
    IReadOnlyList<ReleaseView> Releases,
    IReadOnlyList<RefundView> Refunds);
