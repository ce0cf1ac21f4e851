using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>Candid types of the exchanges' price interfaces, shared by clients and canisters.</summary>
public static class PoolTypes
{
    private static readonly CandidType Error = CandidType.Variant(
        ("CommonError", CandidType.Null),
        ("InsufficientFunds", CandidType.Null),
        ("InternalError", CandidType.Text),
        ("UnsupportedToken", CandidType.Text));

    /// <summary>ICPSwap's token: ledger id and the name of its standard.</summary>
    public static CandidType Token { get; } =
        CandidType.Record(("address", CandidType.Text), ("standard", CandidType.Text));

    /// <summary>Argument of the factory's <c>getPool</c>.</summary>
    public static CandidType GetPoolArg { get; } =
        CandidType.Record(("fee", CandidType.Nat), ("token0", Token), ("token1", Token));

    /// <summary>What the factory knows about a pool.</summary>
    public static CandidType PoolData { get; } = CandidType.Record(
        ("canisterId", CandidType.Principal),
        ("fee", CandidType.Nat),
        ("key", CandidType.Text),
        ("tickSpacing", CandidType.Int),
        ("token0", Token),
        ("token1", Token));

    /// <summary>Answer of <c>getPool</c>.</summary>
    public static CandidType GetPoolResult { get; } = Result(PoolData);

    /// <summary>Answer of <c>getPools</c> and <c>getRemovedPools</c>.</summary>
    public static CandidType GetPoolsResult { get; } = Result(CandidType.Vec(PoolData));

    /// <summary>Answer of a pool's <c>metadata</c>.</summary>
    public static CandidType MetadataResult { get; } = Result(CandidType.Record(
        ("fee", CandidType.Nat),
        ("key", CandidType.Text),
        ("liquidity", CandidType.Nat),
        ("maxLiquidityPerTick", CandidType.Nat),
        ("nextPositionId", CandidType.Nat),
        ("sqrtPriceX96", CandidType.Nat),
        ("tick", CandidType.Int),
        ("token0", Token),
        ("token1", Token)));

    /// <summary>Answer of a pool's <c>getTokenAmountState</c>.</summary>
    public static CandidType TokenAmountStateResult { get; } = Result(CandidType.Record(
        ("token0Amount", CandidType.Nat),
        ("token1Amount", CandidType.Nat),
        ("swapFee0Repurchase", CandidType.Nat),
        ("swapFee1Repurchase", CandidType.Nat),
        ("swapFeeReceiver", CandidType.Text)));

    /// <summary>Argument of a pool's <c>quote</c> and <c>quoteForAll</c>; amounts are decimal text.</summary>
    public static CandidType QuoteArg { get; } = CandidType.Record(
        ("amountIn", CandidType.Text), ("amountOutMinimum", CandidType.Text), ("zeroForOne", CandidType.Bool));

    /// <summary>Answer of <c>quote</c> and <c>quoteForAll</c>.</summary>
    public static CandidType QuoteResult { get; } = Result(CandidType.Nat);

    /// <summary>Answer of a pool's <c>getAvailabilityState</c>.</summary>
    public static CandidType AvailabilityState { get; } = CandidType.Record(
        ("available", CandidType.Bool), ("whiteList", CandidType.Vec(CandidType.Principal)));

    /// <summary>Answer of TACO's <c>getAllAMMPools</c>.</summary>
    public static CandidType TacoPools { get; } = CandidType.Vec(CandidType.Record(
        ("token0", CandidType.Text),
        ("token1", CandidType.Text),
        ("reserve0", CandidType.Nat),
        ("reserve1", CandidType.Nat),
        ("price0", CandidType.Float64),
        ("price1", CandidType.Float64),
        ("totalLiquidity", CandidType.Nat)));

    private static CandidType Result(CandidType ok) => CandidType.Variant(("ok", ok), ("err", Error));
}
