using System.Numerics;
using System.Security.Cryptography;
using Decent.Candid;
using Decent.Canister.Client;
using Decent.Replica.Pools;

namespace Decent.Replica.Canisters;

/// <summary>The TACO exchange: constant-product pools in one canister.</summary>
internal sealed class TacoCanister : NativeCanister
{
    private readonly IReadOnlyList<ReservePool> pools;

    public TacoCanister(Principal id, IReadOnlyList<ReservePool> pools)
        : base(id)
    {
        this.pools = pools;
        Query("getAllAMMPools", _ => (PoolTypes.TacoPools, new CandidValue.Vec(
            [.. pools.Select(static p => new CandidValue.Record(
                ("token0", new CandidValue.Text(p.Token0.Address)),
                ("token1", new CandidValue.Text(p.Token1.Address)),
                ("reserve0", new CandidValue.Nat(p.Reserve0)),
                ("reserve1", new CandidValue.Nat(p.Reserve1)),
                ("price0", new CandidValue.Float64(p.Price0)),
                ("price1", new CandidValue.Float64(p.Price1)),
                ("totalLiquidity", new CandidValue.Nat(p.TotalLiquidity))))])));
    }

    public override byte[] Control(string method, ReadOnlySpan<byte> arg, ulong timeNs)
    {
        if (!string.Equals(method, "swap", StringComparison.Ordinal))
        {
            return base.Control(method, arg, timeNs);
        }

        var request = ControlJson.Read<TacoSwapRequest>(arg);
        var pool = pools.FirstOrDefault(p => Trades(p, request.TokenIn) && Trades(p, request.TokenOut))
            ?? throw new ControlException($"No pool trades '{request.TokenIn}' for '{request.TokenOut}'.");
        var zeroForOne = string.Equals(request.TokenIn, pool.Token0.Address, StringComparison.Ordinal);
        var amount = (BigInteger)ControlJson.Units(request.AmountIn);
        return ControlJson.Write(new SwapResult(pool.Swap(zeroForOne, amount)
            .ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    public override void AddTo(IncrementalHash digest)
    {
        foreach (var pool in pools)
        {
            digest.AppendData(pool.Reserve0.ToByteArray());
            digest.AppendData(pool.Reserve1.ToByteArray());
        }
    }

    private static bool Trades(ReservePool pool, string? token) =>
        string.Equals(pool.Token0.Address, token, StringComparison.Ordinal)
        || string.Equals(pool.Token1.Address, token, StringComparison.Ordinal);
}

/// <summary>Trades against one of the exchange's pools.</summary>
/// <param name="TokenIn">Text of the ledger id of the token that goes in.</param>
/// <param name="TokenOut">Text of the ledger id of the token that comes out.</param>
/// <param name="AmountIn">Smallest units, decimal text.</param>
internal sealed record TacoSwapRequest(string? TokenIn, string? TokenOut, string? AmountIn);
