using System.Numerics;
using Decent.Ledger;

namespace Decent.PriceOracle.Control;

/// <summary>A price that people set for a while because no market gives one.</summary>
/// <param name="PriceE18">US dollars per whole token × 10^18.</param>
/// <param name="Reason">Why, at least ten characters.</param>
/// <param name="Evidence">Where the number comes from, such as an address.</param>
/// <param name="ValidFrom">When it starts to apply.</param>
/// <param name="ValidTo">When it stops, at most 72 hours later; never extended, only proposed anew.</param>
/// <param name="ClearsOnAccept">True to end it as soon as the market's price is accepted.</param>
public sealed record ManualPriceProposal(
    BigInteger PriceE18, string Reason, string Evidence, DateTimeOffset ValidFrom, DateTimeOffset ValidTo,
    bool ClearsOnAccept);

/// <summary>A proposal and what became of it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="AssetCode">The token.</param>
/// <param name="Kind"><c>resume</c> or <c>manual_price</c>.</param>
/// <param name="State"><c>proposed</c>, <c>approved</c>, <c>revoked</c> or <c>expired</c>.</param>
/// <param name="PriceE18">The proposed price; null for a resumption.</param>
/// <param name="Reason">Why.</param>
/// <param name="Evidence">Where the number comes from.</param>
/// <param name="ValidFrom">When it starts to apply.</param>
/// <param name="ValidTo">When it stops, or can no longer be approved.</param>
/// <param name="ProposedBy">Who asked.</param>
/// <param name="ProposedAt">When.</param>
/// <param name="DecidedBy">Who approved or revoked it last.</param>
/// <param name="DecidedAt">When.</param>
public sealed record ControlProposal(
    long Id,
    string AssetCode,
    string Kind,
    string State,
    BigInteger? PriceE18,
    string Reason,
    string Evidence,
    DateTimeOffset ValidFrom,
    DateTimeOffset ValidTo,
    string ProposedBy,
    DateTimeOffset ProposedAt,
    string? DecidedBy,
    DateTimeOffset? DecidedAt);

/// <summary>What became of a request.</summary>
public abstract record ControlResult
{
    private ControlResult()
    {
    }

    /// <summary>It was done or noted.</summary>
    /// <param name="ProposalId">The proposal; null for a stop, which needs none.</param>
    /// <param name="RoundId">The round that changed the feed; null when nothing changed yet.</param>
    public sealed record Done(long? ProposalId, long? RoundId) : ControlResult;

    /// <summary>It was refused; nothing changed.</summary>
    /// <param name="Code">Stable code.</param>
    /// <param name="Words">One sentence for people.</param>
    public sealed record Refused(string Code, string Words) : ControlResult;
}

/// <summary>
/// What people may do to a feed. One person may stop it; to start it again, or to set a price by hand, takes two.
/// Everything done becomes a round in the feed's chain.
/// </summary>
public interface IPriceControl
{
    /// <summary>
    /// Stops a feed: no price is shown and nothing is paid until two people resume it. A manual price ends.
    /// </summary>
    /// <returns>Done, or refused: <c>asset_not_priced</c>, <c>reason_too_short</c>, <c>already_stopped</c>.</returns>
    Task<ControlResult> HaltAsync(Asset asset, string actor, string reason, CancellationToken cancellationToken);

    /// <summary>Proposes to resume a halted feed. It then starts over: agreeing rounds make its next price.</summary>
    /// <returns>The proposal, or refused: <c>asset_not_priced</c>, <c>reason_too_short</c>,
    /// <c>not_halted</c>.</returns>
    Task<ControlResult> ProposeResumeAsync(Asset asset, string actor, string reason,
        CancellationToken cancellationToken);

    /// <summary>Proposes a manual price.</summary>
    /// <returns>The proposal, or refused: <c>asset_not_priced</c>, <c>reason_too_short</c>, <c>price_out_of_range</c>,
    /// <c>validity_invalid</c>.</returns>
    Task<ControlResult> ProposeManualPriceAsync(
        Asset asset, ManualPriceProposal proposal, string actor, CancellationToken cancellationToken);

    /// <summary>Approves a proposal.</summary>
    /// <param name="proposalId">The proposal.</param>
    /// <param name="actor">Another person than the one who proposed.</param>
    /// <param name="mayTakeRisk">True when the approver holds the risk role; asked for a price far off the last good
    /// one.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The round, or refused: <c>proposal_unknown</c>, <c>proposal_closed</c>, <c>same_person</c>,
    /// <c>risk_role_needed</c>, <c>not_halted</c>.</returns>
    Task<ControlResult> ApproveAsync(long proposalId, string actor, bool mayTakeRisk,
        CancellationToken cancellationToken);

    /// <summary>Revokes a proposal; an approved manual price ends at once.</summary>
    /// <returns>Done, or refused: <c>proposal_unknown</c>, <c>proposal_closed</c>, <c>reason_too_short</c>.</returns>
    Task<ControlResult> RevokeAsync(long proposalId, string actor, string reason, CancellationToken cancellationToken);

    /// <summary>Proposals, newest first.</summary>
    /// <param name="asset">Only of this token; null for all.</param>
    /// <param name="limit">At most this many, 1 to 500.</param>
    /// <param name="cancellationToken">Stops.</param>
    Task<IReadOnlyList<ControlProposal>> ListAsync(Asset? asset, int limit, CancellationToken cancellationToken);
}
