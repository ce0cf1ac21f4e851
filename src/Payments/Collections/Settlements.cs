using Decent.Ledger;
using Decent.Ledger.Books;
using Decent.Payments.Commands;
using Decent.Payments.Contracts;
using Decent.Payments.Facts;
using Decent.Payments.Inbox;
using Decent.Payments.Providers;
using Decent.Payments.Reconciliation;
using Decent.Payments.Refunds;
using Decent.Postgres;

namespace Decent.Payments.Collections;

/// <summary>
/// What facts do: they are stored, all facts of each payment are folded, and the difference between what the fold says
/// and what is booked is booked. Seeing the same fact again makes no difference, so nothing happens.
/// </summary>
internal sealed class Settlements(Rails rails, IFindings findings, RefundOutcomes refunds, Ids ids)
{
    private static readonly TimeSpan FirstFeePoll = TimeSpan.FromSeconds(30);

    /// <summary>Takes facts in, within the caller's command.</summary>
    /// <param name="session">The caller's transaction.</param>
    /// <param name="translation">What a message was found to say.</param>
    /// <param name="source">Which message.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>What became of it, in words.</returns>
    public async Task<string> TakeAsync(
        CommandSession session, Translation translation, string source, CancellationToken cancellationToken)
    {
        foreach (var fault in translation.Faults)
        {
            await findings.RaiseAsync(
                session, new Finding("payment_unreadable", FindingSeverity.Warning, source, fault), cancellationToken);
        }

        await FactStore.UpsertAsync(session, translation.Facts, source, cancellationToken);
        var outcomes = new List<string>();
        foreach (var payment in translation.Facts
                     .Where(f => f.PaymentKey is not null && !IsRefund(f.Kind))
                     .GroupBy(f => (f.Provider, Key: f.PaymentKey!))
                     .OrderBy(g => g.Key.Provider, StringComparer.Ordinal)
                     .ThenBy(g => g.Key.Key, StringComparer.Ordinal))
        {
            var (rail, key) = payment.Key;
            outcomes.Add(await FoldAsync(session, rail, key, [.. payment], cancellationToken));
        }

        foreach (var fact in translation.Facts.Where(f => IsRefund(f.Kind)).OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            outcomes.Add(await refunds.TakeAsync(session, fact, cancellationToken));
        }

        return outcomes.Count == 0 ? translation.Faults.Count == 0 ? "nothing in it for us" : "unreadable"
            : string.Join("; ", outcomes);
    }

    private static bool IsRefund(FactKind kind) =>
        kind is FactKind.RefundPending or FactKind.RefundSucceeded or FactKind.RefundFailed;

    private async Task<string> FoldAsync(
        CommandSession session, string rail, string key, List<ProviderFact> hints, CancellationToken cancellationToken)
    {
        var located = await CollectionStore.LocateAsync(
            session,
            rail,
            key,
            hints.Select(h => h.SessionKey).Max(StringComparer.Ordinal),
            hints.Select(h => h.CollectionRef).Max(),
            hints.Select(h => h.ContractRef).Max(StringComparer.Ordinal),
            cancellationToken);
        if (located is not { } id)
        {
            return await StrangerAsync(session, rail, key, hints, cancellationToken);
        }

        var seen = await CollectionStore.GetAsync(session.Connection, id, session.Transaction, cancellationToken);

        // Contract before collection, here and everywhere.
        var contract = seen?.ContractId is { } contractId
            ? await ContractStore.LockAsync(session, contractId, cancellationToken)
            : null;
        var locked = await CollectionStore.LockAsync(session, id, cancellationToken);
        var collection = Introduce(locked, key, hints, session.Now);
        var keys = new[] { key, collection.ProviderReference ?? key, collection.PaymentReference ?? key };
        var standing = Standing.Of(await FactStore.OfPaymentAsync(session, rail, keys, cancellationToken));
        return await JudgeAsync(session, contract, collection, standing, cancellationToken);
    }

    /// <summary>A collection that learns what its payment is called at the rail.</summary>
    private CollectionRow Introduce(CollectionRow collection, string key, List<ProviderFact> hints, DateTimeOffset now)
    {
        var isPayment = hints.Any(h => h.Kind != FactKind.CheckoutExpired);

        // The rail's word about its own intent may come before its answer to our start; it must be for our price.
        var asked = collection is { ExpectedUnits: null, Token: { } token }
            && hints.Find(h => h.Kind == FactKind.PaymentPending && h.Units > 0 && h.PriceE9s == collection.PriceUnits)
                is { Units: { } units } pending
            && rails.ToMoney(collection.Rail, pending.Unit, units) is { } money && money.Asset.Code == token
                ? money
                : (Money?)null;
        return collection with
        {
            ExpectedAsset = asked?.Asset.Code ?? collection.ExpectedAsset,
            ExpectedUnits = asked?.Units ?? collection.ExpectedUnits,
            State = collection.State == CollectionStates.Starting ? CollectionStates.Open : collection.State,
            OpenedAt = collection.OpenedAt ?? now,
            NextPollAt = collection.NextPollAt ?? (collection.WaitsForMoney ? now : null),
            ProviderReference = collection.ProviderReference
                ?? hints.Select(h => h.SessionKey).Max(StringComparer.Ordinal),
            PaymentReference = collection.PaymentReference ?? (isPayment ? key : null),
        };
    }

