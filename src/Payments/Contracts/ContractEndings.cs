using System.Text.Json;
using Decent.Ledger;
using Decent.Ledger.Books;
using Decent.Payments.Collections;
using Decent.Payments.Commands;
using Decent.Payments.Providers;
using Decent.Payments.Refunds;
using Decent.Payments.Releases;
using Decent.Postgres;

namespace Decent.Payments.Contracts;

/// <summary>
/// Cancels contracts. In one transaction: a last release of what is earned now, and the intent to give the rest back.
/// Nothing is sent here.
/// </summary>
internal sealed class ContractEndings(AssetRegistry assets, Accrual accrual, Ids ids)
{
    /// <summary>Cancels a contract at the session's business time.</summary>
    /// <exception cref="RefusedException">See <see cref="IContracts.CancelAsync" />.</exception>
    public async Task<ContractRow> CancelAsync(
        CommandSession session, string contractId, string reason, CancellationToken cancellationToken)
    {
        var contract = await ContractStore.LockAsync(session, contractId, cancellationToken)
            ?? throw new RefusedException("contract_unknown", "There is no such contract.", RefusalKind.NotFound);
        if (contract.Disputed)
        {
            throw new RefusedException("contract_disputed", "A dispute must end before the contract can.");
        }

        var next = contract.Phase switch
        {
            ContractState.AwaitingPayment => contract,
            ContractState.Active when session.Now < contract.ServiceEnd =>
                await ShareOutAsync(session, contract, reason, cancellationToken),
            ContractState.Active => throw new RefusedException(
                "contract_not_cancellable", "Service has ended; everything is earned."),
            _ => throw new RefusedException("contract_not_cancellable", $"The contract is {contract.State}."),
        };
        next = next with
        {
            State = ContractState.Cancelled.Name(),
            EndedAt = session.Now,

            // Whatever still waits for money must be closed at its rail.
            NextCheckAt = session.Now,
        };
        await ContractStore.SaveAsync(session, next, "cancelled", reason, cancellationToken);
        return next;
    }

    private async Task<ContractRow> ShareOutAsync(
        CommandSession session, ContractRow contract, string reason, CancellationToken cancellationToken)
    {
        var (released, _) = await accrual.ReleaseAsync(session, contract, session.Now, cancellationToken);
        var paid = contract.Paid(assets.Get(contract.Currency));
        var unearned = paid - new Money(paid.Asset, released.ReleasedUnits);
        var collection = await CollectionStore.LockAsync(session, contract.PaidCollectionId!.Value, cancellationToken);
        var share = Share(collection, unearned, paid);
        if (share.RailUnits > 0)
        {
            var refund = Refund(session, contract, collection, share);
            await RefundStore.InsertAsync(session, refund, "Decided: " + reason, cancellationToken);
        }

        if (!unearned.IsZero)
        {
            session.Books.Add(Posting(session, contract.Id, share));
        }

        return released with
        {
            RefundedUnits = released.RefundedUnits + share.Refund.Units,
            DustUnits = released.DustUnits + share.Dust.Units,
        };
    }

    private static RefundShare Share(CollectionRow collection, Money unearned, Money paid) =>
        collection.Token is null
            ? ContractSplit.InMinorUnits(unearned)
                ?? throw new InvalidOperationException($"What {collection.Rail} charged it cannot give back.")
            : ContractSplit.InTokens(unearned, paid, collection.ExpectedUnits ?? 0);

    private RefundRow Refund(
        CommandSession session, ContractRow contract, CollectionRow collection, RefundShare share)
    {
        var id = ids.Next();
        var key = $"refund:{id:N}";
        var onChain = collection.Token is not null;
        if (onChain && contract.RefundAccount is null)
        {
            throw new RefusedException(
                "refund_account_missing", "The contract has no account to which tokens can be given back.");
        }

        var request = onChain
            ? JsonSerializer.Serialize(
                new ChainRefundRequest(
                    contract.RefundAccount!,
                    AmountView.Of(share.RailUnits, collection.Token!).Amount,
                    collection.Token!),
                CommandJson.Options)
            : JsonSerializer.Serialize(
                new RefundRequest(
                    id, contract.Id, key, collection.PaymentReference!, (long)share.RailUnits, contract.Currency),
                CommandJson.Options);
        return new RefundRow
        {
            Id = id,
            ContractId = contract.Id,
            CollectionId = collection.Id,
            Rail = collection.Rail,
            IdempotencyKey = key,
            State = RefundStates.Prepared,
            Currency = contract.Currency,
            Units = share.Refund.Units,
            RailAsset = onChain ? collection.Token! : contract.Currency,
            RailUnits = share.RailUnits,
            Request = request,
            PaymentReference = collection.PaymentReference,
            NextAttemptAt = session.Now,
            CreatedAt = session.Now,
        };
    }

    private Posting Posting(CommandSession session, string contractId, RefundShare share)
    {
        var legs = new List<Leg> { Leg.Debit(ChartOfAccounts.ContractEscrow(contractId), share.Refund + share.Dust) };
        if (share.Refund.IsPositive)
        {
            legs.Add(Leg.Credit(ChartOfAccounts.ContractRefundable(contractId), share.Refund));
        }

        if (share.Dust.IsPositive)
        {
            legs.Add(Leg.Credit(ChartOfAccounts.RoundingOf(share.Dust.Asset.Code), share.Dust));
        }

        return new Posting
        {
            Id = ids.Next(),
            IdempotencyKey = $"cancel/{contractId}",
            Reason = "contract_cancelled",
            EffectiveAt = session.Now,
            Legs = legs,
            Links = [new Link("contract", contractId)],
        };
    }
}
