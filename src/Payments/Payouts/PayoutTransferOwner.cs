using Decent.Canister.Client;
using Decent.Ledger;
using Decent.Ledger.Books;
using Decent.Payments.Commands;
using Decent.Payments.Reconciliation;
using Decent.Payments.Transfers;
using Decent.Postgres;

namespace Decent.Payments.Payouts;

/// <summary>What a payout does when its transfer is settled.</summary>
internal sealed class PayoutTransferOwner(PayoutStore store, AssetRegistry assets, IFindings findings, Ids ids)
    : ITransferOwner
{
    /// <summary>Finding of a payout that was proven not paid.</summary>
    public const string Refused = "payout_refused";

    /// <inheritdoc />
    public string Kind => "payout";

    /// <inheritdoc />
    public async Task ConfirmedAsync(
        CommandSession session, TransferView transfer, LedgerBlock block, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(transfer);
        ArgumentNullException.ThrowIfNull(block);
        var row = await PayoutAsync(session, transfer, cancellationToken);
        var amount = new Money(assets.Get(row.Currency), row.Units);
        var move = new PayoutMove(row.Id, "executing", "confirmed", transfer.Reason)
        {
            Block = block.Index,
            FeeUnits = checked((Int128)block.Fee),
        };
        await store.MoveAsync(session, move, cancellationToken);
        session.Books.Add(new Posting
        {
            Id = ids.Next(),
            IdempotencyKey = $"payout/{row.Id}/confirmed",
            Reason = "payout_confirmed",
            EffectiveAt = session.Now,
            Authority = PostingAuthority.Fact,
            Legs =
            [
                Leg.Debit(ChartOfAccounts.PayableTo(row.ProviderId), amount),
                Leg.Credit(ChartOfAccounts.FxOf(row.Currency), amount),
                Leg.Debit(ChartOfAccounts.FxOf(transfer.Amount.Asset.Code), transfer.Amount),
                .. WalletLegs.Of(transfer, block),
            ],
            Links =
            [
                new Link("payout", row.Id.ToString()),
                .. WalletLegs.Links(transfer, block),
                new Link("price_round", FormattableString.Invariant($"{row.PriceRound}")),
            ],
            Settles =
            [
                new HoldSettlement(row.PayableHold!.Value, amount, CloseRemainder: true),
                WalletLegs.Settlement(transfer),
            ],
        });
    }

    /// <inheritdoc />
    public async Task RefusedAsync(
        CommandSession session, TransferView transfer, string why, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(transfer);
        var row = await PayoutAsync(session, transfer, cancellationToken);
        await store.MoveAsync(session, new PayoutMove(row.Id, "executing", "refused", why), cancellationToken);
        await PayoutDesk.ReleaseClaimsAsync(session, row.Id, cancellationToken);
        session.Books.Add(new HoldRelease
        {
            IdempotencyKey = $"payout/{row.Id}/payable-release",
            Reason = "payout_refused",
            Links = [new Link("payout", row.Id.ToString())],
            HoldId = row.PayableHold!.Value,
            Evidence = why,
        });
        await findings.RaiseAsync(
            session, new Finding(Refused, FindingSeverity.Warning, $"payout:{row.Id}", why), cancellationToken);
    }

    private static async Task<PayoutRow> PayoutAsync(
        CommandSession session, TransferView transfer, CancellationToken cancellationToken) =>
        await PayoutStore.LockAsync(session, Guid.Parse(transfer.OwnerId), skipLocked: false, cancellationToken)
        ?? throw new InvalidOperationException($"Transfer {transfer.Id} belongs to no payout.");
}
