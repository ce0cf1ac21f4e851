using Decent.Ledger;
using Decent.Ledger.Books;
using Decent.Payments.Commands;
using Decent.Payments.Contracts;
using Decent.Postgres;

namespace Decent.Payments.Releases;

/// <summary>Brings a locked contract's releases up to an instant.</summary>
internal sealed class Accrual(AssetRegistry assets, PaymentsOptions options, Ids ids)
{
    /// <summary>Releases what is earned until <paramref name="until" /> and not yet released.</summary>
    /// <param name="session">The transaction; the contract is locked in it.</param>
    /// <param name="contract">An active contract.</param>
    /// <param name="until">Not before the last release.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The contract as it is to be saved, and what was released (zero adds no row).</returns>
    public async Task<(ContractRow Contract, Money Released)> ReleaseAsync(
        CommandSession session, ContractRow contract, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var currency = assets.Get(contract.Currency);
        var slice = ContractSplit.Next(
            contract.Window,
            contract.Paid(currency),
            new Money(currency, contract.ReleasedUnits),
            new Money(currency, contract.FeeUnits),
            until,
            contract.FeeBps);
        var next = contract with { ReleasedUntil = until };
        if (slice.Gross.IsZero)
        {
            return (next, slice.Gross);
        }

        var row = new ReleaseRow
        {
            Id = ids.Next(),
            ContractId = contract.Id,
            ProviderId = contract.ProviderId,
            Currency = contract.Currency,
            GrossUnits = slice.Gross.Units,
            FeeUnits = slice.Fee.Units,
            NetUnits = slice.Net.Units,
            PeriodStart = contract.ReleasedUntil ?? contract.ServiceStart,
            PeriodEnd = until,
            PayableAt = until + options.ReleaseHold,
            CreatedAt = session.Now,
        };
        await ReleaseStore.InsertAsync(session, row, cancellationToken);
        session.Books.Add(Posting(row, slice));
        return (
            next with
            {
                ReleasedUnits = contract.ReleasedUnits + slice.Gross.Units,
                FeeUnits = contract.FeeUnits + slice.Fee.Units,
            },
            slice.Gross);
    }

    private Posting Posting(ReleaseRow row, Slice slice)
    {
        var legs = new List<Leg> { Leg.Debit(ChartOfAccounts.ContractEscrow(row.ContractId), slice.Gross) };
        if (slice.Net.IsPositive)
        {
            legs.Add(Leg.Credit(ChartOfAccounts.PayableTo(row.ProviderId), slice.Net));
        }

        if (slice.Fee.IsPositive)
        {
            legs.Add(Leg.Credit(ChartOfAccounts.PlatformFees, slice.Fee));
        }

        return new Posting
        {
            Id = ids.Next(),
            IdempotencyKey = $"release/{row.Id}",
            Reason = "release",
            EffectiveAt = row.PeriodEnd,
            Legs = legs,
            Links = [new Link("contract", row.ContractId), new Link("release", row.Id.ToString())],
        };
    }
}
