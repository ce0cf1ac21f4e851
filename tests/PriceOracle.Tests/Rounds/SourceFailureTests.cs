using System.Numerics;
using CsCheck;
using Decent.Candid;
using Decent.Canister.Client;
using Decent.PriceOracle.Aggregation;
using Decent.PriceOracle.Rounds;
using Decent.PriceOracle.Sources;
using Decent.Testing;

namespace Decent.PriceOracle.Tests.Rounds;

public sealed class SourceFailureTests(PricesDatabase fixture) : OracleTests(fixture)
{
    [Fact]
    public async Task A_canister_that_hangs_times_out_alone()
    {
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        Time.Advance(TimeSpan.FromMinutes(5));
        Market.Ic.Hangs(FakeMarket.DctIcpPool, "metadata");
        var asked = Market.Ic.Asked;
        var refresh = oracle.Refresh.RefreshAsync(Ct);

        // The hanging pool is asked once, the other pool and the exchange twice; only then does the time run out.
        while (Market.Ic.Asked < asked + 5)
        {
            await Task.Delay(20, Ct);
        }

        await Task.Delay(100, Ct);
        Assert.False(refresh.IsCompleted);
        Time.Advance(TimeSpan.FromSeconds(5));
        await refresh;
        Assert.True((await oracle.Reader.CurrentAsync(Known.Icp, Ct)).UsableForPayout);
        Assert.Equal(Outcomes.NoQuorum, (await oracle.History.RoundsAsync(Known.Dct, null, 1, Ct))[0].Outcome);
        var codes = (await oracle.History.SourcesAsync(Ct)).ToDictionary(s => s.SourceId, s => s.LastErrorCode);
        Assert.Equal(ReasonCodes.Timeout, codes["icpswap:DCT/ICP"]);
        Assert.Null(codes["icpswap:ICP/ckUSDT"]);
        Assert.Null(codes["taco:DCT/ckUSDT"]);
    }

    [Theory]
    [InlineData("decimals", ReasonCodes.Decimals)]
    [InlineData("symbol", ReasonCodes.Symbol)]
    [InlineData("fee", ReasonCodes.Fee)]
    public async Task A_ledger_that_says_something_else_shuts_its_asset(string what, string code)
    {
        Market.Ledger(Known.Dct, what == "symbol" ? "DCT" : "DC", what == "fee" ? 10_000u
            : 1_000_000u, what == "decimals" ? (byte)8 : (byte)9);
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        var reading = await oracle.Reader.CurrentAsync(Known.Dct, Ct);
        Assert.Null(reading.PriceE18);
        Assert.StartsWith("There never was a good price of DCT. DCT is shut because a ledger's",
            reading.ReasonInWords, StringComparison.Ordinal);
        Assert.Contains(await ObservedAsync(oracle, "taco:DCT/ckUSDT"), code, StringComparison.Ordinal);
        Assert.True((await oracle.Reader.CurrentAsync(Known.Icp, Ct)).UsableForPayout);
    }

    [Fact]
    public async Task A_ledger_that_changes_its_word_holds_a_price_that_was_good()
    {
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        Market.Ledger(Known.Usdt, "ckUSDT", 10_000, 8);
        Time.Advance(TimeSpan.FromHours(24));
        await oracle.Refresh.RefreshAsync(Ct);
        foreach (var reading in await oracle.Reader.AllAsync(Ct))
        {
            Assert.False(reading.UsableForPayout);
            Assert.Null(reading.PriceE18);
        }
    }

    [Fact]
    public async Task A_ledger_that_never_answered_prices_nothing()
    {
        Market.Ic.Rejects(Known.IcpLedger, "icrc1_decimals", "out of cycles");
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        Assert.All(
            (await oracle.Reader.AllAsync(Ct)).Where(r => r.Asset != Known.Usdt), r =>
                Assert.Equal(PriceState.Bootstrap, r.State));

        Market.Ledger(Known.Icp, "ICP", 10_000);
        Time.Advance(TimeSpan.FromMinutes(5));
        await oracle.Refresh.RefreshAsync(Ct);
        Assert.True((await oracle.Reader.CurrentAsync(Known.Icp, Ct)).UsableForPayout);
    }

    [Fact]
    public async Task A_pool_is_pinned_and_another_answer_of_the_factory_shuts_it()
    {
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        Assert.Equal(FakeMarket.IcpUsdtPool, (await HealthAsync(oracle, "icpswap:ICP/ckUSDT")).PoolId);
        Market.Lists(Known.Icp, Known.Usdt,
            FakeMarket.Ok(Market.PoolData(FakeMarket.DctIcpPool, Known.Icp, Known.Usdt)));
        Time.Advance(TimeSpan.FromMinutes(5));
        await oracle.Refresh.RefreshAsync(Ct);
        Assert.Null((await HealthAsync(oracle, "icpswap:ICP/ckUSDT")).LastErrorCode);
        Time.Advance(TimeSpan.FromHours(1));
        await oracle.Refresh.RefreshAsync(Ct);
        var health = await HealthAsync(oracle, "icpswap:ICP/ckUSDT");
        Assert.Equal(ReasonCodes.Removed, health.LastErrorCode);
        Assert.Equal(FakeMarket.IcpUsdtPool, health.PoolId);
    }