    private async Task<string> JudgeAsync(
        CommandSession session,
        ContractRow? contract,
        CollectionRow collection,
        Standing standing,
        CancellationToken cancellationToken)
    {
        if (!standing.HasMoney)
        {
            await CollectionStore.SaveAsync(session, Unpaid(collection, standing), cancellationToken);
            return $"collection {collection.Id} is {Unpaid(collection, standing).State}";
        }

        if (rails.ToMoney(collection.Rail, standing.Unit, standing.Units) is not { } received
            || rails.ToMoney(collection.Rail, standing.Unit, standing.TaxUnits) is not { } tax)
        {
            await RaiseAsync(
                session,
                "payment_unknown",
                $"payment:{collection.Id}",
                $"Received {standing.Units} of '{standing.Unit}' over {collection.Rail}, which is none of our assets.",
                cancellationToken);
            await CollectionStore.SaveAsync(session, collection, cancellationToken);
            return $"collection {collection.Id} received an unknown asset";
        }

        var (row, outcome) = await BookAsync(
            session, contract, collection, new Receipt(standing, received, tax), cancellationToken);
        row = await BookFeeAsync(session, row, standing, cancellationToken);
        await CollectionStore.SaveAsync(session, row, cancellationToken);
        return outcome;
    }

    private static CollectionRow Unpaid(CollectionRow collection, Standing standing)
    {
        var state = !collection.WaitsForMoney ? collection.State : standing.Progress switch
        {
            PaymentProgress.Failed => CollectionStates.Failed,
            PaymentProgress.Expired => CollectionStates.Expired,
            _ => collection.State,
        };
        return collection with
        {
            State = state,
            NextPollAt = state is CollectionStates.Failed or CollectionStates.Expired ? null : collection.NextPollAt,
        };
    }

    private async Task<(CollectionRow Row, string Outcome)> BookAsync(
        CommandSession session,
        ContractRow? contract,
        CollectionRow collection,
        Receipt receipt,
        CancellationToken cancellationToken)
    {
        var (standing, received, tax) = receipt;
        var before = Booked(collection, received.Asset);
        var settledBefore = collection.State == CollectionStates.Settled;
        if (collection.HasBookedMoney && (collection.ReceivedAsset != received.Asset.Code || received < before))
        {
            await RaiseAsync(
                session,
                "payment_unknown",
                $"payment:{collection.Id}",
                $"The rail now states {received} where {before} was booked.",
                cancellationToken);
            return (collection, $"collection {collection.Id} contradicts what is booked");
        }

        // Money that paid a contract stays where it is; only what came on top is judged, and it is too much.
        var price = contract is null ? Money.Zero(received.Asset) : contract.Price(rails.Asset(contract.Currency));
        var decision = settledBefore
            ? new SettlementDecision(
                SettlementVerdict.Overpaid, Money.Zero(received.Asset), received - before, Money.Zero(received.Asset))
            : SettlementRule.Decide(standing, received, tax, Context(contract, collection, price));
        var suspended = settledBefore ? Money.Zero(received.Asset) : before;
        if (received == before && !decision.Applied.IsPositive)
        {
            return (collection, $"collection {collection.Id} is booked");
        }

        var legs = SettlementLegs.Of(collection.Rail, contract?.Id ?? "", price, decision, suspended);
        var what = $"received/{received.ToUnitsText()}/{decision.Verdict}";
        Post(session, collection, what, "collection_settled", standing, legs);
        var applied = settledBefore || decision.Applied.IsPositive;
        var row = collection with
        {
            State = applied ? CollectionStates.Settled : CollectionStates.NotApplied,
            ReceivedAsset = received.Asset.Code,
            ReceivedUnits = received.Units,
            PaymentObject = standing.ObjectId,
            ExpectedAsset = collection.ExpectedAsset ?? (applied ? received.Asset.Code : null),
            ExpectedUnits = collection.ExpectedUnits ?? (applied ? decision.Applied.Units : null),
            Resolution = Names.Of(decision.Verdict),
            SettledAt = collection.SettledAt ?? session.Now,
            NextPollAt = ReportsFees(collection.Rail) && collection.FeeUnits is null
                ? session.Now + FirstFeePoll
                : null,
            Polls = 0,
        };
        if (decision.Applied.IsPositive)
        {
            // The contract's row points at the collection, so the collection must say first that it is paid.
            await CollectionStore.SaveAsync(session, row, cancellationToken);
            await ActivateAsync(session, contract!, row, received, cancellationToken);
        }

        await ReportAsync(session, contract, row, decision, received, cancellationToken);
        return (row, $"collection {collection.Id}: {row.Resolution}");
    }

