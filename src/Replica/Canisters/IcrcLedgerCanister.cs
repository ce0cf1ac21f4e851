using System.Numerics;
using Decent.Candid;
using Decent.Canister.Client;
using Decent.Replica.Ledgers;
using Leb128 = Decent.Canister.Client.Leb128;

namespace Decent.Replica.Canisters;

/// <summary>A DFINITY ledger: ICRC-1, ICRC-2 and ICRC-3 with one archive.</summary>
internal sealed class IcrcLedgerCanister : LedgerCanister
{
    private static readonly string[] BlockTypes = ["1mint", "1burn", "1xfer", "2xfer", "2approve"];

    private readonly Icrc3Log log;
    private readonly Principal? archive;

    public IcrcLedgerCanister(Principal id, LedgerSettings settings, Principal? archive)
        : base(id, settings)
    {
        this.archive = archive;
        log = new Icrc3Log(Ledger);
        AddIcrc2();
        Query("icrc10_supported_standards", _ => (IcrcTypes.Standards, LedgerCandid.Standards(Standards)));
        Query("icrc3_get_blocks", IcrcTypes.BlockRanges, (arg, _) => (IcrcTypes.BlocksResult, GetBlocks(arg)));
        Query("icrc3_get_archives", IcrcTypes.ArchivesArg, (_, _) => (IcrcTypes.Archives, GetArchives()));
        Query("icrc3_get_tip_certificate", context => (IcrcTypes.TipCertificate, GetTip(context)));
        Query("icrc3_supported_block_types", _ => (IcrcTypes.BlockTypes, new CandidValue.Vec(
            [.. BlockTypes.Select(static t => new CandidValue.Record(
                ("block_type", new CandidValue.Text(t)),
                ("url", new CandidValue.Text("https://github.com/dfinity/ICRC-1/tree/main/standards/ICRC-3"))))])));
    }

    public override byte[]? CertifiedData => Ledger.Blocks.Count == 0 ? null : TipTree().RootHash();

    /// <summary>Blocks below this index are answered by the archive only.</summary>
    public ulong FirstOwnBlock => archive is null || Ledger.Settings.ArchiveAfter is not { } keep
        ? 0
        : (ulong)Math.Max(0, Ledger.Blocks.Count - keep);

    protected override IReadOnlyList<string> Standards => ["ICRC-1", "ICRC-2", "ICRC-3", "ICRC-10"];

    private CandidValue GetBlocks(CandidValue ranges)
    {
        var own = new List<CandidValue>();
        var archived = new List<CandidValue>();
        foreach (var (start, length) in Icrc3Log.Ranges(ranges))
        {
            var border = FirstOwnBlock;
            if (start < border && length > 0)
            {
                archived.Add(Icrc3Log.Range(start, BigInteger.Min(length, border - start)));
            }

            own.AddRange(log.Blocks(BigInteger.Max(start, border), start + length, Icrc3Log.PageLength - own.Count));
        }

        return Icrc3Log.Result((ulong)Ledger.Blocks.Count, own, archived, archive);
    }

    private CandidValue GetArchives() => new CandidValue.Vec(
        archive is null || FirstOwnBlock == 0
            ? []
            : [new CandidValue.Record(
                ("canister_id", new CandidValue.Principal(archive)),
                ("start", new CandidValue.Nat(0)),
                ("end", new CandidValue.Nat(FirstOwnBlock - 1)))]);

    private CandidValue GetTip(MessageContext context) =>
        context.DataCertificate is not { } certificate || Ledger.Blocks.Count == 0
            ? CandidValue.None
            : CandidValue.Some(new CandidValue.Record(
                ("certificate", new CandidValue.Blob(certificate())),
                ("hash_tree", new CandidValue.Blob(TipTree().ToCbor()))));

    private HashTree TipTree()
    {
        var tip = Ledger.Blocks[^1];
        return HashTree.Fork(
            HashTree.Labeled("last_block_hash", HashTree.Leaf(tip.Hash)),
            HashTree.Labeled("last_block_index", HashTree.Leaf(Leb128.EncodeUnsigned(tip.Index))));
    }
}

/// <summary>The archive of a DFINITY ledger: serves the blocks the ledger no longer serves itself.</summary>
internal sealed class IcrcArchiveCanister : NativeCanister
{
    /// <summary>Less than is usually asked for, so that readers meet partial answers.</summary>
    private const int PageLength = 40;

    public IcrcArchiveCanister(Principal id, IcrcLedgerCanister ledger)
        : base(id)
    {
        var log = new Icrc3Log(ledger.Ledger);
        Query("icrc3_get_blocks", IcrcTypes.BlockRanges, (arg, _) =>
        {
            var blocks = new List<CandidValue>();
            foreach (var (start, length) in Icrc3Log.Ranges(arg))
            {
                var end = BigInteger.Min(start + length, ledger.FirstOwnBlock);
                blocks.AddRange(log.Blocks(start, end, PageLength - blocks.Count));
            }

            return (IcrcTypes.BlocksResult, Icrc3Log.Result(ledger.FirstOwnBlock, blocks, [], null));
        });
    }
}
