using System.Numerics;
using System.Text.Json.Nodes;
using Decent.Sandbox.Supervision;

namespace Decent.Sandbox.Demo;

/// <summary>Says whether a day came out as it had to; payouts are judged from the replica's blocks, not from our
/// books.</summary>
internal sealed class Judge(DemoWorld world, Statement statement, bool agrees)
{
    private static readonly string[] ExpectedFindings = ["payment_late", "payment_underpaid"];

    /// <summary>Every judgement.</summary>
    public async Task<IReadOnlyList<Judgement>> JudgeAsync(CancellationToken cancellationToken) =>
    [
        BooksBalance(),
        EveryComparisonAgrees(),
        ChainEqualsBooks(),
        EveryContractEndsAsPlanned(),
        MoneyOfContractsAddsUp(),
        ProvidersGotWhatTheyEarned(),
        RefundIsThrough(),
        OnlyExpectedFindings(),
        await EachPayoutIsOneBlockAsync(cancellationToken),
    ];

    private Judgement BooksBalance() => Of(
        "debits equal credits for every asset",
        statement.Books.Count > 0 && statement.Books.All(b => b.Balanced && b.Debits == b.Credits),
        () => string.Join("; ", statement.Books.Select(b => $"{b.Asset} {b.Debits}/{b.Credits}")));

    private Judgement EveryComparisonAgrees() => Of(
        "rails, chain and books agree in the reconciliation run",
        agrees && statement.Reconciliation.Count > 0 && statement.Reconciliation.All(l => l.Result == "agrees"),
        () =>
            string.Join(
                "; ", statement.Reconciliation.Where(l => l.Result != "agrees").Select(l => $"{l.Check} {l.Result}")));

    private Judgement ChainEqualsBooks() => Of(
        "every token's balance on chain equals the books",
        statement.Treasury.Count == SandboxAssets.Tokens.Count
            && statement.Treasury.All(t => t.OnChain == t.Books && t.Difference.Units().IsZero),
        () => string.Join("; ", statement.Treasury.Select(t => $"{t.Asset} {t.OnChain.Count}/{t.Books.Count}")));

    private Judgement EveryContractEndsAsPlanned() => Of(
        "every payment was taken for what it was, every contract ended as it had to",
        statement.Contracts.Zip(MarketplaceDay.Contracts).All(
            p => p.First.Resolution == p.Second.Resolution && p.First.State == p.Second.Ends),
        () => string.Join("; ", statement.Contracts.Select(c => $"{c.Id} {c.Resolution} {c.State}")));

    private Judgement MoneyOfContractsAddsUp() => Of(
        "what was paid for a contract was earned, refunded or is dust; nothing stays in escrow",
        statement.Contracts.All(c =>
            c.Paid.Units() == c.Earned.Units() + c.Refunded.Units() + c.Dust.Units() && c.InEscrow.Units().IsZero
            && c.Paid.Units() == (c.Resolution == "applied" ? c.Price.Units() : BigInteger.Zero)),
        () =>
            string.Join(
                "; ",
                statement.Contracts.Select(
                    c => $"{c.Id} {c.Paid.Count}={c.Earned.Count}+{c.Refunded.Count}+{c.Dust.Count}")));

    private Judgement ProvidersGotWhatTheyEarned() => Of(
        "providers were paid exactly what they earned",
        statement.Providers.All(p => p.Earned == p.PaidOut && p.Payable.Units().IsZero && p.PaidOut.Units() > 0)
            && statement.Payouts.All(p => p.State == "confirmed"),
        () =>
            string.Join(
                "; ", statement.Providers.Select(p => $"{p.Id} earned {p.Earned.Count} paid {p.PaidOut.Count}")));

    private Judgement RefundIsThrough() => Of(
        "the cancelled contract has one refund and it went through",
        statement.Refunds.Count == 1 && statement.Refunds[0].State == "succeeded"
            && statement.Refunds[0].Amount == statement.Contracts[3].Refunded
                && statement.Refunds[0].Amount.Units() > 0,
        () => string.Join("; ", statement.Refunds.Select(r => $"{r.Contract} {r.State} {r.Amount.Count}")));

    private Judgement OnlyExpectedFindings() => Of(
        "open findings are those of the underpaid and the late payment, none other",
        statement.Findings.Select(f => f.Code)
            .Order(StringComparer.Ordinal)
            .SequenceEqual(ExpectedFindings, StringComparer.Ordinal),
        () => string.Join("; ", statement.Findings.Select(f => $"{f.Code} {f.About}")));

    private async Task<Judgement> EachPayoutIsOneBlockAsync(CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        foreach (var group in statement.Payouts.GroupBy(p => p.Tokens.Asset, StringComparer.Ordinal))
        {
            var token = SandboxAssets.Tokens.First(t => t.Code == group.Key);
            var sent = (await world.Replica.BlocksAsync(token.Canister, cancellationToken))
                .Where(IsOurTransfer)
                .ToArray();
            var expected = group.Select(p => (p.Block, p.Account, p.Tokens.Count)).Order();
            var found = sent.Select(b => (b!.Text("index"), b!.Text("to"), b!.Text("amount"))).Order();
            if (!expected.SequenceEqual(found))
            {
                faults.Add($"{group.Key}: books {string.Join(' ', expected)}, chain {string.Join(' ', found)}");
            }
        }

        return Of(
            "the chain shows every payout as exactly one block and no other debit",
            faults.Count == 0,
            () => string.Join("; ", faults));
    }

    private bool IsOurTransfer(JsonNode? block) => block!.TextOrNull("from") == world.Wallet;

    private static Judgement Of(string what, bool holds, Func<string> detail) =>
        new(what, holds, holds ? "" : detail());
}
