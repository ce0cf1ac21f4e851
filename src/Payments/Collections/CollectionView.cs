using Decent.Payments.Commands;

namespace Decent.Payments.Collections;

/// <summary>A collection as seen from outside.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ContractId">The contract, or null for money whose contract is not known.</param>
/// <param name="Rail"><c>icpay</c> or <c>stripe</c>.</param>
/// <param name="State">
/// <c>starting</c> (the rail's answer is not known yet), <c>open</c>, <c>settled</c>, <c>not_applied</c> (money came
/// and
/// lies in suspense), <c>failed</c> or <c>expired</c>.
/// </param>
/// <param name="Price">What the contract costs.</param>
/// <param name="Expected">What the rail must receive, in the rail's asset; null until the rail has said.</param>
/// <param name="Token">Code of the token for ICPay.</param>
/// <param name="Received">What the rail received, or null.</param>
/// <param name="Fee">What the rail kept, when known.</param>
/// <param name="Resolution">
/// Null until money came; then <c>applied</c>, <c>overpaid</c>, <c>underpaid</c>, <c>late</c>, <c>duplicate</c>,
/// <c>unknown</c> or <c>asset_mismatch</c>.
/// </param>
/// <param name="CheckoutUrl">Where the renter pays, when the rail has such a page.</param>
/// <param name="ProviderReference">Checkout session or payment intent at the rail.</param>
/// <param name="PaymentReference">The payment at the rail, once known.</param>
/// <param name="CreatedAt">When it was started.</param>
/// <param name="SettledAt">When money was booked for it.</param>
public sealed record CollectionView(
    Guid Id,
    string? ContractId,
    string Rail,
    string State,
    AmountView? Price,
    AmountView? Expected,
    string? Token,
    AmountView? Received,
    AmountView? Fee,
    string? Resolution,
    string? CheckoutUrl,
    string? ProviderReference,
    string? PaymentReference,
    DateTimeOffset CreatedAt,
    DateTimeOffset? SettledAt);

/// <summary>A collection to start.</summary>
/// <param name="ContractId">The contract to pay.</param>
/// <param name="Rail"><c>icpay</c> or <c>stripe</c>.</param>
/// <param name="Token">Code of the token to pay with; needed by ICPay, not allowed with Stripe.</param>
public sealed record NewCollection(string? ContractId, string? Rail, string? Token);
