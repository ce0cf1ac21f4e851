using Decent.Payments.Commands;

namespace Decent.Payments.Transfers;

/// <summary>
/// Every payment this installation makes on a ledger canister. A transfer is planned in the transaction of what causes
/// it; sending, resolving and proving is the work of the due work named <c>transfers</c>.
/// </summary>
public interface ITransfers
{
    /// <summary>
    /// Plans a transfer in the caller's transaction: reserves units + fee on the wallet's account in the books (the
    /// caller adds no hold for it) and fixes its memo. Nothing is sent before that transaction commits.
    /// </summary>
    /// <param name="session">The caller's transaction.</param>
    /// <param name="plan">Whom to pay what, and for whom.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Id of the transfer.</returns>
    /// <exception cref="RefusedException">The destination or amount can never be paid (<c>account_forbidden</c>,
    /// <c>amount_not_positive</c>, <c>amount_out_of_range</c>, <c>asset_unknown</c>), or its owner has a live transfer
    /// already (<c>transfer_exists</c>).</exception>
    /// <remarks>A wallet that is too low makes the commit fail with
    /// <see cref="Ledger.Books.BooksRefusedException" /> (floor), like any other intent.</remarks>
    Task<Guid> PlanAsync(CommandSession session, TransferPlan plan, CancellationToken cancellationToken);

    /// <summary>A transfer, or null.</summary>
    Task<TransferView?> GetAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Transitions and attempts of a transfer, oldest first; empty when there is none with this id.</summary>
    Task<TransferHistory> HistoryAsync(Guid id, CancellationToken cancellationToken);
}

/// <summary>
/// What a transfer is for. One per kind; called in the transaction that records the outcome, so that effect and
/// consequence commit together.
/// </summary>
public interface ITransferOwner
{
    /// <summary>The kind of transfers it owns, such as <c>payout</c> or <c>refund</c>.</summary>
    string Kind { get; }

    /// <summary>
    /// The block that paid was read and matches. The owner posts the consequence with <see cref="WalletLegs" /> (which
    /// also settles the hold on the wallet).
    /// </summary>
    Task ConfirmedAsync(
        CommandSession session,
        TransferView transfer,
        Canister.Client.LedgerBlock block,
        CancellationToken cancellationToken);

    /// <summary>
    /// It is proven that nothing was paid and nothing can be any more. The hold on the wallet is given back by the
    /// transfer itself; the owner gives back its own.
    /// </summary>
    /// <param name="session">The transaction that records the outcome.</param>
    /// <param name="transfer">The transfer.</param>
    /// <param name="why">In words.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task RefusedAsync(CommandSession session, TransferView transfer, string why, CancellationToken cancellationToken);
}
