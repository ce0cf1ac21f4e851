using System.Globalization;
using System.Numerics;
using System.Text.Json;
using CsCheck;
using Decent.Replica.Pools;
using Decent.Testing;

namespace Decent.Replica.Tests.Pools;

/// <summary>Prices, ticks and swaps of the two kinds of pool.</summary>
public sealed class PoolTests
{
    private static readonly PoolToken A = new("aaaaa", "ICRC1", 9);
    private static readonly PoolToken B = new("bbbbb", "ICRC1", 8);

    [Fact]
    public void Every_published_pool_has_its_published_tick_and_virtual_reserves()
    {
        var compared = 0;
        foreach (var sample in JsonDocument.Parse(Vectors.Text("oracle-sqrtprice.json")).RootElement
                     .GetProperty("cases").EnumerateArray())
        {
            if (!sample.GetProperty("reply").TryGetProperty("ok", out var ok)
                || !sample.GetProperty("expect").TryGetProperty("tick_floor", out var tick)
                || tick.ValueKind != JsonValueKind.Number)
            {
                continue;
            }

            var sqrt = Number(ok.GetProperty("sqrtPriceX96").GetString()!);
            if (sqrt < TickMath.MinSqrtRatio || sqrt >= TickMath.MaxSqrtRatio)
            {
                continue;
            }

            Assert.Equal(tick.GetInt32(), TickMath.TickAt(sqrt));
            compared++;
            if (sample.GetProperty("expect").TryGetProperty("virtual_reserve0_units", out var reserve)
                && reserve.ValueKind == JsonValueKind.String)
            {
                var pool = new ConcentratedPool(A, B, 3_000, sqrt, Number(ok.GetProperty("liquidity").GetString()!));
                Assert.Equal(Number(reserve.GetString()!), pool.VirtualReserve0);
                Assert.Equal(
                    Number(sample.GetProperty("expect").GetProperty("virtual_reserve1_units").GetString()!),
                    pool.VirtualReserve1);
            }
        }

        Assert.True(compared >= 5, $"only {compared} samples were compared");
    }

    [Fact]
    public void The_default_pools_stand_at_the_reference_prices()
    {
        // ICP per DCT, and ICP per ckUSDT (token 0 in token 1, × 10^18): 0.0203852135 / 4.82 and 1 / 4.82.
        var dctIcp = ConcentratedPool.Around(
            A,
            B,
            3_000,
            200_000 * BigInteger.Pow(10, 19) / 203_852_135,
            200_000 * BigInteger.Pow(10, 18) / 48_200_000_000);
        AssertClose(Number("4229297406639004"), Price(dctIcp, 9, 8));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(46_054)]
    [InlineData(-46_054)]
    public void A_tick_is_the_floor_of_its_price(int tick)
    {
        // sqrt(1.0001^tick) in Q96, rounded down: the price just below belongs to the tick before.
        var price = BigInteger.Pow(10_001, Math.Abs(tick));
        var unit = BigInteger.Pow(10_000, Math.Abs(tick));
        var ratio = tick < 0 ? (unit << 192) / price : (price << 192) / unit;
        var sqrt = ConcentratedPool.SquareRoot(ratio);
        var exact = sqrt * sqrt == ratio && (tick < 0 ? (unit << 192) % price : (price << 192) % unit).IsZero;
        var above = exact ? sqrt : sqrt + 1;
        if (above >= TickMath.MinSqrtRatio)
        {
            Assert.Equal(tick, TickMath.TickAt(above));
        }

        if (above - 1 >= TickMath.MinSqrtRatio)
        {
            Assert.Equal(tick - 1, TickMath.TickAt(above - 1));
        }
    }

    [Fact]
    public void The_ends_of_the_price_range_are_the_first_and_the_last_tick()
    {
        Assert.Equal(-TickMath.MaxTick, TickMath.TickAt(TickMath.MinSqrtRatio));

        // The venue's upper bound is itself rounded; the exact logarithm may already be the next tick.
        Assert.InRange(TickMath.TickAt(TickMath.MaxSqrtRatio - 1), TickMath.MaxTick - 1, TickMath.MaxTick);
        Assert.Throws<ArgumentOutOfRangeException>(() => TickMath.TickAt(TickMath.MinSqrtRatio - 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => TickMath.TickAt(TickMath.MaxSqrtRatio));
    }

    [Fact]
    public void A_swap_never_gives_more_than_the_curve_and_moves_the_price_the_right_way() =>
        Gen.Select(Gen.Bool, Gen.Long[1, 1_000_000_000_000]).Sample(
            (zeroForOne, amount) =>
            {
                var pool = ConcentratedPool.Around(A, B, 3_000, 9_811_000_000_000_000, 4_149_377_593_360);
                var (before, product) = (pool.SqrtPriceX96, pool.Amount0 * pool.Amount1);
                var quoted = pool.Quote(zeroForOne, amount);
                var got = pool.Swap(zeroForOne, amount);
                return got == quoted
                    && pool.Amount0 * pool.Amount1 >= product
                    && (zeroForOne ? pool.SqrtPriceX96 <= before : pool.SqrtPriceX96 >= before);
            },
            iter: Deep.Count(300));

    [Fact]
    public void A_reserve_pool_never_loses_its_product() =>
        Gen.Select(Gen.Bool, Gen.Long[1, 1_000_000_000_000]).Sample(
            (zeroForOne, amount) =>
            {
                var pool = new ReservePool(A, B, 9_811_000_000_000_000, 4_149_377_593_360);
                var product = pool.Reserve0 * pool.Reserve1;
                _ = pool.Swap(zeroForOne, amount);
                return pool.Reserve0 * pool.Reserve1 >= product;
            },
            iter: Deep.Count(300));

    private static BigInteger Price(ConcentratedPool pool, int decimals0, int decimals1) =>
        pool.SqrtPriceX96 * pool.SqrtPriceX96 * BigInteger.Pow(10, decimals0 + 18)
        / ((BigInteger.One << 192) * BigInteger.Pow(10, decimals1));

    private static void AssertClose(BigInteger expected, BigInteger actual) =>
        Assert.True(BigInteger.Abs(expected - actual) * 1_000_000 <= expected, $"expected {expected}, got {actual}");

    private static BigInteger Number(string text) => BigInteger.Parse(text, CultureInfo.InvariantCulture);
}
