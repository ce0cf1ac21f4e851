using System.Numerics;
using System.Security.Cryptography;
using Decent.Candid;
using Decent.Canister.Client;
using Decent.Replica.Pools;

namespace Decent.Replica.Canisters;

/// <summary>One ICPSwap pool.</summary>
internal sealed class IcpSwapPoolCanister : NativeCanister
{
    private const int TickSpacing = 60;

    /// <summary>What the exchange's own library gives for this spacing; nobody computes with it here.</summary>
    private static readonly BigInteger MaxLiquidityPerTick =
        BigInteger.Parse("11505743598341114571880798222544994", System.Globalization.CultureInfo.InvariantCulture);

    private readonly ConcentratedPool pool;

    public IcpSwapPoolCanister(Principal id, ConcentratedPool pool)
        : base(id)
    {
        this.pool = pool;
        Query("metadata", _ => (PoolTypes.MetadataResult, Ok(Metadata())));
        Query("getTokenAmountState", _ => (PoolTypes.TokenAmountStateResult, Ok(new CandidValue.Record(
            ("token0Amount", new CandidValue.Nat(pool.Amount0)),
            ("token1Amount", new CandidValue.Nat(pool.Amount1)),
            ("swapFee0Repurchase", new CandidValue.Nat(0)),
            ("swapFee1Repurchase", new CandidValue.Nat(0)),
            ("swapFeeReceiver", new CandidValue.Text(id.ToText()))))));
        Query("quote", PoolTypes.QuoteArg, (arg, _) => (PoolTypes.QuoteResult, Quote(arg)));
        Query("quoteForAll", PoolTypes.QuoteArg, (arg, _) => (PoolTypes.QuoteResult, Quote(arg)));
        Query("getAvailabilityState", _ => (PoolTypes.AvailabilityState, new CandidValue.Record(
            ("available", new CandidValue.Bool(true)), ("whiteList", new CandidValue.Vec([])))));
        Query("getVersion", _ => (CandidType.Text, new CandidValue.Text("3.6.3")));
    }

    public string Key => pool.Key;

    /// <summary>A pool refuses updates (also certified reads) from nobody in particular.</summary>
    public override bool Inspect(string method, Principal caller) => !caller.IsAnonymous;

    public CandidValue Data() => new CandidValue.Record(
        ("canisterId", new CandidValue.Principal(Id)),
        ("fee", new CandidValue.Nat(pool.Fee)),
        ("key", new CandidValue.Text(pool.Key)),
        ("tickSpacing", new CandidValue.Int(TickSpacing)),
        ("token0", Token(pool.Token0)),
        ("token1", Token(pool.Token1)));

    public override byte[] Control(string method, ReadOnlySpan<byte> arg, ulong timeNs)
    {
        if (!string.Equals(method, "swap", StringComparison.Ordinal))
        {
            return base.Control(method, arg, timeNs);
        }

        var request = ControlJson.Read<SwapRequest>(arg);
        var zeroForOne = string.Equals(request.TokenIn, pool.Token0.Address, StringComparison.Ordinal);
        if (!zeroForOne && !string.Equals(request.TokenIn, pool.Token1.Address, StringComparison.Ordinal))
        {
            throw new ControlException($"The pool does not trade '{request.TokenIn}'.");
        }

        var amount = (BigInteger)ControlJson.Units(request.AmountIn);
        var next = pool.Peek(zeroForOne, amount);
        if (next < TickMath.MinSqrtRatio || next >= TickMath.MaxSqrtRatio)
        {
            throw new ControlException("The trade would leave the pool's price range.");
        }

        return ControlJson.Write(new SwapResult(pool.Swap(zeroForOne, amount)
            .ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    public override void AddTo(IncrementalHash digest)
    {
        digest.AppendData(pool.SqrtPriceX96.ToByteArray());
        digest.AppendData(pool.Amount0.ToByteArray());
        digest.AppendData(pool.Amount1.ToByteArray());
    }

    private static CandidValue Ok(CandidValue value) => new CandidValue.Variant("ok", value);

    private static CandidValue InternalError(string words) => new CandidValue.Variant(
        "err", new CandidValue.Variant("InternalError", new CandidValue.Text(words)));

    private static CandidValue Token(PoolToken token) => new CandidValue.Record(
        ("address", new CandidValue.Text(token.Address)), ("standard", new CandidValue.Text(token.Standard)));

    private CandidValue Metadata() => new CandidValue.Record(
        ("fee", new CandidValue.Nat(pool.Fee)),
        ("key", new CandidValue.Text(pool.Key)),
        ("liquidity", new CandidValue.Nat(pool.Liquidity)),
        ("maxLiquidityPerTick", new CandidValue.Nat(MaxLiquidityPerTick)),
        ("nextPositionId", new CandidValue.Nat(2)),
        ("sqrtPriceX96", new CandidValue.Nat(pool.SqrtPriceX96)),
        ("tick", new CandidValue.Int(pool.Tick)),
        ("token0", Token(pool.Token0)),
        ("token1", Token(pool.Token1)));

    private CandidValue Quote(CandidValue arg)
    {
        if (!BigInteger.TryParse(
                arg["amountIn"].AsText(), System.Globalization.NumberStyles.None, null, out var amount)
            || amount.IsZero)
        {
            return InternalError("Amount can not be zero");
        }

        var zeroForOne = arg["zeroForOne"].AsBool();
        var next = pool.Peek(zeroForOne, amount);
        return next < TickMath.MinSqrtRatio || next >= TickMath.MaxSqrtRatio
            ? InternalError("The maximum amount of input tokens is exceeded")
            : Ok(new CandidValue.Nat(pool.Quote(zeroForOne, amount)));
    }
}
