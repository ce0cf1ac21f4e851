using Decent.Ledger;
using Decent.Ledger.Books;
using Decent.Payments.Commands;
using Decent.Payments.Facts;
using Decent.Payments.Providers;
using Decent.Payments.Reconciliation;
using Decent.Postgres;

namespace Decent.Payments.Refunds;

/// <summary>
/// What the rail's word about a refund does to it and to the books, whether the word comes as an answer, by polling or
/// by webhook. Order is pending, succeeded, failed: a later one wins, an earlier one changes nothing any more.
/// </summary>
internal sealed class RefundOutcomes(AssetRegistry assets, IFindings findings, Ids ids)
{
    private static readonly TimeSpan PendingPoll = TimeSpan.FromHours(1);

    /// <summary>Takes what a rail says about a refund.</summary>
    /// <returns>What became of it, in words.</returns>
    public async Task<string> TakeAsync(CommandSession session, ProviderFact fact, CancellationToken cancellationToken)
    {
        var row = await RefundStore.LockKnownAsync(session, fact.Provider, fact.Key, fact.RefundRef, cancellationToken);
        if (row is null)
        {
            await findings.RaiseAsync(
                session,
                new Finding(
                    "refund_unrecognised",
                    FindingSeverity.Warning,
                    $"refund:{fact.Provider}:{fact.Key}",
                    $"{fact.Provider} states the refund {fact.Key} of {Stated(fact)} that was not asked for here; "
                    + "the books do not hold it."),
                cancellationToken);
            return $"refund {fact.Key} is not ours";
        }

        var progress = fact.Kind switch
        {
            FactKind.RefundSucceeded => RefundProgress.Succeeded,
            FactKind.RefundFailed => RefundProgress.Failed,
            _ => RefundProgress.Pending,
        };
        await ProgressAsync(session, row, progress, fact.Key, fact.Detail, cancellationToken);
        return $"refund {row.Id}";
    }

    /// <summary>Moves a locked refund on by evidence.</summary>
    public async Task ProgressAsync(
        CommandSession session,
        RefundRow row,
        RefundProgress progress,
        string? providerReference,
        string? detail,
        CancellationToken cancellationToken)
    {
        var known = row with { ProviderReference = row.ProviderReference ?? providerReference };
        switch (progress)
        {
            case RefundProgress.Pending when row.State is not (RefundStates.Succeeded or RefundStates.Failed):
                await RefundStore.SaveAsync(
                    session,
                    known with
                    {
                        State = RefundStates.Pending,
                        NextAttemptAt = session.Now + PendingPoll,
                        Error = null,
                    },
                    detail ?? "Accepted by the rail.",
                    cancellationToken);
                break;
            case RefundProgress.Succeeded when row.State is not (RefundStates.Succeeded or RefundStates.Failed):
                session.Books.Add(Posting(row, "succeeded", session.Now, reversed: false));
                await RefundStore.SaveAsync(
                    session,
                    known with
                    {
                        State = RefundStates.Succeeded,
                        NextAttemptAt = null,
                        Error = null,
                        SettledAt = session.Now,
                    },
                    "Proven by the rail's refund object.",
                    cancellationToken);
                break;
            case RefundProgress.Failed when row.State != RefundStates.Failed:
                await FailAsync(session, known, detail ?? "The rail gave no reason.", cancellationToken);
                break;
            default:
                break;
        }
    }

    /// <summary>Ends a locked refund that is proven not to have happened; the renter is still owed.</summary>
    public async Task FailAsync(
        CommandSession session, RefundRow row, string why, CancellationToken cancellationToken)
    {
        if (row.State == RefundStates.Succeeded)
        {
            // It came back after it had been through.
            session.Books.Add(Posting(row, "returned", session.Now, reversed: true));
        }

        await RefundStore.SaveAsync(
            session,
            row with { State = RefundStates.Failed, NextAttemptAt = null, Error = why, SettledAt = session.Now },
            why,
            cancellationToken);
        await findings.RaiseAsync(
            session,
            new Finding(
                "refund_failed",
                FindingSeverity.Critical,
                $"refund:{row.Id}",
                $"The refund of {new Money(assets.Get(row.Currency), row.Units)} for contract {row.ContractId} failed: "
                + $"{why} "
                + $"It is still owed on {ChartOfAccounts.ContractRefundable(row.ContractId)}."),
            cancellationToken);
    }

    private static string Stated(ProviderFact fact) => fact.Units is { } units
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{units} '{fact.Unit}'")
        : "an unstated amount";

    private Posting Posting(RefundRow row, string what, DateTimeOffset at, bool reversed)
    {
        var amount = new Money(assets.Get(row.Currency), row.Units);
        var refundable = ChartOfAccounts.ContractRefundable(row.ContractId);
        var clearing = ChartOfAccounts.RailClearingOf(row.Rail);
        return new Posting
        {
            Id = ids.Next(),
            IdempotencyKey = $"refund/{row.Id}/{what}",
            Reason = "refund_" + what,
            EffectiveAt = at,
            Legs = reversed
                ? [Leg.Debit(clearing, amount), Leg.Credit(refundable, amount)]
                : [Leg.Debit(refundable, amount), Leg.Credit(clearing, amount)],
            Links = [new Link("contract", row.ContractId), new Link("refund", row.Id.ToString())],
            Authority = PostingAuthority.Fact,
        };
    }
}