    [Fact]
    public async Task A_pool_on_the_list_of_removed_pools_is_shut()
    {
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        Market.Ic.Replies(FakeMarket.Factory, "getRemovedPools", PoolTypes.GetPoolsResult, FakeMarket.Ok(
            new CandidValue.Vec([Market.PoolData(FakeMarket.DctIcpPool, Known.Dct, Known.Icp)])));
        Time.Advance(TimeSpan.FromHours(2));
        await oracle.Refresh.RefreshAsync(Ct);
        Assert.Equal(ReasonCodes.Removed, (await HealthAsync(oracle, "icpswap:DCT/ICP")).LastErrorCode);
        Assert.Null((await HealthAsync(oracle, "icpswap:ICP/ckUSDT")).LastErrorCode);
    }

    public static TheoryData<string, string> Broken => new()
    {
        { "unknown pool", ReasonCodes.NotFound },
        { "factory error", ReasonCodes.ErrVariant },
        { "factory names another pair", ReasonCodes.Pair },
        { "pool error", ReasonCodes.ErrVariant },
        { "pool trades another pair", ReasonCodes.Pair },
        { "no liquidity", ReasonCodes.ZeroLiquidity },
        { "price at the lower bound", ReasonCodes.Range },
        { "price zero", ReasonCodes.Range },
        { "tick of another price", ReasonCodes.Inconsistent },
        { "another shape", ReasonCodes.Decode },
        { "no candid", ReasonCodes.Decode },
        { "rejected", ReasonCodes.Call },
        { "thrown", ReasonCodes.Call },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_broken_pool_gives_a_reason_and_no_price(string how, string code)
    {
        Break(how);
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        var health = await HealthAsync(oracle, "icpswap:ICP/ckUSDT");
        Assert.Equal(code, health.LastErrorCode);
        Assert.Null(health.LastOkAt);
        Assert.All(
            (await oracle.Reader.AllAsync(Ct)).Where(r => r.Asset != Known.Usdt), r => Assert.Null(r.PriceE18));
    }

    public static TheoryData<string, string> BrokenExchange => new()
    {
        { "empty", ReasonCodes.ZeroLiquidity },
        { "duplicate", ReasonCodes.Ambiguous },
        { "missing", ReasonCodes.NotFound },
        { "nan", ReasonCodes.NonFinite },
        { "infinite", ReasonCodes.NonFinite },
        { "negative", ReasonCodes.NonPositive },
        { "contradiction", ReasonCodes.Inconsistent },
        { "huge", ReasonCodes.Range },
        { "another shape", ReasonCodes.Decode },
    };

    [Theory]
    [MemberData(nameof(BrokenExchange))]
    public async Task A_broken_exchange_gives_a_reason_and_no_price(string how, string code)
    {
        BreakTaco(how);
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        Assert.Equal(code, (await HealthAsync(oracle, "taco:ICP/ckUSDT")).LastErrorCode);
        Assert.Null((await oracle.Reader.CurrentAsync(Known.Icp, Ct)).PriceE18);
    }

    [Fact]
    public async Task A_reversed_pool_is_read_by_its_ledgers_and_not_by_its_slots()
    {
        Market.TacoPool(Known.Icp, Known.Usdt, Known.Big("2500000000000000000"), reversed: true);
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        var round =
            await oracle.History.RoundAsync((await oracle.Reader.CurrentAsync(Known.Icp, Ct)).RoundId!.Value, Ct);
        Assert.Equal(Known.Big("2500000000000000000"), round!.Observations.Single(o => o.Venue == "taco").PriceE18);
    }

    [Fact]
    public async Task A_closed_venue_takes_no_part_and_says_why()
    {
        await using var oracle = Oracle(
            ("Oracle:Feeds:0:Routes:2", "kongswap:DCT>ckUSDT"), ("Oracle:Kong:SunsetAt", "2026-04-06T00:00:00Z"));
        await oracle.Refresh.RefreshAsync(Ct);
        Assert.True((await oracle.Reader.CurrentAsync(Known.Dct, Ct)).UsableForPayout);
        var health = await HealthAsync(oracle, "kongswap:DCT/ckUSDT");
        Assert.Equal(ReasonCodes.Sunset, health.LastErrorCode);
        Assert.Equal(new DateTimeOffset(2026, 4, 6, 0, 0, 0, TimeSpan.Zero), health.SunsetAt);
    }

    [Fact]
    public async Task Arbitrary_bytes_never_leave_the_sampler_as_an_exception()
    {
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        var sampler = oracle.Get<Sampler>();
        var sources = oracle.Get<IReadOnlyList<IPriceSource>>();
        await Gen.Byte.Array[0, 200].SampleAsync(
            async bytes =>
            {
                byte[] reply = bytes.Length % 2 == 0 ? bytes : [.. "DIDL"u8, .. bytes];
                Market.Ic.RepliesBytes(FakeMarket.IcpUsdtPool, "metadata", reply);
                Market.Ic.RepliesBytes(FakeMarket.Taco, "getAllAMMPools", reply);
                var observations = await sampler.AskAllAsync(sources, CancellationToken.None);
                return observations.Values.All(o =>
                    o.IsOk == (o.Code == ReasonCodes.Ok) && (o.IsOk || o.PriceE18 is null));
            },
            iter: Deep.Count(200),
            threads: 1);
    }

    private void Break(string how)
    {
        var price = Known.Big("2500000000000000000");
        const string pool = FakeMarket.IcpUsdtPool;
        switch (how)
        {
            case "unknown pool":
                Market.Lists(Known.Icp, Known.Usdt, FakeMarket.Err("CommonError"));
                break;
            case "factory error":
                Market.Lists(Known.Icp, Known.Usdt, FakeMarket.Err("InsufficientFunds"));
                break;
            case "factory names another pair":
                Market.Lists(Known.Icp, Known.Usdt, FakeMarket.Ok(Market.PoolData(pool, Known.Dct, Known.Usdt)));
                break;
            case "pool error":
                Market.Ic.Replies(pool, "metadata", PoolTypes.MetadataResult, FakeMarket.Err("CommonError"));
                break;
            case "pool trades another pair":
                Market.IcpSwap(pool, Known.Dct, Known.Usdt, price);
                Market.Lists(Known.Icp, Known.Usdt, FakeMarket.Ok(Market.PoolData(pool, Known.Icp, Known.Usdt)));
                break;
            case "no liquidity":
                Market.IcpSwap(pool, Known.Icp, Known.Usdt, price, liquidity: 0);
                break;
            case "price at the lower bound":
                Market.IcpSwap(pool, Known.Icp, Known.Usdt, price, sqrt: PoolMath.MinSqrtPrice - 1);
                break;
            case "price zero":
                Market.IcpSwap(pool, Known.Icp, Known.Usdt, price, sqrt: BigInteger.Zero);
                break;
            case "tick of another price":
                Market.IcpSwap(pool, Known.Icp, Known.Usdt, price, tickShift: 2);
                break;
            case "another shape":
                Market.Ic.Replies(pool, "metadata", CandidType.Text, new CandidValue.Text("moved"));
                break;
            case "no candid":
                Market.Ic.RepliesBytes(pool, "metadata", [1, 2, 3]);
                break;
            case "rejected":
                Market.Ic.Rejects(pool, "metadata", "canister is stopped");
                break;
            default:
                Market.Ic.Throws(pool, "metadata", new InvalidOperationException("bug"));
                break;
        }
    }

    private void BreakTaco(string how)
    {
        var price = Known.Big("2500000000000000000");
        switch (how)
        {
            case "empty":
                Market.EmptyTaco(Known.Icp, Known.Usdt);
                break;
            case "duplicate":
                Market.Duplicate(Known.Icp);
                break;
            case "missing":
                Market.Ic.Replies(FakeMarket.Taco, "getAllAMMPools", PoolTypes.TacoPools, new CandidValue.Vec([]));
                break;
            case "nan":
                Market.TacoPool(Known.Icp, Known.Usdt, price, reported: double.NaN);
                break;
            case "infinite":
                Market.TacoPool(Known.Icp, Known.Usdt, price, reported: double.PositiveInfinity);
                break;
            case "negative":
                Market.TacoPool(Known.Icp, Known.Usdt, price, reported: -2.5);
                break;
            case "contradiction":
                Market.TacoPool(Known.Icp, Known.Usdt, price, reported: 2.6);
                break;
            case "huge":
                Market.RawTaco(Known.Icp, BigInteger.Pow(10, 60), 1, Known.Usdt, BigInteger.Pow(10, 60), 1);
                break;
            default:
                Market.Ic.Replies(FakeMarket.Taco, "getAllAMMPools", CandidType.Nat, new CandidValue.Nat(1));
                break;
        }
    }

    private async Task<SourceHealth> HealthAsync(Oracle oracle, string source) =>
        (await oracle.History.SourcesAsync(Ct)).Single(s => s.SourceId == source);

    private async Task<string> ObservedAsync(Oracle oracle, string source) =>
        (await HealthAsync(oracle, source)).LastErrorCode ?? "";
}