    private SettlementContext Context(ContractRow? contract, CollectionRow collection, Money price) => new(
        ContractKnown: contract is not null && collection.CreatedByUs,
        AwaitsPayment: contract?.Phase == ContractState.AwaitingPayment,
        Paid: contract is { IsPaid: true } && contract.PaidCollectionId != collection.Id,
        Deadline: contract?.PaymentDeadline ?? DateTimeOffset.MinValue,
        Expected: collection is { ExpectedUnits: { } units, ExpectedAsset: { } asset }
            ? new Money(rails.Asset(asset), units)
            : null,
        Price: contract is null ? null : price,
        Tolerance: 0);

    private static Money Booked(CollectionRow collection, Asset asset) =>
        new(asset, collection.HasBookedMoney ? collection.ReceivedUnits ?? 0 : 0);

    private static async Task ActivateAsync(
        CommandSession session,
        ContractRow contract,
        CollectionRow collection,
        Money received,
        CancellationToken cancellationToken) =>
        await ContractStore.SaveAsync(
            session,
            contract with
            {
                State = ContractState.Active.Name(),
                PaidUnits = contract.PriceUnits,
                PaidCollectionId = collection.Id,
                ActivatedAt = session.Now,

                // Other collections of it must not be paid any more.
                NextCheckAt = session.Now,
            },
            "activated",
            $"Paid with {received} over {collection.Rail}.",
            cancellationToken);

    private async Task<CollectionRow> BookFeeAsync(
        CommandSession session, CollectionRow collection, Standing standing, CancellationToken cancellationToken)
    {
        if (standing.FeeUnits is not { } units || collection.FeeUnits is not null || !collection.HasBookedMoney)
        {
            return collection;
        }

        if (rails.ToMoney(collection.Rail, standing.FeeUnit, units) is not { } fee
            || fee.Asset.Code != collection.ReceivedAsset)
        {
            await RaiseAsync(
                session,
                "rail_fee_foreign",
                $"payment:{collection.Id}",
                $"The rail took a fee of {units} of '{standing.FeeUnit}', which is not what it received.",
                cancellationToken);
            return collection with { NextPollAt = null };
        }

        if (fee.IsPositive)
        {
            Post(
                session,
                collection,
                "fee",
                "rail_fee",
                standing,
                [
                    Leg.Debit(ChartOfAccounts.ExpenseOf(collection.Rail + "-fees"), fee),
                    Leg.Credit(ChartOfAccounts.RailClearingOf(collection.Rail), fee),
                ]);
        }

        return collection with { FeeUnits = fee.Units, NextPollAt = null };
    }

    /// <summary>
    /// Money for no collection of ours: it is booked in suspense, so that the books hold what the rail holds.
    /// </summary>
    private async Task<string> StrangerAsync(
        CommandSession session, string rail, string key, List<ProviderFact> hints, CancellationToken cancellationToken)
    {
        var standing = Standing.Of(await FactStore.OfPaymentAsync(session, rail, [key], cancellationToken));
        if (!standing.HasMoney)
        {
            return $"payment {key} is not ours and brought no money";
        }

        var contractRef = hints.Select(h => h.ContractRef).Max(StringComparer.Ordinal);
        var contract = contractRef is null
            ? null
            : await ContractStore.LockAsync(session, contractRef, cancellationToken);
        if (rails.ToMoney(rail, standing.Unit, standing.Units) is not { } received)
        {
            await RaiseAsync(
                session,
                "payment_unknown",
                $"payment:{rail}:{key}",
                $"{standing.Units} of '{standing.Unit}' came over {rail}, an asset this installation has not.",
                cancellationToken);
            return $"payment {key} brought an unknown asset";
        }

        var row = new CollectionRow
        {
            Id = ids.Next(),
            ContractId = contract?.Id,
            Rail = rail,
            State = CollectionStates.Failed,
            PaymentReference = key,
            CreatedAt = session.Now,
        };
        await CollectionStore.InsertAsync(session, row, cancellationToken);
        var receipt = new Receipt(standing, received, Money.Zero(received.Asset));
        return await JudgeStrangerAsync(session, contract, row, receipt, cancellationToken);
    }

