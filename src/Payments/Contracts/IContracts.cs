using Decent.Payments.Commands;

namespace Decent.Payments.Contracts;

/// <summary>Rental contracts: who pays whom how much for which window of service.</summary>
public interface IContracts
{
    /// <summary>Registers a contract that waits for its payment.</summary>
    /// <param name="context">Who asks.</param>
    /// <param name="contract">The contract.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="RefusedException">
    /// <c>id_invalid</c>, <c>provider_invalid</c>, <c>renter_invalid</c>, <c>amount_invalid</c>,
    /// <c>amount_not_positive</c>, <c>asset_unknown</c>, <c>amount_not_chargeable</c> (leaves a remainder in the
    /// currency's minor unit), <c>window_invalid</c>, <c>deadline_invalid</c>, <c>account_invalid</c>,
    /// <c>account_forbidden</c>, <c>contract_exists</c>.
    /// </exception>
    Task<CommandResult<ContractView>> CreateAsync(
        CommandContext context, NewContract contract, CancellationToken cancellationToken);

    /// <summary>Ends a contract now: what is earned goes to the provider, the rest back to the renter.</summary>
    /// <param name="context">Who asks.</param>
    /// <param name="contractId">The contract.</param>
    /// <param name="reason">Why, 1 to 500 characters.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="RefusedException">
    /// <c>contract_unknown</c>, <c>reason_invalid</c>, <c>contract_not_cancellable</c>, <c>contract_disputed</c>,
    /// <c>refund_account_missing</c>.
    /// </exception>
    Task<CommandResult<ContractView>> CancelAsync(
        CommandContext context, string contractId, string reason, CancellationToken cancellationToken);

    /// <summary>The contract, or null.</summary>
    Task<ContractView?> GetAsync(string contractId, CancellationToken cancellationToken);

    /// <summary>Contracts by creation, newest first.</summary>
    /// <param name="state">Only this state, or null.</param>
    /// <param name="page">Which page.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="RefusedException"><c>state_unknown</c>, <c>limit_invalid</c>,
    /// <c>cursor_invalid</c>.</exception>
    Task<Page<ContractView>> ListAsync(string? state, PageRequest page, CancellationToken cancellationToken);

    /// <summary>What happened to a contract, oldest first.</summary>
    Task<IReadOnlyList<ContractEventView>> EventsAsync(string contractId, CancellationToken cancellationToken);

    /// <summary>Where the contract's money is now, or null when there is no such contract.</summary>
    Task<SettlementView?> SettlementAsync(string contractId, CancellationToken cancellationToken);
}
