using System.Numerics;
using CsCheck;
using Decent.PriceOracle.Aggregation;
using Decent.Testing;

namespace Decent.PriceOracle.Tests.Aggregation;

public sealed class SampleWindowTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(30);
    private static readonly BigInteger Price = Known.Big("20000000000000000");

    [Fact]
    public void A_spike_shorter_than_half_of_the_window_does_not_move_the_median() =>
        Gen.Select(Gen.Int[0, 14], Gen.Int[0, 15], Gen.Int[1, 1_000]).Sample(
            (length, start, factor) =>
            {
                var samples = Minutes(30, i => i >= start && i < start + length ? Price * factor : Price);
                return Candidate(samples).TwmE18 == Price;
            },
            iter: Deep.Count(1_000));

    [Fact]
    public void A_move_that_lasts_longer_than_half_of_the_window_is_the_median() =>
        Assert.Equal(Price * 2, Candidate(Minutes(30, i => i >= 14 ? Price * 2 : Price)).TwmE18);

    [Fact]
    public void A_full_window_is_covered_and_a_hole_is_not()
    {
        // The first of thirty samples a minute apart came half a minute after the window opened.
        Assert.Equal(9_833, Candidate(Minutes(30, _ => Price)).CoverageBps);

        // Three samples stand for two intervals each at most, the last for one.
        var sparse = Candidate([Good(-25, Price), Good(-15, Price), Good(-1, Price)]);
        Assert.Equal(5 * 10_000 / 30, sparse.CoverageBps);
        Assert.Equal(ReasonCodes.Coverage,
            Screening.Fault(sparse with { TvlUsdE6 = 500_000_000 }, Known.Start, new AggregationLimits()));
    }

    [Fact]
    public void A_transient_fault_leaves_the_older_samples_and_a_fault_of_the_pool_does_not()
    {
        var samples = Minutes(30, _ => Price);
        samples[^1] = samples[^1] with { Code = ReasonCodes.Timeout, PriceE18 = null };
        var candidate = Candidate(samples);
        Assert.Null(candidate.Error);
        Assert.Equal(samples[^2].At, candidate.ObservedAt);
        samples[^1] = samples[^1] with { Code = ReasonCodes.Removed };
        Assert.Equal(ReasonCodes.Removed, Candidate(samples).Error);
    }

    [Fact]
    public void Without_a_window_the_last_sample_speaks_alone()
    {
        List<RouteSample> samples = [Good(-2, Price), Good(-1, Price * 3)];
        var candidate = SampleWindow.Candidate("s", "v", samples, Known.Start, TimeSpan.Zero, Minute);
        Assert.Equal(Price * 3, candidate.TwmE18);
        Assert.Equal(10_000, candidate.CoverageBps);
        samples.Add(new RouteSample(Known.Start, ReasonCodes.Call, null, 0, 0, []));
        Assert.Equal(ReasonCodes.Call,
            SampleWindow.Candidate("s", "v", samples, Known.Start, TimeSpan.Zero, Minute).Error);
        Assert.Equal(ReasonCodes.NotFound,
            SampleWindow.Candidate("s", "v", [], Known.Start, TimeSpan.Zero, Minute).Error);
    }

    [Fact]
    public void Samples_outside_of_the_window_and_out_of_order_do_not_matter() =>
        Gen.Shuffle(Enumerable.Range(0, 40).ToArray()).Sample(
            order =>
            {
                var samples = Minutes(40, i => Price + (i * 1_000));
                return Candidate(order.Select(i => samples[i])) == Candidate(
                    samples.Skip(10)) with
                { Flags = Candidate(samples).Flags };
            },
            iter: Deep.Count(100));

    [Fact]
    public void The_width_is_half_of_the_distance_of_the_quartiles()
    {
        var candidate = Candidate(Minutes(30, i => Price + (i * 100)));
        Assert.InRange((int)candidate.HalfWidthE18, 650, 850);
        Assert.Equal(0, Candidate(Minutes(30, _ => Price)).HalfWidthE18);
    }

    private static Candidate Candidate(IEnumerable<RouteSample> samples) =>
        SampleWindow.Candidate("s", "v", samples, Known.Start, Window, Minute);

    private static List<RouteSample> Minutes(int count, Func<int, BigInteger> price) =>
        [.. Enumerable.Range(0, count).Select(i => Good(i - count + 0.5, price(i)))];

    private static RouteSample Good(double minutes, BigInteger price) =>
        new(Known.Start.AddMinutes(minutes), ReasonCodes.Ok, price, 1_000_000_000, 1_000_000, []);
}
