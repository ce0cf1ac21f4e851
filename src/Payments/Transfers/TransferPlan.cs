using Decent.Canister.Client;
using Decent.Ledger;

namespace Decent.Payments.Transfers;

/// <summary>Whom to pay what, and for whom.</summary>
/// <param name="Kind">Kind of owner: <c>payout</c>, <c>refund</c> or <c>sweep</c>.</param>
/// <param name="OwnerId">Id of the owner within its kind; one live transfer per owner.</param>
/// <param name="Asset">The token.</param>
/// <param name="To">Receiving account.</param>
/// <param name="Units">What the receiver gets, in the token's smallest unit; above zero. The ledger's fee comes on
/// top.</param>
public sealed record TransferPlan(string Kind, string OwnerId, Asset Asset, IcrcAccount To, Int128 Units);
