using System.Runtime.CompilerServices;
using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>The ICP ledger with its archives. Its blocks name account identifiers, never owners.</summary>
internal sealed class IcpLedgerClient(IAgent agent, Principal canister, LedgerProfile profile)
    : LedgerClient(agent, canister, profile)
{
    private const string QueryBlocks = "query_blocks";
    private const ulong PageLength = 1_000;

    public override async Task<ulong> LengthAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(
                "tip_of_chain",
                CandidArg.Empty,
                static answer => answer.Values[0]["tip_index"].AsNat64() + 1,
                cancellationToken);
        }
        catch (CanisterCallException refused) when (refused.ErrorCode is not null)
        {
            // A ledger without any block has no tip and says so by trapping.
            return await AskAsync(
                QueryBlocks,
                Range(0, 0),
                static answer => answer.Values[0]["chain_length"].AsNat64(),
                cancellationToken);
        }
    }

    public override async IAsyncEnumerable<LedgerBlock> BlocksAsync(
        ulong from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HashSet<Principal>? archives = null;
        for (var next = from; ;)
        {
            var page = await AskAsync(QueryBlocks, Range(next, PageLength), ReadPage, cancellationToken);
            if (next >= page.ChainLength)
            {
                yield break;
            }

            var found = new SortedDictionary<ulong, CandidValue>();
            Collect(found, page.First, page.Blocks);
            foreach (var archived in page.Archived)
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

    private static CandidArg Range(ulong start, ulong length) => CandidArg.Of((
        IcpLedgerTypes.BlocksArg,
        new CandidValue.Record(("start", new CandidValue.Nat64(start)), ("length", new CandidValue.Nat64(length)))));

    private static Page ReadPage(CandidArg answer)
    {
        var result = answer.Values[0];
        return new Page(
            result["chain_length"].AsNat64(),
            result["first_block_index"].AsNat64(),
            result["blocks"].AsVec(),
            [.. result["archived_blocks"].AsVec().Select(static a =>
                new Archived(a["callback"].AsFunc(), a["start"].AsNat64(), a["length"].AsNat64()))]);
    }

    private static void Collect(
        SortedDictionary<ulong, CandidValue> found, ulong first, IReadOnlyList<CandidValue> blocks)
    {
        for (var i = 0; i < blocks.Count; i++)
        {
            found[first + (ulong)i] = blocks[i];
        }
    }

    private async Task<HashSet<Principal>> ArchivesAsync(CancellationToken ct) => await AskAsync(
        "archives",
        CandidArg.Empty,
        static answer => answer.Values[0]["archives"].AsVec()
            .Select(static a => a["canister_id"].AsPrincipal()).ToHashSet(),
        ct);

    private async Task<IReadOnlyList<CandidValue>> AskArchiveAsync(
        Archived archived, HashSet<Principal> archives, CancellationToken ct)
    {
        var (archive, method) = (archived.Callback.ServiceId, archived.Callback.Method);
        if (!archives.Contains(archive))
        {
            throw new CanisterCallException(
                Canister.ToText(), QueryBlocks, $"names {archive} as an archive, which the ledger does not list");
        }

        return await Agent.QueryAsync(
            archive,
            method,
            Range(archived.Start, archived.Length),
            answer => answer.Values[0].AsVariant() is var result && result.Is("Ok")
                ? result.Value["blocks"].AsVec()
                : throw new CanisterCallException(archive.ToText(), method, "the archive refused the range"),
            ct);
    }

    private sealed record Page(
        ulong ChainLength, ulong First, IReadOnlyList<CandidValue> Blocks, IReadOnlyList<Archived> Archived);

    private sealed record Archived(CandidValue.Func Callback, ulong Start, ulong Length);
}
