using CsCheck;
using Decent.Payments.Facts;
using Decent.Testing;

namespace Decent.Payments.Tests.Facts;

public sealed class StandingTests
{
    private static readonly DateTimeOffset Start = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<ProviderFact> AnyFact = Gen.Select(
        Gen.Enum<FactKind>(), Gen.Int[0, 1000], Gen.OneOf(Gen.Const("usd"), Gen.Const("usd"), Gen.Const("usd"), Gen.Const("eur")), Gen.Int[0, 500], Gen.Bool,
        (kind, units, unit, second, fee) => new ProviderFact("stripe", kind, "pi_1", Start.AddSeconds(second))
        {
            PaymentKey = "pi_1",
            Units = units,
            Unit = unit,
            RequestedUnits = fee ? units + 1 : null,
            FeeUnits = fee ? units / 10 : null,
            PriceE9s = fee ? units : null,
        });

    [Fact]
    public void Neither_order_nor_repetition_of_facts_changes_what_they_say()
    {
        Gen.Select(AnyFact.Array[0, 8], Gen.Int).Sample(
            (facts, seed) =>
            {
                var random = new Random(seed);
                var again = facts.Concat(facts.Where(_ => random.Next(2) == 0)).ToArray();
                random.Shuffle(again);
                return Standing.Of(facts) == Standing.Of(again);
            },
            iter: Deep.Count(3000));
    }

    [Fact]
    public void Money_is_stronger_evidence_than_any_failure()
    {
        ProviderFact[] facts =
        [
            Fact(FactKind.PaymentCaptured, 100), Fact(FactKind.PaymentFailed, null), Fact(FactKind.PaymentPending, 100),
            Fact(FactKind.CheckoutExpired, null), Fact(FactKind.PaymentCanceled, null),
        ];
        var standing = Standing.Of(facts);
        Assert.Equal(PaymentProgress.Captured, standing.Progress);
        Assert.Equal(100, standing.Units);
    }

    [Fact]
    public void Money_in_two_currencies_under_one_payment_is_a_contradiction()
    {
        var standing = Standing.Of(
            [Fact(FactKind.PaymentCaptured, 100), Fact(FactKind.PaymentCaptured, 100) with { Unit = "eur" }]);
        Assert.True(standing.Contradicts);
    }

    private static ProviderFact Fact(FactKind kind, Int128? units) =>
        new("stripe", kind, "pi_1", Start) { PaymentKey = "pi_1", Units = units, Unit = "usd" };
}
