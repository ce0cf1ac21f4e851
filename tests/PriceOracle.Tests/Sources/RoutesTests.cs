using System.Numerics;
using Decent.PriceOracle.Aggregation;
using Decent.PriceOracle.Settings;
using Decent.PriceOracle.Sources;

namespace Decent.PriceOracle.Tests.Sources;

public sealed class RoutesTests
{
    private static readonly RouteSettings Long =
        new("icpswap:DCT>ICP>ckUSDT", "icpswap", [Known.Dct, Known.Icp, Known.Usdt]);
    private static readonly BigInteger Peg = E18.One;

    [Fact]
    public void The_published_route_is_the_product_of_its_legs()
    {
        var sample = Combine(("icpswap:DCT/ICP", "8520767494879380"), ("icpswap:ICP/ckUSDT", "2392415180000000000"));
        Assert.Equal(ReasonCodes.Ok, sample.Code);
        Assert.InRange(sample.PriceE18!.Value, Known.Big("20385213499000000"), Known.Big("20385213501000000"));
        Assert.Equal([ReasonCodes.PegUnknown, ReasonCodes.Uncertified], sample.Flags);
    }

    [Fact]
    public void The_declared_value_of_the_stable_end_multiplies()
    {
        var at =
            Combine(Known.Big("990000000000000000"), ("icpswap:DCT/ICP", "1000000000000000000"),
            ("icpswap:ICP/ckUSDT", "2000000000000000000"));
        Assert.Equal(Known.Big("1980000000000000000"), at.PriceE18);
    }

    [Fact]
    public void Money_behind_a_route_is_that_of_its_poorest_leg_in_dollars()
    {
        var legs = new[]
        {
            Leg("icpswap:DCT/ICP", "8000000000000000") with { TvlQuoteE18 = 1_000 * E18.One,
                DepthQuoteE18 = 7 * E18.One },
            Leg("icpswap:ICP/ckUSDT", "2500000000000000000") with { TvlQuoteE18 = 3_000 * E18.One,
                DepthQuoteE18 = 15 * E18.One },
        };
        var sample = Routes.Combine(Long, legs.ToDictionary(l => l.SourceId), Peg, Known.Start);
        Assert.Equal(2_500_000_000, sample.TvlUsdE6);
        Assert.Equal(15_000_000, sample.DepthUsdE6);
    }

    [Fact]
    public void The_first_leg_without_a_price_names_the_reason()
    {
        var bad = Leg("icpswap:ICP/ckUSDT", "1") with { Code = ReasonCodes.ZeroLiquidity, PriceE18 = null };
        var sample = Routes.Combine(
            Long,
            new Dictionary<string,
                Observation>
            { ["icpswap:DCT/ICP"] = Leg("icpswap:DCT/ICP", "1"), ["icpswap:ICP/ckUSDT"] = bad },
            Peg,
            Known.Start);
        Assert.Equal(ReasonCodes.ZeroLiquidity, sample.Code);
        Assert.Null(sample.PriceE18);
    }

    [Fact]
    public void A_product_too_small_or_too_large_to_be_a_price_is_none()
    {
        Assert.Equal(ReasonCodes.Range, Combine(("icpswap:DCT/ICP", "1"), ("icpswap:ICP/ckUSDT", "1")).Code);
        var huge = "1" + new string('0', 47);
        Assert.Equal(ReasonCodes.Range, Combine(("icpswap:DCT/ICP", huge), ("icpswap:ICP/ckUSDT", huge)).Code);
    }

    [Theory]
    [InlineData(0.0203852135, "20385213500000000")]
    [InlineData(1.23457e-07, "123457000000")]
    [InlineData(1234568.0, "1234568000000000000000000")]
    [InlineData(1e-30, "0")]
    [InlineData(49.0, "49000000000000000000")]
    [InlineData(-0.5, "-500000000000000000")]
    [InlineData(double.MaxValue, null)]
    public void A_float_is_read_by_its_shortest_text(double value, string? exact) =>
        Assert.Equal(exact, ReportedPrice.ExactE18(value)?.ToString());

    private static RouteSample Combine(params (string Id, string Price)[] legs) => Combine(Peg, legs);

    private static RouteSample Combine(BigInteger peg, params (string Id, string Price)[] legs) =>
        Routes.Combine(Long, legs.ToDictionary(l => l.Id, l => Leg(l.Id, l.Price)), peg, Known.Start);

    private static Observation Leg(string id, string price) => new()
    {
        SourceId = id,
        ObservedAt = Known.Start,
        Code = ReasonCodes.Ok,
        PriceE18 = Known.Big(price),
        Flags = [ReasonCodes.Uncertified],
    };
}
