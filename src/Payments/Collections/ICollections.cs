using Decent.Payments.Commands;

namespace Decent.Payments.Collections;

/// <summary>
/// Collections: attempts to receive the price of a contract over a rail, and money that came without one.
/// </summary>
public interface ICollections
{
    /// <summary>
    /// Starts a collection at the rail. When the rail's answer is unknown the collection stays <c>starting</c> and is
    /// resolved later; it is never started a second time blindly.
    /// </summary>
    /// <param name="context">Who asks.</param>
    /// <param name="collection">What to collect.</param>
    /// <param name="cancellationToken">Stops waiting; what was sent stays known.</param>
    /// <exception cref="RefusedException">
    /// <c>contract_unknown</c>, <c>rail_unknown</c>, <c>token_required</c>, <c>token_unknown</c>,
    /// <c>token_forbidden</c>, <c>contract_not_payable</c>, <c>deadline_passed</c>, <c>collection_open</c>,
    /// <c>amount_not_chargeable</c>, <c>provider_refused</c>.
    /// </exception>
    Task<CommandResult<CollectionView>> StartAsync(
        CommandContext context, NewCollection collection, CancellationToken cancellationToken);

    /// <summary>The collection, or null.</summary>
    Task<CollectionView?> GetAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Collections, newest first.</summary>
    /// <param name="contractId">Only of this contract, or null.</param>
    /// <param name="page">Which page.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<Page<CollectionView>> ListAsync(string? contractId, PageRequest page, CancellationToken cancellationToken);
}
