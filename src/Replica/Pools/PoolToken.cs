namespace Decent.Replica.Pools;

/// <summary>A token as a pool names it.</summary>
/// <param name="Address">Text of the ledger's canister id.</param>
/// <param name="Standard">The name the venue gives the ledger's standard.</param>
/// <param name="Decimals">Digits after the point; known to the replica, never part of a pool's answer.</param>
internal sealed record PoolToken(string Address, string Standard, byte Decimals);
