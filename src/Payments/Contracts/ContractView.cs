using Decent.Payments.Commands;

namespace Decent.Payments.Contracts;

/// <summary>A contract as seen from outside.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ProviderId">Who provides.</param>
/// <param name="RenterId">Who pays.</param>
/// <param name="State"><c>awaiting_payment</c>, <c>active</c>, <c>completed</c>, <c>cancelled</c> or
/// <c>expired</c>.</param>
/// <param name="Price">The price.</param>
/// <param name="Paid">What was settled for it; zero until active.</param>
/// <param name="Released">Earned slices so far, gross of the platform fee.</param>
/// <param name="Fees">Platform fees within <paramref name="Released" />.</param>
/// <param name="Refunded">What goes or went back to the renter.</param>
/// <param name="Dust">What the refund's rounding left to the platform.</param>
/// <param name="ServiceStart">Start of the service window.</param>
/// <param name="ServiceEnd">End of the service window.</param>
/// <param name="PaymentDeadline">Until when the payment must have been made.</param>
/// <param name="RefundAccount">ICRC-1 account for refunds of token payments.</param>
/// <param name="PaidBy">Rail of the settling collection, or null.</param>
/// <param name="Disputed">True while a dispute holds its releases back.</param>
/// <param name="CreatedAt">When it was registered.</param>
/// <param name="ActivatedAt">When its payment settled.</param>
/// <param name="EndedAt">When it was completed, cancelled or expired.</param>
public sealed record ContractView(
    string Id,
    string ProviderId,
    string RenterId,
    string State,
    AmountView Price,
    AmountView Paid,
    AmountView Released,
    AmountView Fees,
    AmountView Refunded,
    AmountView Dust,
    DateTimeOffset ServiceStart,
    DateTimeOffset ServiceEnd,
    DateTimeOffset PaymentDeadline,
    string? RefundAccount,
    string? PaidBy,
    bool Disputed,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ActivatedAt,
    DateTimeOffset? EndedAt);

/// <summary>One line of a contract's history.</summary>
/// <param name="Sequence">Number within the contract, from 1.</param>
/// <param name="Kind">Such as <c>created</c>, <c>activated</c>, <c>released</c>, <c>cancelled</c>.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="Detail">In words.</param>
/// <param name="At">Business time.</param>
public sealed record ContractEventView(int Sequence, string Kind, string Actor, string Detail, DateTimeOffset At);
