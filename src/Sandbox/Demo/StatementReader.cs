using System.Numerics;
using System.Text.Json.Nodes;
using Decent.Sandbox.Supervision;

namespace Decent.Sandbox.Demo;

/// <summary>Reads the statement through the public API after a reconciliation run.</summary>
internal sealed class StatementReader(DemoWorld world, MarketplaceDay day, DemoOptions options)
{
    /// <summary>Runs the reconciliation, reads everything and judges it.</summary>
    /// <param name="reading">Distinguishes several readings of one day.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<Statement> ReadAsync(string reading, CancellationToken cancellationToken)
    {
        await world.SettleAsync(cancellationToken);
        var run = await world.Treasurer.PostAsync(
            "/api/v1/reconciliation/runs", new JsonObject(), $"{options.Name}-reconcile-{reading}", cancellationToken);
        var contracts = new List<ContractLine>();
        foreach (var contract in MarketplaceDay.Contracts)
        {
            contracts.Add(await ContractAsync(contract, cancellationToken));
        }

        var payouts = new List<PayoutLine>();
        foreach (var id in day.Payouts)
        {
            payouts.Add(Payout(await world.Treasurer.GetAsync($"/api/v1/payouts/{id}", cancellationToken)));
        }

        var statement = new Statement(
            contracts,
            await ProvidersAsync(contracts, payouts, cancellationToken),
            payouts,
            await RefundsAsync(cancellationToken),
            await FeesAsync(cancellationToken),
            await TreasuryAsync(cancellationToken),
            [.. run.Items("lines").Select(l => new ComparisonLine(
                l.Text("check"), l.Text("result"), l.TextOrNull("expected"), l.TextOrNull("actual")))],
            await FindingsAsync(cancellationToken),
            await BooksAsync(cancellationToken),
            []);
        var judge = new Judge(world, statement, run.Text("agrees") == "true");
        return statement with { Judgements = await judge.JudgeAsync(cancellationToken) };
    }

    private async Task<ContractLine> ContractAsync(PlannedContract plan, CancellationToken cancellationToken)
    {
        var id = day.Id(plan);
        var settlement = await world.Treasurer.GetAsync($"/api/v1/contracts/{id}/settlement", cancellationToken);
        var payment = settlement.Items("collections")[0];
        return new ContractLine(
            id, plan.Story, plan.Provider, plan.Rail, settlement.Text("state"), Money(settlement, "price"),
            MoneyOrNull(payment, "received"),
            payment.TextOrNull("resolution"), Money(settlement, "paid"), Money(settlement, "released"),
            Money(settlement, "fees"),
            Money(settlement, "refunded"), Money(settlement, "dust"), Money(settlement, "remaining"));
    }

    private async Task<List<ProviderLine>> ProvidersAsync(
        List<ContractLine> contracts, List<PayoutLine> payouts, CancellationToken cancellationToken)
    {
        var lines = new List<ProviderLine>();
        foreach (var provider in new[] { MarketplaceDay.Alpine, MarketplaceDay.Boreal })
        {
            var own = contracts.Where(c => c.Provider == provider).ToArray();
            var earned = Sum(own.Select(c => c.Earned)) - Sum(own.Select(c => c.PlatformFee));
            var paid = Sum(payouts.Where(p => p.Provider == provider && p.State == "confirmed").Select(p => p.Amount));
            var balance = await world.Treasurer.GetAsync($"/api/v1/providers/{provider}/balance", cancellationToken);
            lines.Add(new ProviderLine(
                provider, Usd(earned), Usd(paid),
                Money(balance.Items("balances").First(b => b.Text("asset") == SandboxAssets.Fiat), "payable")));
        }

        return lines;
    }

    private static PayoutLine Payout(JsonNode detail)
    {
        var payout = detail.At("payout")!;
        return new PayoutLine(
            payout.Text("providerId"), payout.Text("state"), Money(payout, "amount"), Money(payout, "tokens"),
            Money(payout, "fee"),
            payout.Text("priceE18"), payout.Text("block"), payout.Text("account"));
    }

