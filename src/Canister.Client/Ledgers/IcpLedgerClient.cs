using System.Runtime.CompilerServices;
using Decent.Candid;
using Decent.Canister.Client.IcpLedger;

namespace Decent.Canister.Client;

/// <summary>The ICP ledger with its archives. Its blocks name account identifiers, never owners.</summary>
internal sealed class IcpLedgerClient(IAgent agent, Principal canister, LedgerProfile profile)
    : LedgerClient(agent, canister, profile)
{
    private const string QueryBlocks = "query_blocks";
    private const ulong PageLength = 1_000;

    private readonly IcpLedgerCanister ledger = new(agent, canister);

    public override async Task<ulong> LengthAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await ledger.TipOfChainAsync(cancellationToken)).TipIndex + 1;
        }
        catch (CanisterCallException refused) when (refused.ErrorCode is not null)
        {
            // A ledger without any block has no tip and says so by trapping.
            return (await ledger.QueryBlocksAsync(new GetBlocksArg(0, 0), cancellationToken)).ChainLength;
        }
    }

    public override async IAsyncEnumerable<LedgerBlock> BlocksAsync(
        ulong from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HashSet<Principal>? archives = null;
        for (var next = from; ;)
        {
            var page = await ledger.QueryBlocksAsync(new GetBlocksArg(next, PageLength), cancellationToken);
            if (next >= page.ChainLength)
            {
                yield break;
            }

            var found = new Dictionary<ulong, Block>();
            Collect(found, page.FirstBlockIndex, page.Blocks);
            foreach (var archived in page.ArchivedBlocks)
            {
                archives ??= await ArchivesAsync(cancellationToken);
                Collect(found, archived.Start, await AskArchiveAsync(archived, archives, cancellationToken));
            }

            var start = next;
            while (found.TryGetValue(next, out var block))
            {
                yield return IcpBlockReader.Read(next, block);
                next++;
            }

            if (next == start)
            {
                throw Gap(QueryBlocks, next);
            }
        }
    }

    private static void Collect(Dictionary<ulong, Block> found, ulong first, IReadOnlyList<Block> blocks)
    {
        for (var i = 0; i < blocks.Count; i++)
        {
            found[first + (ulong)i] = blocks[i];
        }
    }

    private async Task<HashSet<Principal>> ArchivesAsync(CancellationToken ct) =>
        [.. (await ledger.ArchivesAsync(ct)).Archives.Select(static a => a.CanisterId)];

    private async Task<IReadOnlyList<Block>> AskArchiveAsync(
        QueryBlocksResultArchivedBlocksItem archived, HashSet<Principal> archives, CancellationToken ct)
    {
        var (archive, method) = (archived.Callback.Canister, archived.Callback.Method);
        if (!archives.Contains(archive))
        {
            throw new CanisterCallException(
                Canister.ToText(), QueryBlocks, $"names {archive} as an archive, which the ledger does not list");
        }

        var answer = await archived.Callback.CallAsync(
            Agent, new GetBlocksArg(archived.Start, archived.Length), ct);
        return answer is ArchiveResult.Ok ok
            ? ok.Blocks
            : throw new CanisterCallException(archive.ToText(), method, "the archive refused the range");
    }
}
