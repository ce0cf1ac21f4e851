using System.Runtime.CompilerServices;
using Decent.Candid;
using Decent.Canister.Client.IcrcLedger;

namespace Decent.Canister.Client;

/// <summary>A DFINITY ICRC-1/2/3 ledger with its archives.</summary>
internal sealed class IcrcLedgerClient(IAgent agent, Principal canister, LedgerProfile profile)
    : LedgerClient(agent, canister, profile)
{
    private const string GetBlocks = "icrc3_get_blocks";

    /// <summary>What one answer of the ledger holds at most.</summary>
    private const ulong PageLength = 100;

    private readonly IcrcLedgerCanister ledger = new(agent, canister);

    public override async Task<ulong> LengthAsync(CancellationToken cancellationToken) =>
        Index(GetBlocks, (await ledger.Icrc3GetBlocksAsync([new BlockRange(0, 0)], cancellationToken)).LogLength);

    public override async IAsyncEnumerable<LedgerBlock> BlocksAsync(
        ulong from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HashSet<Principal>? archives = null;
        for (var next = from; ;)
        {
            var page = await ledger.Icrc3GetBlocksAsync([new BlockRange(next, PageLength)], cancellationToken);
            if (next >= page.LogLength)
            {
                yield break;
            }

            var found = new Dictionary<ulong, IcrcLedger.Icrc3Value>();
            Collect(found, page);
            foreach (var archived in page.ArchivedBlocks)
            {
                archives ??= await ArchivesAsync(cancellationToken);
                if (!archives.Contains(archived.Callback.Canister))
                {
                    throw new CanisterCallException(
                        Canister.ToText(),
                        GetBlocks,
                        $"names {archived.Callback.Canister} as an archive, which the ledger does not list");
                }

                Collect(found, await archived.Callback.CallAsync(Agent, archived.Args, cancellationToken));
            }

            var start = next;
            while (found.TryGetValue(next, out var block))
            {
                yield return Icrc3BlockReader.Read(next, block);
                next++;
            }

            if (next == start)
            {
                throw Gap(GetBlocks, next);
            }
        }
    }

    private void Collect(Dictionary<ulong, IcrcLedger.Icrc3Value> found, GetBlocksResult page)
    {
        foreach (var block in page.Blocks)
        {
            found[Index(GetBlocks, block.Id)] = block.Block;
        }
    }

    private async Task<HashSet<Principal>> ArchivesAsync(CancellationToken ct) =>
    [
        .. (await ledger.Icrc3GetArchivesAsync(new Icrc3GetArchivesArgument(From: null), ct))
            .Select(static a => a.CanisterId),
    ];
}
