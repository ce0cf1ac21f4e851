using System.Security.Cryptography;
using Decent.Canister.Client;

namespace Decent.Replica.Ledgers;

/// <summary>The hash that the next block names as its parent, in the ledger's own form.</summary>
internal static class BlockHash
{
    public static byte[] Of(LedgerProfile profile, TokenBlock block) => profile.Blocks switch
    {
        BlockApi.Icrc3 => RepresentationIndependentHash.Of(Icrc3Blocks.Block(block)),
        BlockApi.QueryBlocks => SHA256.HashData(IcpBlockEncoding.Block(block)),
        _ => PlatformEntries.ChainHash(block),
    };
}
