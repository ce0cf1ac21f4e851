using Decent.Canister.Client;
using Decent.Ledger;

namespace Decent.Payments.Transfers;

/// <summary>A transfer as it stands.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">Kind of owner.</param>
/// <param name="OwnerId">Id of the owner within its kind.</param>
/// <param name="To">Receiving account.</param>
/// <param name="Amount">What the receiver gets.</param>
/// <param name="Fee">The ledger's fee reserved on top of it; what the block shows may differ.</param>
/// <param name="WalletHold">Hold of amount + fee on the wallet's account in the books.</param>
/// <param name="Memo">The 32 bytes that identify it on chain.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Reason">Why it stands there, in words.</param>
/// <param name="Since">Business time of the last transition.</param>
/// <param name="PlannedAt">Business time of planning.</param>
/// <param name="Block">Index of the block that paid, once confirmed.</param>
/// <param name="TransactionId">Id of the transaction where the ledger has one, once confirmed.</param>
public sealed record TransferView(
    Guid Id,
    string Kind,
    string OwnerId,
    IcrcAccount To,
    Money Amount,
    Money Fee,
    Guid WalletHold,
    ReadOnlyMemory<byte> Memo,
    TransferState State,
    string Reason,
    DateTimeOffset Since,
    DateTimeOffset PlannedAt,
    ulong? Block,
    string? TransactionId);

/// <summary>Where a transfer stands.</summary>
public enum TransferState
{
    /// <summary>Planned, money reserved; no bytes exist, or the last attempt is proven dead.</summary>
    Prepared,

    /// <summary>Signed bytes are committed and may leave at any moment.</summary>
    Submitting,

    /// <summary>Bytes left and no certain answer came yet, or an answer waits for its block to be read.</summary>
    Submitted,

    /// <summary>The block that paid was read and matches.</summary>
    Confirmed,

    /// <summary>Proven: nothing was paid and nothing can be.</summary>
    Refused,

    /// <summary>Whether it was paid is not known; only evidence leads out.</summary>
    Unknown,
}

/// <summary>How a transfer came to where it is.</summary>
/// <param name="Transitions">Oldest first.</param>
/// <param name="Attempts">Oldest first.</param>
public sealed record TransferHistory(
    IReadOnlyList<TransferTransition> Transitions, IReadOnlyList<TransferAttemptView> Attempts);

/// <summary>One step of a transfer.</summary>
/// <param name="From">State before; null for the first.</param>
/// <param name="To">State after.</param>
/// <param name="Actor">Who or which job.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="At">Business time.</param>
/// <param name="MachineAt">Machine time.</param>
public sealed record TransferTransition(
    TransferState? From, TransferState To, string Actor, string Reason, DateTimeOffset At, DateTimeOffset MachineAt);

/// <summary>One signed request of a transfer.</summary>
/// <param name="Number">1, 2, … within the transfer.</param>
/// <param name="RequestId">0x and 64 hex digits.</param>
/// <param name="ExpiresAt">After this the Internet Computer never executes it.</param>
/// <param name="Outcome">Open, or how it ended.</param>
/// <param name="Detail">In words.</param>
/// <param name="CreatedAt">When its bytes were committed; business time.</param>
/// <param name="SentAt">Each time the bytes were handed to the network; business time.</param>
public sealed record TransferAttemptView(
    int Number,
    string RequestId,
    DateTimeOffset ExpiresAt,
    string Outcome,
    string Detail,
    DateTimeOffset CreatedAt,
    IReadOnlyList<DateTimeOffset> SentAt);
