using Decent.Payments.Commands;

namespace Decent.Payments.Payouts;

/// <summary>Where a payout stands. From <see cref="Prepared" /> on it is where its transfer stands.</summary>
public enum PayoutState
{
    /// <summary>Releases are claimed; waits for approval.</summary>
    Draft,

    /// <summary>Approved; waits for a price, the wallet or its turn.</summary>
    Approved,

    /// <summary>Quoted and reserved; nothing sent.</summary>
    Prepared,

    /// <summary>Signed bytes are committed and may leave at any moment.</summary>
    Submitting,

    /// <summary>Bytes left; the proof is awaited.</summary>
    Submitted,

    /// <summary>Whether it was paid is not known; only evidence leads out.</summary>
    Unknown,

    /// <summary>Paid, with the block read.</summary>
    Confirmed,

    /// <summary>Proven not paid; its releases are payable again.</summary>
    Refused,

    /// <summary>Given up before anything was prepared; its releases are payable again.</summary>
    Cancelled,
}

/// <summary>A payout as it stands.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ProviderId">Who is paid.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Amount">What was earned, in the contracts' currency.</param>
/// <param name="Asset">Code of the token it is paid in.</param>
/// <param name="Account">Receiving account, ICRC-1 text.</param>
/// <param name="Tokens">What the provider receives; null before preparation.</param>
/// <param name="Fee">The ledger's fee, paid by the platform: reserved at preparation, and what the block showed once
/// confirmed; null before.</param>
/// <param name="PriceE18">Price it was quoted at, USD per whole token × 10^18 as integer text; null before
/// preparation.</param>
/// <param name="PriceRound">Round of the price; null before preparation.</param>
/// <param name="TransferId">Its transfer; null before preparation.</param>
/// <param name="Block">Block that paid; null before confirmation.</param>
/// <param name="Waiting">Why nothing happens at the moment, in words; null when nothing is awaited.</param>
/// <param name="CreatedBy">Who drafted it.</param>
/// <param name="CreatedAt">Business time of the draft.</param>
/// <param name="ApprovedBy">Who approved it, or null.</param>
/// <param name="ApprovedAt">When, or null.</param>
/// <param name="ApprovalNote">The approver's note, or null.</param>
/// <param name="Items">The releases it pays.</param>
/// <param name="Timeline">What happened so far, oldest first, its transfer's steps included.</param>
public sealed record PayoutView(
    Guid Id,
    string ProviderId,
    PayoutState State,
    AmountView Amount,
    string Asset,
    string Account,
    AmountView? Tokens,
    AmountView? Fee,
    string? PriceE18,
    long? PriceRound,
    Guid? TransferId,
    ulong? Block,
    string? Waiting,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    string? ApprovedBy,
    DateTimeOffset? ApprovedAt,
    string? ApprovalNote,
    IReadOnlyList<PayoutItem> Items,
    IReadOnlyList<PayoutStep> Timeline);

/// <summary>A release that a payout pays.</summary>
/// <param name="ReleaseId">The release.</param>
/// <param name="ContractId">Its contract.</param>
/// <param name="Net">What it brings.</param>
public sealed record PayoutItem(Guid ReleaseId, string ContractId, AmountView Net);

/// <summary>One step of a payout.</summary>
/// <param name="From">State before; null for the first.</param>
/// <param name="To">State after.</param>
/// <param name="Actor">Who or which job.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="At">Business time.</param>
/// <param name="MachineAt">Machine time.</param>
public sealed record PayoutStep(
    PayoutState? From, PayoutState To, string Actor, string Reason, DateTimeOffset At, DateTimeOffset MachineAt);
