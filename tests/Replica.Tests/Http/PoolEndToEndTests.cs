using System.Numerics;
using Decent.Canister.Client;

namespace Decent.Replica.Tests.Http;

/// <summary>The exchanges over real HTTP: default prices, and trades that move them.</summary>
public sealed class PoolEndToEndTests
{
    private static readonly IcpSwapToken Dct = new(WellKnownCanisters.Platform.ToText(), "ICRC1");
    private static readonly IcpSwapToken Icp = new(WellKnownCanisters.IcpLedger.ToText(), "ICP");
    private static readonly IcpSwapToken CkUsdt = new(WellKnownCanisters.CkUsdtLedger.ToText(), "ICRC2");
    private static readonly BigInteger E18 = BigInteger.Pow(10, 18);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_venues_agree_on_the_default_prices_within_one_percent()
    {
        await using var replica = await RunningReplica.StartAsync();
        var agent = replica.Agent();
        var icpPerDct = await PoolPriceAsync(agent, Icp, Dct, 9, 8);
        var icpPerCkUsdt = await PoolPriceAsync(agent, CkUsdt, Icp, 6, 8);
        var icpUsd = E18 * E18 / icpPerCkUsdt;
        var dctUsd = icpPerDct * icpUsd / E18;
        AssertWithin(100, E18 * 482 / 100, icpUsd);
        AssertWithin(100, 20_385_213_500_000_000, dctUsd);

        var taco = await new TacoClient(agent, WellKnownCanisters.Taco).GetAllAmmPoolsAsync(Ct);
        AssertWithin(100, dctUsd, ReservePrice(taco, Dct, 9));
        AssertWithin(100, icpUsd, ReservePrice(taco, Icp, 8));
        Assert.InRange(taco[0].Price0, 0.0203, 0.0206);
    }

    [Fact]
    public async Task A_trade_moves_the_price_of_its_pool_only()
    {
        await using var replica = await RunningReplica.StartAsync();
        var agent = replica.Agent();
        var before = await PoolPriceAsync(agent, Dct, Icp, 9, 8);
        var other = await PoolPriceAsync(agent, CkUsdt, Icp, 6, 8);
        var result = await replica.ControlAsync("swap", new
        {
            venue = "icpswap",
            tokenIn = Dct.Address,
            tokenOut = Icp.Address,
            amountIn = "500000000000000",
        });
        Assert.True(BigInteger.Parse(result.GetProperty("amountOut").GetString()!) > 0);
        var after = await PoolPriceAsync(agent, Dct, Icp, 9, 8);
        Assert.True(after * 100 < before * 93, $"{before} -> {after}");
        Assert.Equal(other, await PoolPriceAsync(agent, CkUsdt, Icp, 6, 8));

        var taco = new TacoClient(agent, WellKnownCanisters.Taco);
        var reserves = ReservePrice(await taco.GetAllAmmPoolsAsync(Ct), Dct, 9);
        _ = await replica.ControlAsync("swap", new
        {
            venue = "taco",
            tokenIn = CkUsdt.Address,
            tokenOut = Dct.Address,
            amountIn = "10000000000",
        });
        Assert.True(ReservePrice(await taco.GetAllAmmPoolsAsync(Ct), Dct, 9) > reserves);

        var digest = await replica.DigestAsync();
        await replica.RestartAsync();
        Assert.Equal(digest, await replica.DigestAsync());
        Assert.Equal(after, await PoolPriceAsync(replica.Agent(), Dct, Icp, 9, 8));
    }

    [Fact]
    public async Task A_pool_that_does_not_exist_is_the_venues_common_error()
    {
        await using var replica = await RunningReplica.StartAsync();
        var factory = new IcpSwapFactoryClient(replica.Agent(), WellKnownCanisters.IcpSwapFactory);
        Assert.Equal(
            new IcpSwapAnswer<IcpSwapPool>.Err("CommonError", null),
            await factory.GetPoolAsync(Dct, CkUsdt, 3_000, Ct));
        var removed = await factory.GetRemovedPoolsAsync(Ct);
        Assert.Empty(Assert.IsType<IcpSwapAnswer<IReadOnlyList<IcpSwapPool>>.Ok>(removed).Value);
    }

    [Fact]
    public async Task A_pool_refuses_certified_reads_of_nobody()
    {
        await using var replica = await RunningReplica.StartAsync();
        var anonymous = replica.Agent(AnonymousIdentity.Instance);
        var nobody = await anonymous.SubmitAsync(
            anonymous.BuildCall(
                WellKnownCanisters.IcpSwapDctIcp, "metadata", Decent.Candid.CandidArg.Empty.Encode()),
            Ct);
        Assert.Contains("IC0406", Assert.IsType<CallOutcome.Unknown>(nobody).Why, StringComparison.Ordinal);
        var somebody = await replica.Agent().CallAsync(
            WellKnownCanisters.IcpSwapDctIcp, "metadata", Decent.Candid.CandidArg.Empty.Encode(), Ct);
        Assert.IsType<CallOutcome.Replied>(somebody);
    }

    /// <summary>Token 0 of the pool in token 1, × 10^18.</summary>
    private static async Task<BigInteger> PoolPriceAsync(
        IAgent agent, IcpSwapToken a, IcpSwapToken b, int decimals0, int decimals1)
    {
        var factory = new IcpSwapFactoryClient(agent, WellKnownCanisters.IcpSwapFactory);
        var pool = Assert.IsType<IcpSwapAnswer<IcpSwapPool>.Ok>(await factory.GetPoolAsync(a, b, 3_000, Ct)).Value;
        Assert.True(string.CompareOrdinal(pool.Token0.Address, pool.Token1.Address) < 0);
        var client = new IcpSwapPoolClient(agent, pool.Canister);
        var state = Assert.IsType<IcpSwapAnswer<IcpSwapPoolMetadata>.Ok>(await client.MetadataAsync(Ct)).Value;
        var held = await client.TokenAmountStateAsync(Ct);
        var amounts = Assert.IsType<IcpSwapAnswer<IcpSwapTokenAmounts>.Ok>(held).Value;
        Assert.True(amounts.Token0Amount > 0 && amounts.Token1Amount > 0 && state.Liquidity > 0);
        return state.SqrtPriceX96 * state.SqrtPriceX96 * BigInteger.Pow(10, decimals0 + 18)
            / ((BigInteger.One << 192) * BigInteger.Pow(10, decimals1));
    }

    /// <summary>ckUSDT per whole token, × 10^18.</summary>
    private static BigInteger ReservePrice(IReadOnlyList<TacoPool> pools, IcpSwapToken token, int decimals)
    {
        var pool = pools.Single(p => p.Token0 == token.Address && p.Token1 == CkUsdt.Address);
        return pool.Reserve1 * BigInteger.Pow(10, decimals) * E18 / (pool.Reserve0 * BigInteger.Pow(10, 6));
    }

    private static void AssertWithin(int basisPoints, BigInteger expected, BigInteger actual) => Assert.True(
        BigInteger.Abs(expected - actual) * 10_000 <= expected * basisPoints, $"expected {expected}, got {actual}");
}