    private async Task<List<RefundLine>> RefundsAsync(CancellationToken cancellationToken)
    {
        var refunds = await world.Treasurer.GetAsync("/api/v1/refunds", cancellationToken);
        return
        [
            .. refunds.Items()
                .Where(r => r.Text("contractId").StartsWith(options.Name + "-", StringComparison.Ordinal))
                .Select(r => new RefundLine(r.Text("contractId"), r.Text("rail"), r.Text("state"), Money(r, "amount"))),
        ];
    }

    private async Task<List<FeeLine>> FeesAsync(CancellationToken cancellationToken)
    {
        var accounts = await world.Treasurer.GetAsync("/api/v1/books/accounts?prefix=platform/", cancellationToken);
        return
        [
            .. accounts.Items()
                .Where(a => a.Text("account") is "platform/fees"
                    or "platform/expense/stripe-fees"
                    or "platform/expense/ledger-fees")
                .Select(a => new FeeLine(a.Text("account"), Money(a, "balance")))
                .OrderBy(f => f.What, StringComparer.Ordinal)
                .ThenBy(f => f.Amount.Asset, StringComparer.Ordinal),
        ];
    }

    private async Task<List<TreasuryLine>> TreasuryAsync(CancellationToken cancellationToken)
    {
        var treasury = await world.Treasurer.GetAsync("/api/v1/treasury", cancellationToken);
        return
        [
            .. treasury.Items("tokens").Select(t => new TreasuryLine(
                t.Text("asset"), Money(t, "onChain"), Money(t, "books"), Money(t, "difference"))),
        ];
    }

    private async Task<List<BooksLine>> BooksAsync(CancellationToken cancellationToken)
    {
        var books = await world.Treasurer.GetAsync("/api/v1/books/trial-balance", cancellationToken);
        return
        [
            .. books.Items().Select(b => new BooksLine(
                b.Text("asset"), b.Text("debits.amount"), b.Text("credits.amount"), b.Text("balanced") == "true")),
        ];
    }

    private async Task<List<FindingLine>> FindingsAsync(CancellationToken cancellationToken)
    {
        var findings = await world.Treasurer.GetAsync("/api/v1/reconciliation/findings?state=open", cancellationToken);
        var names = await PaymentNamesAsync(cancellationToken);
        return
        [
            .. findings.Items()
                .Select(f => new FindingLine(f.Text("code"), f.Text("severity"), Named(f.Text("subject"), names)))
                .OrderBy(f => f.Code, StringComparer.Ordinal)
                .ThenBy(f => f.About, StringComparer.Ordinal),
        ];
    }

    // Subjects carry ids that differ from day to day; the statement names the contract instead.
    private async Task<List<(string Id, string Contract)>> PaymentNamesAsync(CancellationToken cancellationToken)
    {
        var names = new List<(string, string)>();
        foreach (var plan in MarketplaceDay.Contracts)
        {
            var payments = await world.Treasurer.GetAsync(
                $"/api/v1/payments?contractId={day.Id(plan)}", cancellationToken);
            foreach (var payment in payments.Items())
            {
                foreach (var field in new[] { "id", "providerReference", "paymentReference", "contractId" })
                {
                    if (payment.TextOrNull(field) is { Length: > 0 } text)
                    {
                        names.Add((text, day.Id(plan)));
                    }
                }
            }
        }

        return names;
    }

    private static string Named(string subject, List<(string Id, string Contract)> names) =>
        names.FirstOrDefault(n => subject.Contains(n.Id, StringComparison.Ordinal)).Contract ?? subject;

    private static Amount Money(JsonNode node, string path) =>
        new(node.Text(path + ".amount"), node.Text(path + ".asset"));

    private static Amount? MoneyOrNull(JsonNode node, string path) => node.At(path) is null ? null : Money(node, path);

    private static Amount Usd(BigInteger units) =>
        new(units.ToString(System.Globalization.CultureInfo.InvariantCulture), SandboxAssets.Fiat);

    private static BigInteger Sum(IEnumerable<Amount> amounts) =>
        amounts.Aggregate(BigInteger.Zero, (sum, a) => sum + a.Units());
}
