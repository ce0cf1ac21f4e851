using System.Numerics;
using Decent.Candid;
using Decent.Canister.Client;
using Decent.Ledger;
using Decent.PriceOracle.Sources;

namespace Decent.PriceOracle.Tests;

/// <summary>Ledgers, an ICPSwap factory with pools and a TACO exchange, with prices a test can set.</summary>
internal sealed class FakeMarket
{
    public const string Factory = "4mmnk-kiaaa-aaaag-qbllq-cai";
    public const string Taco = "qioex-5iaaa-aaaan-q52ba-cai";
    public const string DctIcpPool = "xmiu5-jqaaa-aaaag-qbz7q-cai";
    public const string IcpUsdtPool = "mohjv-bqaaa-aaaag-qjyia-cai";

    private readonly Dictionary<string, CandidValue> _tacoPools = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CandidValue> _listed = new(StringComparer.Ordinal);

    public FakeMarket()
    {
        Ledger(Known.Dct, "DC", 1_000_000);
        Ledger(Known.Icp, "ICP", 10_000);
        Ledger(Known.Usdt, "ckUSDT", 10_000);
        Ic.Replies(Factory, "getRemovedPools", PoolTypes.GetPoolsResult, Ok(new CandidValue.Vec([])));
        Ic.Replies(Factory, "getPool", PoolTypes.GetPoolResult, Find);
    }

    public FakeIc Ic { get; } = new();

    /// <summary>DCT at $0.02 over ICP at $2.50 on both venues, half a million dollars deep.</summary>
    public static FakeMarket Agreeing()
    {
        var market = new FakeMarket();
        market.IcpSwap(DctIcpPool, Known.Dct, Known.Icp, Known.Big("8000000000000000"));
        market.IcpSwap(IcpUsdtPool, Known.Icp, Known.Usdt, Known.Big("2500000000000000000"));
        market.TacoPool(Known.Dct, Known.Usdt, Known.Big("20000000000000000"));
        market.TacoPool(Known.Icp, Known.Usdt, Known.Big("2500000000000000000"));
        return market;
    }

    public void Ledger(Asset asset, string symbol, ulong fee, byte? decimals = null)
    {
        var ledger = asset.LedgerCanister!.ToText();
        Ic.Replies(ledger, "icrc1_symbol", CandidType.Text, new CandidValue.Text(symbol));
        Ic.Replies(ledger, "icrc1_decimals", CandidType.Nat8, new CandidValue.Nat8(decimals ?? (byte)asset.Scale));
        Ic.Replies(ledger, "icrc1_fee", CandidType.Nat, new CandidValue.Nat(fee));
    }

    /// <summary>A concentrated pool that the factory lists.</summary>
    public void IcpSwap(
        string pool, Asset baseAsset, Asset quoteAsset, BigInteger priceE18, BigInteger? liquidity = null,
        int tickShift = 0, BigInteger? sqrt = null)
    {
        var (ledger0, ledger1) = (baseAsset.LedgerCanister!.ToText(), quoteAsset.LedgerCanister!.ToText());
        var inOrder = string.CompareOrdinal(ledger0, ledger1) < 0;
        var (token0, token1) = inOrder ? (baseAsset, quoteAsset) : (quoteAsset, baseAsset);
        _listed[Pair(ledger0, ledger1)] = Ok(PoolData(pool, baseAsset, quoteAsset));
        var root = sqrt ?? SqrtOf(priceE18, baseAsset.Scale, quoteAsset.Scale, inOrder);
        Ic.Replies(pool, "metadata", PoolTypes.MetadataResult, Ok(new CandidValue.Record(
            ("fee", new CandidValue.Nat(3_000)),
            ("key", new CandidValue.Text("key")),
            ("liquidity", new CandidValue.Nat(liquidity ?? Known.Big("100000000000000"))),
            ("maxLiquidityPerTick", new CandidValue.Nat(1)),
            ("nextPositionId", new CandidValue.Nat(1)),
            ("sqrtPriceX96", new CandidValue.Nat(root)),
            ("tick", new CandidValue.Int(root.IsZero ? 0 : PoolMath.TickFloor(root) + tickShift)),
            ("token0", Token(token0)),
            ("token1", Token(token1)))));
        Ic.Replies(pool, "getTokenAmountState", PoolTypes.TokenAmountStateResult, Ok(new CandidValue.Record(
            ("token0Amount", new CandidValue.Nat(Deep(token0, baseAsset, quoteAsset, priceE18))),
            ("token1Amount", new CandidValue.Nat(Deep(token1, baseAsset, quoteAsset, priceE18))),
            ("swapFee0Repurchase", new CandidValue.Nat(0)),
            ("swapFee1Repurchase", new CandidValue.Nat(0)),
            ("swapFeeReceiver", new CandidValue.Text("")))));
    }

