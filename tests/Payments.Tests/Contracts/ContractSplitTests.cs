using CsCheck;
using Decent.Ledger;
using Decent.Payments.Contracts;
using Decent.Testing;

namespace Decent.Payments.Tests.Contracts;

public sealed class ContractSplitTests
{
    private static readonly Asset Usd = Asset.Fiat("USD");
    private static readonly DateTimeOffset Start = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<(ServiceWindow Window, Money Paid)> AnyContract = Gen.Select(
        Gen.Long[1, long.MaxValue], Gen.Long[1, TimeSpan.FromDays(3660).Ticks / 10],
        (paid, micros) => (new ServiceWindow(Start, Start.AddTicks(micros * 10)), new Money(Usd, paid)));

    [Fact]
    public void The_worked_example_of_thirty_dollars_over_thirty_days()
    {
        var window = new ServiceWindow(Start, Start.AddHours(720));
        var paid = new Money(Usd, 30_000_000_000);
        Assert.Equal(1_000_000_000, window.Earned(paid, Start.AddHours(24)).Units);
        Assert.Equal(1_041_666_666, window.Earned(paid, Start.AddHours(25)).Units);
        var second = ContractSplit.Next(
            window, paid, new Money(Usd, 1_000_000_000), Money.Zero(Usd), Start.AddHours(25), 0);
        Assert.Equal(41_666_666, second.Gross.Units);

        var earned = window.Earned(paid, Start.AddHours(100.5));
        Assert.Equal(4_187_500_000, earned.Units);
        var share = ContractSplit.InMinorUnits(paid - earned)!.Value;
        Assert.Equal(2581, share.RailUnits);
        Assert.Equal(25_810_000_000, share.Refund.Units);
        Assert.Equal(2_500_000, share.Dust.Units);
    }

    [Fact]
    public void What_is_earned_only_grows_from_nothing_to_everything()
    {
        Gen.Select(AnyContract, Gen.Double[-0.5, 1.5], Gen.Double[-0.5, 1.5]).Sample(
            (contract, first, second) =>
            {
                var (window, paid) = contract;
                var a = window.Earned(paid, At(window, Math.Min(first, second)));
                var b = window.Earned(paid, At(window, Math.Max(first, second)));
                return a <= b && a.Units >= 0 && b <= paid
                    && window.Earned(paid, window.Start).IsZero
                    && window.Earned(paid, window.End) == paid;
            },
            iter: Deep.Count(2000));
    }

    [Fact]
    public void Slices_of_any_cut_sum_exactly_to_the_price_and_fees_to_their_share()
    {
        Gen.Select(AnyContract, Gen.Double[0, 1].Array[0, 20], Gen.Int[0, 10_000]).Sample(
            (contract, cuts, bps) =>
            {
                var (window, paid) = contract;
                var released = Money.Zero(Usd);
                var fees = Money.Zero(Usd);
                foreach (var at in cuts.Order().Select(c => At(window, c)).Append(window.End))
                {
                    var slice = ContractSplit.Next(window, paid, released, fees, at, bps);
                    if (slice.Gross.Units < 0 || slice.Fee.Units < 0 || slice.Net.Units < 0)
                    {
                        return false;
                    }

                    released += slice.Gross;
                    fees += slice.Fee;
                }

                return released == paid && fees == paid.FloorShare(bps, 10_000);
            },
            iter: Deep.Count(1000));
    }

    [Fact]
    public void Cancelled_at_any_moment_earned_refund_and_dust_sum_to_what_was_paid()
    {
        Gen.Select(Gen.Long[1, 99_999_999], Gen.Double[-0.2, 1.2]).Sample(
            (cents, at) =>
            {
                var window = new ServiceWindow(Start, Start.AddHours(719));
                var paid = new Money(Usd, (Int128)cents * 10_000_000);
                var earned = window.Earned(paid, At(window, at));
                var share = ContractSplit.InMinorUnits(paid - earned)!.Value;
                return earned + share.Refund + share.Dust == paid
                    && share.Refund.Units >= 0 && share.Dust.Units >= 0 && share.Dust.Units < 10_000_000
                    && share.RailUnits * 10_000_000 == share.Refund.Units;
            },
            iter: Deep.Count(2000));
    }

    [Fact]
    public void A_token_refund_never_gives_back_more_than_its_part_of_what_was_paid()
    {
        Gen.Select(Gen.Long[1, long.MaxValue], Gen.Long[1, long.MaxValue], Gen.Double[0, 1]).Sample(
            (units, tokens, at) =>
            {
                var window = new ServiceWindow(Start, Start.AddHours(719));
                var paid = new Money(Usd, units);
                var unearned = paid - window.Earned(paid, At(window, at));
                var share = ContractSplit.InTokens(unearned, paid, tokens);
                return share.Refund + share.Dust == unearned
                    && share.RailUnits >= 0 && share.RailUnits <= tokens
                    && (System.Numerics.BigInteger)share.RailUnits * units
                        <= (System.Numerics.BigInteger)unearned.Units * tokens
                    && (share.RailUnits == 0) == share.Refund.IsZero;
            },
            iter: Deep.Count(2000));
    }

    private static DateTimeOffset At(ServiceWindow window, double part) =>
        window.Start.AddTicks((long)((window.End - window.Start).Ticks * part));
}
