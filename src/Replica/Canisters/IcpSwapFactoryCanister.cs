using Decent.Candid;
using Decent.Canister.Client;

namespace Decent.Replica.Canisters;

/// <summary>ICPSwap's factory: finds the pool of a pair and a fee.</summary>
internal sealed class IcpSwapFactoryCanister : NativeCanister
{
    public IcpSwapFactoryCanister(Principal id, IReadOnlyList<IcpSwapPoolCanister> pools)
        : base(id)
    {
        Query("getPool", PoolTypes.GetPoolArg, (arg, _) =>
        {
            var (a, b) = (arg["token0"]["address"].AsText(), arg["token1"]["address"].AsText());
            var (first, second) = string.CompareOrdinal(a, b) < 0 ? (a, b) : (b, a);
            var key = $"{first}_{second}_{arg["fee"].AsNat()}";
            var pool = pools.FirstOrDefault(p => string.Equals(p.Key, key, StringComparison.Ordinal));
            return (PoolTypes.GetPoolResult, pool is null
                ? new CandidValue.Variant("err", new CandidValue.Variant("CommonError"))
                : new CandidValue.Variant("ok", pool.Data()));
        });
        Query("getPools", _ => (PoolTypes.GetPoolsResult, new CandidValue.Variant(
            "ok", new CandidValue.Vec([.. pools.Select(static p => p.Data())]))));
        Query("getRemovedPools", _ => (PoolTypes.GetPoolsResult, new CandidValue.Variant(
            "ok", new CandidValue.Vec([]))));
    }
}
