using Decent.Ledger;
using Decent.Ledger.Books;
using Decent.Payments.Providers;
using Decent.Payments.Transfers;
using Decent.Payments.Treasury;

namespace Decent.Payments.Reconciliation;

/// <summary>Holds the books against the rails and the ledgers.</summary>
internal sealed class RailChecks(
    IEnumerable<IPaymentProvider> providers,
    IBooksReader books,
    ReconciliationFacts facts,
    WalletComparison wallets,
    ITokenLedgers ledgers,
    TreasuryOptions treasury,
    TimeProvider time)
{
    /// <summary>How long a relay and its payment may be apart before a person is told.</summary>
    private static readonly TimeSpan RelayPatience = TimeSpan.FromHours(1);

    private const int Page = 1000;

    /// <summary>All checks, in a fixed order.</summary>
    public async Task<IReadOnlyList<CheckedLine>> RunAsync(CancellationToken cancellationToken)
    {
        var lines = new List<CheckedLine>();
        foreach (var ledger in ledgers.All)
        {
            lines.Add(await ChainAsync(ledger, cancellationToken));
            foreach (var rail in treasury.Relays.Select(static r => r.Rail).Distinct(StringComparer.Ordinal))
            {
                lines.Add(await RelayAsync(rail, ledger.Asset, cancellationToken));
            }
        }

        foreach (var provider in providers.Where(static p => p.Capabilities.ReportsBalance))
        {
            lines.AddRange(await RailAsync(provider, cancellationToken));
        }

        return lines;
    }

    private async Task<CheckedLine> ChainAsync(TokenLedger ledger, CancellationToken cancellationToken)
    {
        var reading = await wallets.ReadAsync(ledger, cancellationToken);
        var inFlight = (reading.InFlightOut - reading.InFlightIn).Units;
        var result = reading.Difference is not { } difference ? ReconciliationResult.Inconclusive
            : difference.IsZero ? ReconciliationResult.Agrees
            : ReconciliationResult.Differs;
        var detail = reading.Why ?? (result == ReconciliationResult.Agrees
            ? "The wallet on chain against the books."
            : $"The ledger shows {reading.OnChain}, {reading.Expected} are expected.");
        return new CheckedLine(
            new ReconciliationLine(
                $"chain:{ledger.Asset.Code}",
                result,
                BooksChecks.Text(reading.Expected.Units),
                reading.OnChain is { } chain ? BooksChecks.Text(chain.Units) : null,
                inFlight == 0 ? null : BooksChecks.Text(inFlight),
                detail),
            new Finding("chain_mismatch", FindingSeverity.Critical, $"asset:{ledger.Asset.Code}", detail));
    }

    private async Task<CheckedLine> RelayAsync(string rail, Asset asset, CancellationToken cancellationToken)
    {
        var account = ChartOfAccounts.RailClearingOf(rail);
        var postings = new List<PostingRecord>();
        long after = 0;
        while (
            await books.PostingsByAccountAsync(account, asset, after, Page, cancellationToken) is { Count: > 0 } page)
        {
            postings.AddRange(page);
            after = page[^1].Sequence;
        }

        var unmatched = RelayMatching.Unmatched(account, asset, postings);
        var now = time.GetUtcNow();
        var sum = unmatched.Aggregate((Int128)0, static (total, e) => total + e.Amount);

        // Several relays may stand for one payment or the other way round; then the sums agree.
        var late = sum == 0 ? [] : unmatched.Where(e => e.At + RelayPatience <= now).ToList();
        var detail = late.Count == 0
            ? "Payments of the rail against money that came for them."
            : FormattableString.Invariant(
                $"{late.Count} stand alone, the oldest of {new Money(asset, late[0].Amount)} since {late[0].At:u}.");
        return new CheckedLine(
            new ReconciliationLine(
                $"relay:{rail}:{asset.Code}",
                late.Count == 0 ? ReconciliationResult.Agrees : ReconciliationResult.Differs,
                "0",
                BooksChecks.Text(sum),
                unmatched.Count == late.Count ? null : BooksChecks.Text(sum),
                detail),
            new Finding("relay_unmatched", FindingSeverity.Critical, $"rail:{rail}:{asset.Code}", detail));
    }

    private async Task<IReadOnlyList<CheckedLine>> RailAsync(
        IPaymentProvider provider, CancellationToken cancellationToken)
    {
        var balance = await provider.BalanceAsync(cancellationToken);
        if (!balance.Known)
        {
            var why = balance.Why ?? "The rail gave no balance.";
            return
            [
                new CheckedLine(
                    new ReconciliationLine(
                        $"rail:{provider.Id}", ReconciliationResult.Inconclusive, null, null, null, why),
                    new Finding("rail_mismatch", FindingSeverity.Critical, $"rail:{provider.Id}", why)),
            ];
        }

        var account = ChartOfAccounts.RailClearingOf(provider.Id);
        var known = balance.Amounts.ToDictionary(static m => m.Asset.Code, StringComparer.Ordinal);
        foreach (var own in await books.BalancesAsync(account, 100, cancellationToken))
        {
            known.TryAdd(own.Balance.Asset.Code, Money.Zero(own.Balance.Asset));
        }

        var lines = new List<CheckedLine>();
        foreach (var actual in known.Values.OrderBy(static m => m.Asset.Code, StringComparer.Ordinal))
        {
            lines.Add(await RailAsync(provider.Id, account, actual, cancellationToken));
        }

        return lines;
    }

    private async Task<CheckedLine> RailAsync(
        string rail, string account, Money actual, CancellationToken cancellationToken)
    {
        var code = actual.Asset.Code;
        var inFlight = await facts.RailAsync(rail, code, cancellationToken);
        var expected = (await books.BalanceAsync(account, actual.Asset, cancellationToken)).Balance;
        var difference = (actual - expected).Units;
        var result = difference == 0 ? ReconciliationResult.Agrees
            : inFlight.Explains(difference) ? ReconciliationResult.Inconclusive
            : ReconciliationResult.Differs;
        var detail = result switch
        {
            ReconciliationResult.Agrees => "The rail's balance against the books.",
            ReconciliationResult.Inconclusive => "The rail's balance differs by no more than what is on its way.",
            _ => $"The rail holds {actual}, the books say {expected}, and nothing on its way explains it.",
        };
        return new CheckedLine(
            new ReconciliationLine(
                $"rail:{rail}:{code}",
                result,
                BooksChecks.Text(expected.Units),
                BooksChecks.Text(actual.Units),
                result == ReconciliationResult.Inconclusive ? BooksChecks.Text(difference) : null,
                detail),
            new Finding("rail_mismatch", FindingSeverity.Critical, $"rail:{rail}:{code}", detail));
    }
}
