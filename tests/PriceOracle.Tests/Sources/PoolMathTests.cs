using System.Numerics;
using System.Text.Json;
using CsCheck;
using Decent.PriceOracle.Aggregation;
using Decent.PriceOracle.Sources;
using Decent.Testing;

namespace Decent.PriceOracle.Tests.Sources;

public sealed class PoolMathTests
{
    [Fact]
    public void Square_root_prices_give_the_published_numbers()
    {
        var failures = new List<string>();
        using var file = JsonDocument.Parse(Vectors.Text("oracle-sqrtprice.json"));
        foreach (var c in file.RootElement.GetProperty("cases").EnumerateArray())
        {
            failures.AddRange(Check(c).Select(f => $"{c.GetProperty("id").GetString()}: {f}"));
        }

        Assert.Empty(failures);
    }

    [Fact]
    public void A_price_and_its_inverse_multiply_to_one() =>
        Pools().Sample(
            p =>
            {
                var forward = PoolMath.FromSqrtPrice(p.Sqrt, p.D0, p.D1, baseIsToken0: true);
                var backward = PoolMath.FromSqrtPrice(p.Sqrt, p.D0, p.D1, baseIsToken0: false);
                if (forward < BigInteger.Pow(10, 9) || backward < BigInteger.Pow(10, 9))
                {
                    return true;
                }

                // Each is off by at most half of its last place.
                var product = forward * backward;
                return BigInteger.Abs(product - BigInteger.Pow(10, 36)) <= forward + backward + 1;
            },
            iter: Deep.Count(2_000));

    [Fact]
    public void A_higher_square_root_never_gives_a_lower_price() =>
        Pools().Sample(
            p => PoolMath.FromSqrtPrice(p.Sqrt + 1, p.D0, p.D1, true) >= PoolMath.FromSqrtPrice(p.Sqrt, p.D0, p.D1,
            true),
            iter: Deep.Count(2_000));

    [Fact]
    public void Equal_decimals_cancel_and_one_more_is_a_factor_of_ten() =>
        Gen.Select(Gen.ULong[1, ulong.MaxValue], Gen.ULong[1, ulong.MaxValue], Gen.Int[0, 17], Gen.Int[0, 17]).Sample(
            (b, q, d0, d1) =>
            {
                var plain = PoolMath.FromReserves(b, d0, q, d1);
                var both = PoolMath.FromReserves(b, d0 + 1, q, d1 + 1);
                var one = PoolMath.FromReserves(b, d0 + 1, q, d1);
                return plain == both && BigInteger.Abs(one - (plain * 10)) <= 5;
            },
            iter: Deep.Count(2_000));

    [Fact]
    public void The_tick_of_a_square_root_price_is_its_exact_logarithm() =>
        Gen.Int[-887_272, 887_271].Sample(
            tick => PoolMath.TickFloor(SqrtAt(tick)) == tick,
            iter: Deep.Count(300));

    [Fact]
    public void Two_percent_of_depth_is_the_published_number()
    {
        var quote = PoolMath.WholeE18(459_686_564, 6);
        var baseE18 = PoolMath.WholeE18(22_550_000_000_000, 9);
        var price = PoolMath.FromReserves(22_550_000_000_000, 9, 459_686_564, 6);
        Assert.Equal(4_574_108, PoolMath.DepthE18(baseE18, quote, price) / E18.PerE6);
    }

    private static IEnumerable<string> Check(JsonElement c)
    {
        var pool = c.GetProperty("reply").GetProperty("ok");
        var expect = c.GetProperty("expect");
        var sqrt = Known.Big(pool.GetProperty("sqrtPriceX96").GetString()!);
        if (expect.TryGetProperty("error", out var error))
        {
            if (error.GetString() != ReasonCodes.Range || PoolMath.IsSqrtPriceInRange(sqrt))
            {
                yield return "is in range";
            }

            yield break;
        }

        var d0 = pool.GetProperty("token0").GetProperty("decimals").GetInt32();
        var d1 = pool.GetProperty("token1").GetProperty("decimals").GetInt32();
        var forward = PoolMath.FromSqrtPrice(sqrt, d0, d1, true).ToString();
        var backward = PoolMath.FromSqrtPrice(sqrt, d0, d1, false).ToString();
        if (forward != expect.GetProperty("price_token0_in_token1_e18").GetString())
        {
            yield return "token 0 costs " + forward;
        }

        if (backward != expect.GetProperty("price_token1_in_token0_e18").GetString())
        {
            yield return "token 1 costs " + backward;
        }

        if (PoolMath.TickFloor(sqrt) != expect.GetProperty("tick_floor").GetInt32())
        {
            yield return "tick is " + PoolMath.TickFloor(sqrt);
        }

        if (expect.TryGetProperty("virtual_reserve0_units", out var reserve0))
        {
            var liquidity = Known.Big(pool.GetProperty("liquidity").GetString()!);
            var (virtual0, virtual1) = PoolMath.VirtualReserves(liquidity, sqrt);
            if (virtual0.ToString() != reserve0.GetString()
                || virtual1.ToString() != expect.GetProperty("virtual_reserve1_units").GetString())
            {
                yield return $"virtual reserves are {virtual0} and {virtual1}";
            }

            var verdict = Judge(pool, liquidity, sqrt, d0, d1).Code;
            var expected = expect.TryGetProperty("verdict", out var named) ? named.GetString()
                : expect.GetProperty("tick_consistent").GetBoolean() ? ReasonCodes.Ok : ReasonCodes.Inconsistent;
            if (verdict != expected)
            {
                yield return "verdict is " + verdict;
            }
        }
    }

    private static PoolVerdict Judge(JsonElement pool, BigInteger liquidity, BigInteger sqrt, int d0, int d1)
    {
        var ledger0 = pool.GetProperty("token0").GetProperty("address").GetString()!;
        var ledger1 = pool.GetProperty("token1").GetProperty("address").GetString()!;
        var tick = Known.Big(pool.GetProperty("tick").GetString()!);
        return new ConcentratedPool(sqrt, tick, liquidity, ledger0, ledger1, 3_000)
            .Judge(ledger0, d0, ledger1, d1, 1_000_000, 1_000_000);
    }

    private static Gen<(BigInteger Sqrt, int D0, int D1)> Pools() =>
        from tick in Gen.Int[-400_000, 400_000]
        from more in Gen.ULong
        from d0 in Gen.Int[0, 18]
        from d1 in Gen.Int[0, 18]
        select (SqrtAt(tick) + (more % 1_000_000), d0, d1);

    // An independent way to a tick's square root: floating point is good enough to land inside the tick.
    private static BigInteger SqrtAt(int tick)
    {
        var sqrt = (BigInteger)(Math.Pow(1.0001, (tick / 2.0) + 0.25) * Math.Pow(2, 96));
        return BigInteger.Clamp(sqrt, PoolMath.MinSqrtPrice, PoolMath.MaxSqrtPrice - 1);
    }
}
