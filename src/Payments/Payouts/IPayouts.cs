using Decent.Payments.Commands;

namespace Decent.Payments.Payouts;

/// <summary>Paying providers what they earned: draft, approval by another person, one transfer.</summary>
public interface IPayouts
{
    /// <summary>Claims every payable release of a provider in one currency and drafts one payout of them.</summary>
    /// <param name="context">Who asks.</param>
    /// <param name="providerId">The provider.</param>
    /// <param name="currency">Currency of the releases.</param>
    /// <param name="asset">Token to pay in.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="RefusedException"><c>payouts_disabled</c>, <c>asset_unknown</c>, <c>payout_account_missing</c>,
    /// <c>nothing_payable</c>, <c>below_minimum</c>.</exception>
    Task<CommandResult<PayoutView>> CreateDraftAsync(
        CommandContext context, string providerId, string currency, string asset, CancellationToken cancellationToken);

    /// <summary>Approves a draft. The approver must not be its creator.</summary>
    /// <exception cref="RefusedException"><c>payouts_disabled</c>, <c>not_found</c>, <c>self_approval</c>,
    /// <c>note_missing</c>, <c>state_conflict</c>.</exception>
    Task<CommandResult<PayoutView>> ApproveAsync(
        CommandContext context, Guid id, string note, CancellationToken cancellationToken);

    /// <summary>Cancels a payout nothing was prepared for yet; its releases become payable again.</summary>
    /// <exception cref="RefusedException"><c>not_found</c>, <c>reason_missing</c>, <c>state_conflict</c>.</exception>
    Task<CommandResult<PayoutView>> CancelAsync(
        CommandContext context, Guid id, string reason, CancellationToken cancellationToken);

    /// <summary>A payout, or null.</summary>
    Task<PayoutView?> GetAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Payouts, the newest first.</summary>
    /// <param name="state">Only these; all when null.</param>
    /// <param name="page">Which page.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<Page<PayoutView>> ListAsync(PayoutState? state, PageRequest page, CancellationToken cancellationToken);
}
