using System.Numerics;
using System.Runtime.CompilerServices;
using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>A DFINITY ICRC-1/2/3 ledger with its archives.</summary>
internal sealed class IcrcLedgerClient(IAgent agent, Principal canister, LedgerProfile profile)
    : LedgerClient(agent, canister, profile)
{
    private const string GetBlocks = "icrc3_get_blocks";

    /// <summary>What one answer of the ledger holds at most.</summary>
    private const ulong PageLength = 100;

    public override Task<ulong> LengthAsync(CancellationToken cancellationToken) => AskAsync(
        GetBlocks, Ranges(0, 0), static answer => answer.Values[0]["log_length"].AsNat64(), cancellationToken);

    public override async IAsyncEnumerable<LedgerBlock> BlocksAsync(
        ulong from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HashSet<Principal>? archives = null;
        for (var next = from; ;)
        {
            var page = await AskAsync(GetBlocks, Ranges(next, PageLength), ReadPage, cancellationToken);
            if (next >= page.LogLength)
            {
                yield break;
            }

            var found = new SortedDictionary<ulong, CandidValue>(page.Blocks);
            foreach (var archived in page.Archived)
            {
                archives ??= await ArchivesAsync(cancellationToken);
                foreach (var (id, block) in await AskArchiveAsync(archived, archives, cancellationToken))
                {
                    found[id] = block;
                }
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

    private static CandidArg Ranges(ulong start, ulong length) => CandidArg.Of((
        IcrcTypes.BlockRanges,
        new CandidValue.Vec([new CandidValue.Record(
            ("start", new CandidValue.Nat(start)), ("length", new CandidValue.Nat(length)))])));

    private static Page ReadPage(CandidArg answer)
    {
        var result = answer.Values[0];
        return new Page(
            result["log_length"].AsNat64(),
            result["blocks"].AsVec().ToDictionary(static b => b["id"].AsNat64(), static b => b["block"]),
            [.. result["archived_blocks"].AsVec().Select(static a => new Archived(
                a["callback"].AsFunc(),
                [.. a["args"].AsVec().Select(static r => (r["start"].AsNat(), r["length"].AsNat()))]))]);
    }

    private async Task<HashSet<Principal>> ArchivesAsync(CancellationToken ct) => await AskAsync(
        "icrc3_get_archives",
        CandidArg.Of((IcrcTypes.ArchivesArg, new CandidValue.Record(("from", CandidValue.None)))),
        static answer => answer.Values[0].AsVec().Select(static a => a["canister_id"].AsPrincipal()).ToHashSet(),
        ct);

    private async Task<Dictionary<ulong, CandidValue>> AskArchiveAsync(
        Archived archived, HashSet<Principal> archives, CancellationToken ct)
    {
        var (archive, method) = (archived.Callback.ServiceId, archived.Callback.Method);
        if (!archives.Contains(archive))
        {
            throw new CanisterCallException(
                Canister.ToText(), GetBlocks, $"names {archive} as an archive, which the ledger does not list");
        }

        var ranges = new CandidValue.Vec([.. archived.Ranges.Select(static r => (CandidValue)new CandidValue.Record(
            ("start", new CandidValue.Nat(r.Start)), ("length", new CandidValue.Nat(r.Length))))]);
        var page = await Agent.QueryAsync(
            archive, method, CandidArg.Of((IcrcTypes.BlockRanges, ranges)), ReadPage, ct);
        return page.Blocks;
    }

    private sealed record Page(
        ulong LogLength, Dictionary<ulong, CandidValue> Blocks, IReadOnlyList<Archived> Archived);

    private sealed record Archived(
        CandidValue.Func Callback, IReadOnlyList<(BigInteger Start, BigInteger Length)> Ranges);
}
