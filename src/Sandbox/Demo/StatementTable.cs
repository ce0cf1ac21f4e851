using System.Globalization;
using System.Numerics;
using System.Text;
using Decent.Sandbox.Supervision;

namespace Decent.Sandbox.Demo;

/// <summary>The statement for people.</summary>
internal static class StatementTable
{
    /// <summary>The whole statement as text.</summary>
    public static string Of(Statement statement)
    {
        var text = new StringBuilder();
        Section(
            text,
            "Contracts",
            ["contract", "provider", "story", "price", "received", "taken as", "earned", "fee", "refunded", "state"],
            statement.Contracts.Select(c => new[]
            {
                c.Id, c.Provider, c.Story, Show(c.Price), c.Received is null ? "-" : Show(c.Received),
                c.Resolution ?? "-", Show(c.Earned),
                Show(c.PlatformFee), Show(c.Refunded), c.State,
            }));
        Section(text, "Providers", ["provider", "earned", "paid out", "still payable"],
            statement.Providers.Select(p => new[] { p.Id, Show(p.Earned), Show(p.PaidOut), Show(p.Payable) }));
        Section(text, "Payouts", ["provider", "amount", "tokens", "ledger fee", "price", "block", "state"],
            statement.Payouts.Select(p => new[]
            {
                p.Provider, Show(p.Amount), Show(p.Tokens), Show(p.LedgerFee),
                Scaled(BigInteger.Parse(p.PriceUsdE18, CultureInfo.InvariantCulture), 18) + " USD",
                p.Block, p.State,
            }));
        Section(text, "Refunds", ["contract", "rail", "amount", "state"],
            statement.Refunds.Select(r => new[] { r.Contract, r.Rail, Show(r.Amount), r.State }));
        Section(text, "Fees", ["account", "amount"], statement.Fees.Select(f => new[] { f.What, Show(f.Amount) }));
        Section(text, "Treasury", ["token", "on chain", "in the books", "difference"],
            statement.Treasury.Select(t => new[] { t.Asset, Show(t.OnChain), Show(t.Books), Show(t.Difference) }));
        Section(text, "Reconciliation", ["comparison", "result", "books", "other side"],
            statement.Reconciliation.Select(r => new[] { r.Check, r.Result, r.Expected ?? "-", r.Actual ?? "-" }));
        Section(
            text,
            "Open findings",
            ["finding", "severity", "about"],
            statement.Findings.Select(f => new[] { f.Code, f.Severity, f.About }));
        Section(text, "Judgement", ["", "what has to hold"],
            statement.Judgements.Select(
                j => new[] { j.Holds ? "holds" : "FAILS", j.Detail.Length == 0 ? j.What : $"{j.What}: {j.Detail}" }));
        return text.ToString();
    }

    private static void Section(StringBuilder text, string title, string[] head, IEnumerable<string[]> rows)
    {
        string[][] all = [head, .. rows];
        var widths = head.Select((_, column) => all.Max(r => r[column].Length)).ToArray();
        text.AppendLine().AppendLine(title);
        foreach (var row in all)
        {
            text.Append("  ").AppendLine(
                string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    private static string Show(Amount amount)
    {
        var scale = SandboxAssets.Tokens.FirstOrDefault(t => t.Code == amount.Asset)?.Decimals ?? 9;
        return $"{Scaled(amount.Units(), scale)} {amount.Asset}";
    }

    // Exact: every digit that counts is shown, at least two behind the point.
    private static string Scaled(BigInteger units, int scale)
    {
        var digits = BigInteger.Abs(units).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var fraction = digits[^scale..].TrimEnd('0').PadRight(2, '0');
        return $"{(units.Sign < 0 ? "-" : "")}{digits[..^scale]}.{fraction}";
    }
}
