using Decent.Ledger;
using Decent.Payments.Facts;

namespace Decent.Payments.Tests.Facts;

public sealed class SettlementRuleTests
{
    private static readonly Asset Usd = Asset.Fiat("USD");
    private static readonly Asset Eur = Asset.Fiat("EUR");
    private static readonly DateTimeOffset Deadline = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, string, int, int, string> Table => new()
    {
        // what the rail says, asset, received, minutes before the deadline, books -> verdict
        { "captured", "USD", 100, 1, "awaiting=Applied" },
        { "captured", "USD", 100, 0, "awaiting=Applied" },
        { "captured", "USD", 100, -1, "awaiting=Late" },
        { "captured", "USD", 99, 1, "awaiting=Underpaid" },
        { "captured", "USD", 101, 1, "awaiting=Overpaid" },
        { "captured", "EUR", 100, 1, "awaiting=AssetMismatch" },
        { "captured", "USD", 100, 1, "paid=Duplicate" },
        { "captured", "USD", 99, -1, "paid=Duplicate" },
        { "captured", "USD", 100, 1, "ended=Late" },
        { "captured", "USD", 100, 1, "unknown=Unknown" },
        { "captured", "USD", 0, 1, "awaiting=Nothing" },
        { "mismatched", "USD", 99, 1, "awaiting=Underpaid" },
        { "mismatched", "USD", 101, 1, "awaiting=Overpaid" },
        { "mismatched", "USD", 100, 1, "awaiting=Unknown" },
        { "pending", "USD", 100, 1, "awaiting=Nothing" },
        { "failed", "USD", 100, 1, "awaiting=Nothing" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Money_pays_only_when_status_amount_asset_and_time_match(
        string says, string asset, int units, int minutesBefore, string books)
    {
        var (state, verdict) = (books.Split('=')[0], Enum.Parse<SettlementVerdict>(books.Split('=')[1]));
        var money = new Money(asset == "USD" ? Usd : Eur, units);
        var decision = SettlementRule.Decide(
            Says(says, units, Deadline.AddMinutes(-minutesBefore)), money, Money.Zero(money.Asset), Books(state));
        Assert.Equal(verdict, decision.Verdict);
        Assert.Equal(money.Units, verdict == SettlementVerdict.Nothing ? money.Units : (decision.Applied + decision.Excess).Units);
        var applies = verdict is SettlementVerdict.Applied or SettlementVerdict.Overpaid;
        Assert.Equal(applies ? 100 : 0, decision.Applied.Units);
    }

    [Fact]
    public void Tax_on_top_of_the_price_is_no_overpayment()
    {
        var decision = SettlementRule.Decide(
            Says("captured", 121, Deadline), new Money(Usd, 121), new Money(Usd, 21), Books("awaiting"));
        Assert.Equal(SettlementVerdict.Applied, decision.Verdict);
        Assert.Equal(100, decision.Applied.Units);
        Assert.Equal(21, decision.Excess.Units);
    }

    [Fact]
    public void Without_the_rails_answer_its_own_request_counts_only_at_our_price()
    {
        var books = Books("awaiting") with { Expected = null };
        var paid = Says("captured", 7, Deadline, requested: 7, priceE9s: 100);
        Assert.Equal(
            SettlementVerdict.Applied, SettlementRule.Decide(paid, new Money(Usd, 7), Money.Zero(Usd), books).Verdict);
        var other = Says("captured", 7, Deadline, requested: 7, priceE9s: 99);
        Assert.Equal(
            SettlementVerdict.Unknown, SettlementRule.Decide(other, new Money(Usd, 7), Money.Zero(Usd), books).Verdict);
        Assert.Equal(
            SettlementVerdict.Unknown,
            SettlementRule.Decide(Says("captured", 7, Deadline), new Money(Usd, 7), Money.Zero(Usd), books).Verdict);
    }

    private static Standing Says(
        string what, int units, DateTimeOffset at, Int128? requested = null, Int128? priceE9s = null)
    {
        var kind = what switch
        {
            "captured" => FactKind.PaymentCaptured,
            "mismatched" => FactKind.PaymentMismatched,
            "pending" => FactKind.PaymentPending,
            _ => FactKind.PaymentFailed,
        };
        return Standing.Of(
            [new ProviderFact("x", kind, "k", at) { Units = units, Unit = "u", RequestedUnits = requested, PriceE9s = priceE9s }]);
    }

    private static SettlementContext Books(string state) => new(
        ContractKnown: state != "unknown",
        AwaitsPayment: state == "awaiting",
        Paid: state == "paid",
        Deadline,
        Expected: new Money(Usd, 100),
        Price: new Money(Usd, 100),
        Tolerance: 0);
}
