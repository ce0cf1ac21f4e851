namespace Decent.Payments.Contracts;

/// <summary>A contract as the marketplace hands it over; texts are checked here and nowhere else.</summary>
/// <param name="Id">Id of the marketplace, 1 to 64 of <c>A-Z a-z 0-9 _ -</c>.</param>
/// <param name="ProviderId">Who provides, 1 to 64 of <c>A-Z a-z 0-9 _ . -</c>.</param>
/// <param name="RenterId">Who pays, same shape.</param>
/// <param name="Amount">Price as integer text in the currency's smallest unit (scale 9).</param>
/// <param name="Asset">Code of the currency, such as <c>USD</c>.</param>
/// <param name="ServiceStart">Start of the service window.</param>
/// <param name="ServiceEnd">End of the service window, exclusive.</param>
/// <param name="PaymentDeadline">Until when the payment must have been made.</param>
/// <param name="RefundAccount">ICRC-1 account of the renter for refunds of token payments, or null.</param>
public sealed record NewContract(
    string? Id,
    string? ProviderId,
    string? RenterId,
    string? Amount,
    string? Asset,
    DateTimeOffset ServiceStart,
    DateTimeOffset ServiceEnd,
    DateTimeOffset PaymentDeadline,
    string? RefundAccount);