    public CandidValue PoolData(string pool, Asset left, Asset right)
    {
        var (token0, token1) =
            string.CompareOrdinal(left.LedgerCanister!.ToText(), right.LedgerCanister!.ToText()) < 0 ? (left, right)
                : (right, left);
        return new CandidValue.Record(
            ("canisterId", new CandidValue.Principal(Principal.FromText(pool))),
            ("fee", new CandidValue.Nat(3_000)),
            ("key", new CandidValue.Text("key")),
            ("tickSpacing", new CandidValue.Int(60)),
            ("token0", Token(token0)),
            ("token1", Token(token1)));
    }

    public void Lists(Asset left, Asset right, CandidValue answer) =>
        _listed[Pair(left.LedgerCanister!.ToText(), right.LedgerCanister!.ToText())] = answer;

    public void TacoPool(Asset baseAsset, Asset quoteAsset, BigInteger priceE18, bool reversed = false,
        double? reported = null)
    {
        var baseUnits = Deep(baseAsset, baseAsset, quoteAsset, priceE18);
        var quoteUnits = Deep(quoteAsset, baseAsset, quoteAsset, priceE18);
        var price = reported ?? (double)priceE18 / 1e18;
        _tacoPools[baseAsset.Code] = Pool(
            reversed ? (quoteAsset, quoteUnits, 1 / price) : (baseAsset, baseUnits, price),
            reversed ? (baseAsset, baseUnits, price) : (quoteAsset, quoteUnits, 1 / price));
        Taco_();
    }

    public void Duplicate(Asset baseAsset)
    {
        _tacoPools[baseAsset.Code + "'"] = _tacoPools[baseAsset.Code];
        Taco_();
    }

    public void EmptyTaco(Asset baseAsset, Asset quoteAsset)
    {
        _tacoPools[baseAsset.Code] = Pool((baseAsset, 0, 0), (quoteAsset, 0, 0));
        Taco_();
    }

    public void RawTaco(Asset asset0, BigInteger reserve0, double price0, Asset asset1, BigInteger reserve1,
        double price1)
    {
        _tacoPools.Clear();
        _tacoPools["raw"] = Pool((asset0, reserve0, price0), (asset1, reserve1, price1));
        Taco_();
    }

    public static CandidValue Ok(CandidValue value) => new CandidValue.Variant("ok", value);

    public static CandidValue Err(string error) =>
        new CandidValue.Variant("err", new CandidValue.Variant(error, CandidValue.Null.Instance));

    private static CandidValue Pool((Asset Asset, BigInteger Units, double Price) left,
        (Asset Asset, BigInteger Units, double Price) right) =>
        new CandidValue.Record(
            ("token0", new CandidValue.Text(left.Asset.LedgerCanister!.ToText())),
            ("token1", new CandidValue.Text(right.Asset.LedgerCanister!.ToText())),
            ("reserve0", new CandidValue.Nat(left.Units)),
            ("reserve1", new CandidValue.Nat(right.Units)),
            ("price0", new CandidValue.Float64(left.Price)),
            ("price1", new CandidValue.Float64(right.Price)),
            ("totalLiquidity", new CandidValue.Nat(1)));

    // 250 000 quote dollars on each side of a pool quoted in ckUSDT, 100 000 ICP on each side of one quoted in ICP.
    private static BigInteger Deep(Asset asset, Asset baseAsset, Asset quoteAsset, BigInteger priceE18)
    {
        var quoteWhole = quoteAsset == Known.Usdt ? 250_000 : 100_000;
        return asset == quoteAsset
            ? quoteWhole * BigInteger.Pow(10, asset.Scale)
            : quoteWhole * BigInteger.Pow(10, 18 + baseAsset.Scale) / priceE18;
    }

    private static BigInteger SqrtOf(BigInteger priceE18, int baseDecimals, int quoteDecimals, bool baseIsToken0)
    {
        var numerator = priceE18 * BigInteger.Pow(10, quoteDecimals);
        var denominator = BigInteger.Pow(10, 18 + baseDecimals);
        var square = baseIsToken0 ? (numerator << 192) / denominator : (denominator << 192) / numerator;
        var root = BigInteger.One << (int)((square.GetBitLength() / 2) + 1);
        while (true)
        {
            var next = (root + (square / root)) / 2;
            if (next >= root)
            {
                return root;
            }

            root = next;
        }
    }

    private CandidValue Find(CandidArg arg) => _listed.GetValueOrDefault(
        Pair(arg.Values[0]["token0"]["address"].AsText(), arg.Values[0]["token1"]["address"].AsText()),
        Err("CommonError"));

    private static string Pair(string left, string right) =>
        string.Join('_', new[] { left, right }.Order(StringComparer.Ordinal));

    private static CandidValue Token(Asset asset) => new CandidValue.Record(
        ("address", new CandidValue.Text(asset.LedgerCanister!.ToText())), ("standard", new CandidValue.Text("ICRC2")));

    private void Taco_() =>
        Ic.Replies(Taco, "getAllAMMPools", PoolTypes.TacoPools, new CandidValue.Vec([.. _tacoPools.Values]));
}