    private async Task<string> JudgeStrangerAsync(
        CommandSession session,
        ContractRow? contract,
        CollectionRow row,
        Receipt receipt,
        CancellationToken cancellationToken)
    {
        // Never applied: nobody of ours agreed with the rail on an amount. The contract only tells what to call it.
        var verdict = contract switch
        {
            null => SettlementVerdict.Unknown,
            { IsPaid: true } => SettlementVerdict.Duplicate,
            { Phase: ContractState.AwaitingPayment } => SettlementVerdict.Unknown,
            _ => SettlementVerdict.Late,
        };
        var none = Money.Zero(receipt.Received.Asset);
        var decision = new SettlementDecision(verdict, none, receipt.Received, none);
        Post(
            session,
            row,
            $"received/{receipt.Received.ToUnitsText()}/{verdict}",
            "collection_settled",
            receipt.Standing,
            SettlementLegs.Of(row.Rail, "", none, decision, none));
        var booked = row with
        {
            State = CollectionStates.NotApplied,
            ReceivedAsset = receipt.Received.Asset.Code,
            ReceivedUnits = receipt.Received.Units,
            PaymentObject = receipt.Standing.ObjectId,
            Resolution = Names.Of(verdict),
            SettledAt = session.Now,
        };
        booked = await BookFeeAsync(session, booked, receipt.Standing, cancellationToken);
        await CollectionStore.SaveAsync(session, booked, cancellationToken);
        await ReportAsync(session, contract, booked, decision, receipt.Received, cancellationToken);
        return $"payment {receipt.Received} booked in suspense: {booked.Resolution}";
    }

    private async Task ReportAsync(
        CommandSession session,
        ContractRow? contract,
        CollectionRow collection,
        SettlementDecision decision,
        Money received,
        CancellationToken cancellationToken)
    {
        var subject = $"payment:{collection.Id}";
        if (decision.Verdict is SettlementVerdict.Applied)
        {
            foreach (var settled in Names.MoneyCodes)
            {
                await findings.ResolveAsync(
                    session, settled, subject, "The payment is complete now.", cancellationToken);
            }
        }

        var code = decision.Verdict is SettlementVerdict.Applied
            ? decision.Tax.IsPositive ? "payment_tax_held" : null
            : "payment_" + Names.Of(decision.Verdict);
        if (code is not null)
        {
            var expected = collection.ExpectedUnits is { } units && collection.ExpectedAsset is { } asset
                ? $"; expected were {new Money(rails.Asset(asset), units)}"
                : "";
            await RaiseAsync(
                session,
                code,
                subject,
                $"{received} came over {collection.Rail} for contract {contract?.Id ?? "unknown"}{expected}; "
                + $"{decision.Excess} lies in {ChartOfAccounts.SuspenseOf(collection.Rail)}.",
                cancellationToken);
        }
    }

    private Task RaiseAsync(
        CommandSession session, string code, string subject, string detail, CancellationToken cancellationToken) =>
        findings.RaiseAsync(session, new Finding(code, FindingSeverity.Warning, subject, detail), cancellationToken);

    private void Post(
        CommandSession session,
        CollectionRow collection,
        string what,
        string reason,
        Standing standing,
        IReadOnlyList<Leg> legs)
    {
        var links = new List<Link> { new("payment", collection.Id.ToString()) };
        if (collection.ContractId is { } contractId)
        {
            links.Add(new Link("contract", contractId));
        }

        if (collection.Token is not null)
        {
            // The rate is the rail's: so many tokens for our price, agreed when the collection was opened.
            links.Add(new Link("rail_rate", $"{collection.Rail}:{collection.ProviderReference}"));
        }

        session.Books.Add(new Posting
        {
            Id = ids.Next(),
            IdempotencyKey = $"collection/{collection.Id}/{what}",
            Reason = reason,
            EffectiveAt = standing.PaidAt ?? session.Now,
            Legs = legs,
            Links = links,
            Authority = PostingAuthority.Fact,
        });
    }

    private bool ReportsFees(string rail) => rails.Find(rail) is { Capabilities.ReportsFees: true };

    private sealed record Receipt(Standing Standing, Money Received, Money Tax);

    /// <summary>Names of verdicts in rows and findings.</summary>
    private static class Names
    {
        public static readonly IReadOnlyList<string> MoneyCodes =
            ["payment_underpaid", "payment_unknown", "payment_asset_mismatch"];

        public static string Of(SettlementVerdict verdict) => verdict switch
        {
            SettlementVerdict.Applied => "applied",
            SettlementVerdict.Overpaid => "overpaid",
            SettlementVerdict.Underpaid => "underpaid",
            SettlementVerdict.Late => "late",
            SettlementVerdict.Duplicate => "duplicate",
            SettlementVerdict.AssetMismatch => "asset_mismatch",
            SettlementVerdict.Unknown => "unknown",
            _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, null),
        };
    }
}
