using System.Globalization;
using System.Text.Json;
using Decent.Candid;
using Decent.Ledger;
using Decent.Payments.Facts;
using Decent.Payments.Providers;
using Decent.Payments.Providers.ICPay;
using Decent.Payments.Providers.Stripe;
using Decent.Testing;

namespace Decent.Payments.Tests.Providers;

/// <summary>The published deliveries of both rails: facts and the decision on money.</summary>
public sealed class PublishedEventsTests
{
    private static readonly Dictionary<string, FactKind> Kinds = new()
    {
        ["payment.pending"] = FactKind.PaymentPending,
        ["payment.attempt_failed"] = FactKind.PaymentAttemptFailed,
        ["payment.failed"] = FactKind.PaymentFailed,
        ["payment.canceled"] = FactKind.PaymentCanceled,
        ["payment.mismatched"] = FactKind.PaymentMismatched,
        ["payment.captured"] = FactKind.PaymentCaptured,
        ["checkout.expired"] = FactKind.CheckoutExpired,
        ["refund.pending"] = FactKind.RefundPending,
        ["refund.succeeded"] = FactKind.RefundSucceeded,
        ["refund.failed"] = FactKind.RefundFailed,
    };

    [Fact]
    public void Stripe_events_give_the_published_facts()
    {
        var known = 0;
        foreach (var c in Cases("stripe-events.json"))
        {
            var facts = new StripeFacts(Live(c)).Translate(Body(c)).Facts;
            known += Compare(c, facts, "amount_minor", "currency");
        }

        Assert.True(known >= 14, $"{known} cases had facts of a known kind");
    }

    [Fact]
    public void ICPay_events_give_the_published_facts()
    {
        var known = 0;
        foreach (var c in Cases("icpay-events.json"))
        {
            var translation = new ICPayFacts("42").Translate(Body(c));
            known += Compare(c, translation.Facts, "amount_base", "ledger");
            Assert.Equal(
                c.GetProperty("expect").GetProperty("resolution").GetString() == "exception:invalid_amount",
                translation.Faults.Count > 0);
        }

        Assert.True(known >= 17, $"{known} cases had facts of a known kind");
    }

    [Fact]
    public void ICPay_money_is_judged_as_published()
    {
        var judged = 0;
        foreach (var c in Cases("icpay-events.json"))
        {
            var facts = new ICPayFacts("42").Translate(Body(c)).Facts;
            var standing = Standing.Of(facts);
            if (!standing.HasMoney)
            {
                continue;
            }

            var asset = Token(standing.Unit, c);
            var contract = Context(c);
            var context = new SettlementContext(
                ContractKnown: contract is not null,
                AwaitsPayment: contract?.GetProperty("state").GetString() == "awaiting_payment",
                Paid: contract?.GetProperty("state").GetString() == "paid",
                Deadline: contract is { } k ? DateTimeOffset.FromUnixTimeSeconds(k.GetProperty("payment_deadline").GetInt64()) : default,
                Expected: contract is { } e ? new Money(Token(e.GetProperty("ledger").GetString()!, c), Whole(e, "amount_base")) : null,
                Price: contract is { } p ? new Money(Asset.Fiat("USD"), p.GetProperty("amount_usd").GetInt64() * 1_000_000_000) : null,
                Tolerance: contract is { } t ? Whole(t, "underpay_tolerance_base") : 0);
            var decision = SettlementRule.Decide(standing, new Money(asset, standing.Units), Money.Zero(asset), context);
            Assert.True(
                Expected(c) == decision.Verdict,
                $"{c.GetProperty("id").GetString()}: {decision.Verdict}, expected {Expected(c)}");
            judged++;
        }

        Assert.True(judged >= 11, $"{judged} cases brought money");
    }

    [Fact]
    public void Stripe_money_is_judged_as_published()
    {
        var judged = 0;
        foreach (var c in Cases("stripe-events.json"))
        {
            var standing = Standing.Of(new StripeFacts(Live(c)).Translate(Body(c)).Facts);
            if (!standing.HasMoney || c.GetProperty("expect").GetProperty("facts")[0].TryGetProperty("purpose", out _))
            {
                continue;
            }

            var contract = Context(c);
            var received = Fiat(standing.Unit, standing.Units);
            var price = contract is { } p ? Fiat(p.GetProperty("currency").GetString()!, p.GetProperty("amount_minor").GetInt64()) : (Money?)null;
            var context = new SettlementContext(
                ContractKnown: contract is not null,
                AwaitsPayment: contract?.GetProperty("state").GetString() == "awaiting_payment",
                Paid: contract?.GetProperty("state").GetString() is "paid" or "active",
                Deadline: contract is { } k ? DateTimeOffset.FromUnixTimeSeconds(k.GetProperty("payment_deadline").GetInt64()) : default,
                Expected: price,
                Price: price,
                Tolerance: 0);
            var decision = SettlementRule.Decide(standing, received, Fiat(standing.Unit, standing.TaxUnits), context);
            Assert.True(
                Expected(c) == decision.Verdict,
                $"{c.GetProperty("id").GetString()}: {decision.Verdict}, expected {Expected(c)}");
            judged++;
        }

        Assert.True(judged >= 8, $"{judged} cases brought money");
    }

