using System.Globalization;
using Decent.Ledger;
using Decent.Ledger.Books;
using Decent.Payments.Transfers;

namespace Decent.Payments.Reconciliation;

/// <summary>A comparison with the finding it leads to when it differs.</summary>
/// <param name="Line">How it ended.</param>
/// <param name="Finding">What to raise when it differs; closed when it agrees.</param>
internal sealed record CheckedLine(ReconciliationLine Line, Finding Finding);

/// <summary>Holds the books against themselves and against the domain's own tables.</summary>
internal sealed class BooksChecks(
    IBooksReader books, ReconciliationFacts facts, AssetRegistry assets, ITokenLedgers ledgers)
{
    private const int Tries = 4;

    /// <summary>All checks, in a fixed order.</summary>
    public async Task<IReadOnlyList<CheckedLine>> RunAsync(CancellationToken cancellationToken)
    {
        var lines = new List<CheckedLine>();
        foreach (var line in await books.TrialBalanceAsync(cancellationToken))
        {
            lines.Add(Compare(
                $"books:trial-balance:{line.Asset.Code}",
                "books_unbalanced",
                $"asset:{line.Asset.Code}",
                line.Debits.Units,
                line.Credits.Units,
                "Debits against credits."));
        }

        lines.Add(await ContractsAsync(cancellationToken));
        lines.Add(await PayablesAsync(cancellationToken));
        foreach (var ledger in ledgers.All)
        {
            lines.Add(await HoldsAsync(ledger, cancellationToken));
        }

        var wrong = await facts.WrongPayoutsAsync(cancellationToken);
        lines.Add(
            List("books:payouts", "payout_sum_wrong", "payouts", wrong, "Payouts against the releases they claim."));
        return lines;
    }

    /// <summary>Two numbers that must be equal.</summary>
    public static CheckedLine Compare(
        string check, string code, string subject, Int128 expected, Int128 actual, string words)
    {
        var agrees = expected == actual;
        var detail = agrees
            ? words
            : FormattableString.Invariant($"{words} {expected} expected, {actual} found.");
        return new CheckedLine(
            new ReconciliationLine(
                check,
                agrees ? ReconciliationResult.Agrees : ReconciliationResult.Differs,
                Text(expected),
                Text(actual),
                null,
                detail),
            new Finding(code, FindingSeverity.Critical, subject, detail));
    }

    /// <summary>Units as text.</summary>
    public static string Text(Int128 units) => units.ToString(CultureInfo.InvariantCulture);

    private static CheckedLine List(
        string check, string code, string subject, IReadOnlyList<string> wrong, string words)
    {
        var detail = wrong.Count == 0 ? words : $"{words} Wrong: {string.Join(", ", wrong)}.";
        return new CheckedLine(
            new ReconciliationLine(
                check,
                wrong.Count == 0 ? ReconciliationResult.Agrees : ReconciliationResult.Differs,
                null,
                null,
                null,
                detail),
            new Finding(code, FindingSeverity.Critical, subject, detail));
    }

    private async Task<CheckedLine> ContractsAsync(CancellationToken cancellationToken)
    {
        var wrong = new List<string>();
        var after = "";
        while (await facts.ContractsAsync(after, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var row in page)
            {
                if (!await AgreesAsync(
                    row,
                    ChartOfAccounts.ContractEscrow(row.Id),
                    async ct => (await facts.ContractsAsync(Before(row.Id), ct)).FirstOrDefault(r => r.Id == row.Id),
                    cancellationToken))
                {
                    wrong.Add(row.Id);
                }
            }

            after = page[^1].Id;
        }

        return List(
            "books:contracts",
            "contract_money_wrong",
            "contracts",
            wrong,
            "Per contract: paid less released, refunded and dust against its escrow.");
    }

    private async Task<CheckedLine> PayablesAsync(CancellationToken cancellationToken)
    {
        var wrong = new List<string>();
        foreach (var row in await facts.PayablesAsync(cancellationToken))
        {
            if (!await AgreesAsync(
                row,
                ChartOfAccounts.PayableTo(row.Id),
                async ct => (await facts.PayablesAsync(ct)).FirstOrDefault(
                    r => r.Id == row.Id && r.Currency == row.Currency),
                cancellationToken))
            {
                wrong.Add(row.Id);
            }
        }

        return List(
            "books:payables",
            "payable_wrong",
            "providers",
            wrong,
            "Per provider: releases less confirmed payouts against what the books owe.");
    }

    private async Task<CheckedLine> HoldsAsync(TokenLedger ledger, CancellationToken cancellationToken)
    {
        var account = ChartOfAccounts.Wallet(ledger.Asset.Code);
        Int128 expected = 0;
        Int128 actual = 0;
        for (var i = 0; i < Tries; i++)
        {
            actual = (await books.BalanceAsync(account, ledger.Asset, cancellationToken)).Held.Units;
            expected = await facts.HoldsAsync(ledger.Asset.Code, cancellationToken);
            if (expected == actual)
            {
                break;
            }
        }

        return Compare(
            $"books:holds:{ledger.Asset.Code}",
            "holds_wrong",
            $"asset:{ledger.Asset.Code}",
            expected,
            actual,
            "Live transfers against holds on the wallet.");
    }

    /// <summary>
    /// The two sides change in one transaction but are read in two, so a difference only counts when it is seen again
    /// with both sides unmoved.
    /// </summary>
    private async Task<bool> AgreesAsync(
        OwedRow row, string account, Func<CancellationToken, Task<OwedRow?>> again, CancellationToken cancellationToken)
    {
        var asset = assets.Get(row.Currency);
        var owed = row;
        for (var i = 0; i < Tries; i++)
        {
            var balance = (await books.BalanceAsync(account, asset, cancellationToken)).Balance.Units;
            if (balance == owed.Units)
            {
                return true;
            }

            owed = await again(cancellationToken) ?? owed;
        }

        return false;
    }

    /// <summary>A text just before an id, so that a page starts with it.</summary>
    private static string Before(string id) => id[..^1];
}
