using System.Numerics;
using Decent.PriceOracle.Aggregation;

namespace Decent.PriceOracle.Tests.Rounds;

/// <summary>
/// The house's own parameters: samples every minute, a window of half an hour, three confirming rounds.
/// </summary>
public sealed class WindowedRoundTests(PricesDatabase fixture) : OracleTests(fixture)
{
    private static readonly (string, string?)[] House =
        [("Oracle:Window", null), ("Oracle:ConfirmRounds", null), ("Oracle:GraceRounds", null)];

    private static readonly BigInteger Usual = Known.Big("2500000000000000000");

    [Fact]
    public async Task A_first_price_needs_a_covered_window_and_three_rounds_and_a_spike_does_not_move_it()
    {
        await using var oracle = Oracle(House);
        await PassAsync(oracle, 15);
        Assert.Equal(PriceState.Bootstrap, (await oracle.Reader.CurrentAsync(Known.Icp, Ct)).State);
        Assert.Contains("too few samples", (await oracle.Reader.CurrentAsync(Known.Icp, Ct)).ReasonInWords,
            StringComparison.Ordinal);
        await PassAsync(oracle, 10);
        Assert.Equal("There never was a good price of ICP. The first price waits for confirmation by further rounds.",
            (await oracle.Reader.CurrentAsync(Known.Icp, Ct)).ReasonInWords);
        await PassAsync(oracle, 10);
        var first = await oracle.Reader.CurrentAsync(Known.Icp, Ct);
        Assert.True(first.UsableForPayout, first.ReasonInWords);

        // Both venues jump for five minutes: the median stays, and a round in which the spot runs away gives no price.
        SetIcp(Usual * 13 / 10);
        await PassAsync(oracle, 5);
        var during = await oracle.Reader.CurrentAsync(Known.Icp, Ct);
        Assert.Equal(first.PriceE18, during.PriceE18);
        Assert.Equal(first.RoundId, during.RoundId);
        var round = (await oracle.History.RoundsAsync(Known.Icp, null, 1, Ct))[0];
        Assert.All(round.Candidates, c => Assert.Equal(ReasonCodes.Moving, c.Code));
        SetIcp(Usual);
        await PassAsync(oracle, 10);
        var after = await oracle.Reader.CurrentAsync(Known.Icp, Ct);
        Assert.Equal(first.PriceE18, after.PriceE18);
        Assert.NotEqual(first.RoundId, after.RoundId);
    }

    [Fact]
    public async Task A_real_move_is_held_until_the_window_and_three_rounds_confirm_it()
    {
        await using var oracle = Oracle(House);
        await PassAsync(oracle, 40);
        SetIcp(Usual * 13 / 10);
        List<string> outcomes = [];
        for (var i = 0; i < 10; i++)
        {
            await PassAsync(oracle, 5);
            outcomes.Add((await oracle.History.RoundsAsync(Known.Icp, null, 1, Ct))[0].Outcome);
        }

        // First the spot runs away from the median, then the window holds both prices, then the step is confirmed.
        Assert.Equal([Outcomes.None, Outcomes.Disagree, Outcomes.PendingStep, Outcomes.Accept], outcomes.Distinct());
        var reading = await oracle.Reader.CurrentAsync(Known.Icp, Ct);
        Assert.Equal(Usual * 13 / 10 / 1_000_000, reading.PriceE18!.Value / 1_000_000);
        var reanchored = (await oracle.History.RoundsAsync(Known.Icp, null, 20, Ct))
            .Count(r => r.Flags.Contains(ReasonCodes.Reanchored));
        Assert.Equal(1, reanchored);
    }

    [Fact]
    public async Task After_a_long_silence_rounds_must_agree_again_and_payouts_wait_for_a_grace()
    {
        await using var oracle = Oracle(House);
        await PassAsync(oracle, 40);
        Assert.True((await oracle.Reader.CurrentAsync(Known.Icp, Ct)).UsableForPayout);
        Time.Advance(TimeSpan.FromHours(5));
        await PassAsync(oracle, 20);
        Assert.Equal(PriceState.Halted, (await oracle.Reader.CurrentAsync(Known.Icp, Ct)).State);
        List<PriceReading> readings = [];
        for (var i = 0; i < 8; i++)
        {
            await PassAsync(oracle, 5);
            readings.Add(await oracle.Reader.CurrentAsync(Known.Icp, Ct));
        }

        var fresh = readings.FindIndex(r => r.State == PriceState.Fresh);
        var usable = readings.FindIndex(r => r.UsableForPayout);
        Assert.InRange(fresh, 0, 3);
        Assert.Equal(fresh + 3, usable);
        Assert.Equal("grace", Assert.Single(readings[fresh].Gate.Conditions, c => !c.Holds).Name);
    }

    [Fact]
    public async Task The_window_survives_a_restart()
    {
        await using (var oracle = Oracle(House))
        {
            await PassAsync(oracle, 28);
        }

        await using (var oracle = Oracle(House))
        {
            await PassAsync(oracle, 7);
            Assert.True((await oracle.Reader.CurrentAsync(Known.Icp, Ct)).UsableForPayout);
        }
    }

    private void SetIcp(BigInteger price)
    {
        Market.IcpSwap(FakeMarket.IcpUsdtPool, Known.Icp, Known.Usdt, price);
        Market.TacoPool(Known.Icp, Known.Usdt, price);
    }

    private async Task PassAsync(Oracle oracle, int minutes)
    {
        for (var i = 0; i < minutes; i++)
        {
            await oracle.Work.RunDueAsync(Ct);
            Time.Advance(TimeSpan.FromMinutes(1));
        }
    }
}
