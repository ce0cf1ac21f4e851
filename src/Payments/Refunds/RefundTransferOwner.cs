using Decent.Canister.Client;
using Decent.Ledger;
using Decent.Ledger.Books;
using Decent.Payments.Commands;
using Decent.Payments.Transfers;
using Decent.Postgres;

namespace Decent.Payments.Refunds;

/// <summary>Owns the transfers that give token payments back.</summary>
internal sealed class RefundTransferOwner(AssetRegistry assets, RefundOutcomes outcomes, Ids ids) : ITransferOwner
{
    /// <summary>Kind of its transfers.</summary>
    public const string TransferKind = "refund";

    /// <inheritdoc />
    public string Kind => TransferKind;

    /// <inheritdoc />
    public async Task ConfirmedAsync(
        CommandSession session, TransferView transfer, LedgerBlock block, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(transfer);
        var row = await RefundStore.LockAsync(session, Guid.Parse(transfer.OwnerId), cancellationToken);

        // What was owed in the currency leaves our position there; what was paid leaves our position in the token.
        var owed = new Money(assets.Get(row.Currency), row.Units);
        session.Books.Add(new Posting
        {
            Id = ids.Next(),
            IdempotencyKey = $"refund/{row.Id}/succeeded",
            Reason = "refund_succeeded",
            EffectiveAt = session.Now,
            Legs =
            [
                Leg.Debit(ChartOfAccounts.ContractRefundable(row.ContractId), owed),
                Leg.Credit(ChartOfAccounts.FxOf(owed.Asset.Code), owed),
                Leg.Debit(ChartOfAccounts.FxOf(transfer.Amount.Asset.Code), transfer.Amount),
                .. WalletLegs.Of(transfer, block),
            ],
            Settles = [WalletLegs.Settlement(transfer)],
            Links =
            [
                new Link("contract", row.ContractId),
                new Link("refund", row.Id.ToString()),
                .. WalletLegs.Links(transfer, block),
            ],
            Authority = PostingAuthority.Fact,
        });
        await RefundStore.SaveAsync(
            session,
            row with { State = RefundStates.Succeeded, NextAttemptAt = null, Error = null, SettledAt = session.Now },
            $"Paid by block {block?.Index} of {transfer.Amount.Asset.Code}.",
            cancellationToken);
    }

    /// <inheritdoc />
    public async Task RefusedAsync(
        CommandSession session, TransferView transfer, string why, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(transfer);
        var row = await RefundStore.LockAsync(session, Guid.Parse(transfer.OwnerId), cancellationToken);
        await outcomes.FailAsync(session, row, why, cancellationToken);
    }
}