    [Fact]
    public void A_payment_of_another_account_at_ICPay_is_not_ours()
    {
        var completed = Cases("icpay-events.json").First(c => c.GetProperty("id").GetString() == "icpay-ev-completed");
        Assert.Single(new ICPayFacts("42").Translate(Body(completed)).Facts);
        Assert.Empty(new ICPayFacts("43").Translate(Body(completed)).Facts);
    }

    private static bool? Live(JsonElement c) =>
        c.GetProperty("context").TryGetProperty("service_livemode", out var live) ? live.GetBoolean() : null;

    private static SettlementVerdict Expected(JsonElement c) => c.GetProperty("expect").GetProperty("resolution").GetString() switch
    {
        "apply" => SettlementVerdict.Applied,
        "duplicate" => SettlementVerdict.Duplicate,
        "exception:underpaid" or "exception:amount_mismatch_under" => SettlementVerdict.Underpaid,
        "exception:overpaid" or "exception:amount_mismatch_over" => SettlementVerdict.Overpaid,
        "exception:late_payment" => SettlementVerdict.Late,
        "exception:duplicate_payment" => SettlementVerdict.Duplicate,
        "exception:unknown_contract" => SettlementVerdict.Unknown,
        "exception:currency_mismatch" or "exception:wrong_ledger" => SettlementVerdict.AssetMismatch,
        var other => throw new InvalidOperationException($"{c.GetProperty("id").GetString()}: {other}"),
    };

    private static int Compare(JsonElement c, IReadOnlyList<ProviderFact> facts, string amountName, string unitName)
    {
        var compared = 0;
        var id = c.GetProperty("id").GetString();
        var expected = c.GetProperty("expect").GetProperty("facts").EnumerateArray()
            .Where(f => Kinds.ContainsKey(f.GetProperty("kind").GetString()!)).ToList();
        Assert.True(expected.Count == facts.Count(f => f.Kind != FactKind.PaymentFee), $"{id}: {facts.Count} facts");
        foreach (var e in expected)
        {
            var fact = facts.Single(f => f.Kind == Kinds[e.GetProperty("kind").GetString()!]);
            Same(id, e, "key", fact.Key);
            Same(id, e, "payment_key", fact.PaymentKey);

            // Without a reference in the message the stored intent names the contract; that is the locator's work.
            if (id != "icpay-ev-no-reference")
            {
                Same(id, e, "contract_id", fact.ContractRef);
            }

            Same(id, e, amountName, fact.Units?.ToString(CultureInfo.InvariantCulture));
            Same(id, e, unitName, fact.Unit);
            Same(id, e, "payment_id", fact.ObjectId);
            Same(id, e, "requested_base", fact.RequestedUnits?.ToString(CultureInfo.InvariantCulture));
            Same(id, e, "code", fact.Detail);
            Same(id, e, "tax_minor", fact.TaxUnits?.ToString(CultureInfo.InvariantCulture));
            compared++;
        }

        return compared;
    }

    private static void Same(string? id, JsonElement expected, string name, string? actual)
    {
        // Checkout expiry has no payment key of its own; the published fact names none.
        if (expected.TryGetProperty(name, out var value))
        {
            var text = value.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.String => value.GetString(),
                _ => value.GetRawText(),
            };
            Assert.True(text == actual, $"{id}: {name} is {actual}, expected {text}");
        }
    }

    private static Asset Token(string ledger, JsonElement c) =>
        Principal.TryParse(ledger, out var canister) && canister is not null
            ? Asset.Token(ledger, 8, canister)
            : new Asset(ledger, 18, AssetKind.Token, null);

    private static Money Fiat(string currency, Int128 minor) =>
        new(Asset.Fiat(currency.ToUpperInvariant()), MinorUnits.ToUnits(minor, currency.ToUpperInvariant())!.Value);

    private static Int128 Whole(JsonElement e, string name) =>
        Int128.Parse(e.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    private static JsonElement? Context(JsonElement c) =>
        c.TryGetProperty("context", out var context)
        && context.TryGetProperty("contract", out var contract)
        && contract.ValueKind == JsonValueKind.Object
            ? contract
            : null;

    private static JsonElement Body(JsonElement c)
    {
        using var body = JsonDocument.Parse(c.GetProperty("body").GetString()!);
        return body.RootElement.Clone();
    }

    private static List<JsonElement> Cases(string name)
    {
        using var vectors = JsonDocument.Parse(Vectors.Text(name));
        return [.. vectors.RootElement.GetProperty("cases").EnumerateArray().Select(c => c.Clone())];
    }
}
