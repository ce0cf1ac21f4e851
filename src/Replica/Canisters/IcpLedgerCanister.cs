using Decent.Candid;
using Decent.Canister.Client;
using Decent.Replica.Ledgers;

namespace Decent.Replica.Canisters;

/// <summary>The ICP ledger: ICRC-1 and ICRC-2 in front, account identifiers and chained blocks behind.</summary>
internal sealed class IcpLedgerCanister : LedgerCanister
{
    private const ulong PageLength = 2_000;

    private readonly Principal? archive;

    public IcpLedgerCanister(Principal id, LedgerSettings settings, Principal? archive)
        : base(id, settings)
    {
        this.archive = archive;
        AddIcrc2();
        Query("icrc10_supported_standards", _ => (IcrcTypes.Standards, LedgerCandid.Standards(Standards)));
        Query("query_blocks", IcpLedgerTypes.BlocksArg, (arg, context) =>
            (IcpLedgerTypes.BlocksResult, QueryBlocks(arg["start"].AsNat64(), arg["length"].AsNat64(), context)));
        Query("tip_of_chain", context => (IcpLedgerTypes.TipOfChain, Tip(context)));
        Query("archives", _ => (IcpLedgerTypes.Archives, new CandidValue.Record(("archives", new CandidValue.Vec(
            FirstOwnBlock == 0
                ? []
                : [new CandidValue.Record(("canister_id", new CandidValue.Principal(archive!)))])))));
        Query("account_identifier", IcrcTypes.Account, (arg, _) =>
            (CandidType.Blob, new CandidValue.Blob(LedgerCandid.ReadAccount(arg).IdentifierBytes())));
        Query("account_balance", IcpLedgerTypes.AccountBalanceArg, (arg, _) =>
            (IcpLedgerTypes.Tokens, IcpBlockCandid.Tokens(
                Ledger.BalanceOfIdentifier(Convert.ToHexStringLower(arg["account"].AsBlob())))));
        Query("transfer_fee", CandidType.Record(), (_, _) => (
            IcpLedgerTypes.TransferFee, new CandidValue.Record(("transfer_fee", IcpBlockCandid.Tokens(settings.Fee)))));
        Query("symbol", _ => Named("symbol", CandidType.Text, new CandidValue.Text(settings.Symbol)));
        Query("name", _ => Named("name", CandidType.Text, new CandidValue.Text(settings.Name)));
        Query("decimals", _ => Named("decimals", CandidType.Nat32, new CandidValue.Nat32(settings.Decimals)));
    }

    public override byte[]? CertifiedData => Ledger.Blocks.Count == 0 ? null : Ledger.Blocks[^1].Hash;

    public ulong FirstOwnBlock => archive is null || Ledger.Settings.ArchiveAfter is not { } keep
        ? 0
        : (ulong)Math.Max(0, Ledger.Blocks.Count - keep);

    protected override IReadOnlyList<string> Standards => ["ICRC-1", "ICRC-2", "ICRC-10"];

    private static (CandidType, CandidValue) Named(string field, CandidType type, CandidValue value) =>
        (CandidType.Record((field, type)), new CandidValue.Record((field, value)));

    private CandidValue QueryBlocks(ulong start, ulong length, MessageContext context)
    {
        var count = (ulong)Ledger.Blocks.Count;
        var end = length > count - Math.Min(start, count) ? count : start + length;
        var border = FirstOwnBlock;
        var first = Math.Min(Math.Max(start, border), count);
        var blocks = Enumerable.Range((int)first, (int)Math.Min(end < first ? 0 : end - first, PageLength))
            .Select(i => IcpBlockCandid.Block(Ledger.Blocks[i]));
        var archived = start < border && end > start
            ? new CandidValue.Vec([new CandidValue.Record(
                ("start", new CandidValue.Nat64(start)),
                ("length", new CandidValue.Nat64(Math.Min(end, border) - start)),
                ("callback", new CandidValue.Func(archive!, "get_blocks")))])
            : new CandidValue.Vec([]);
        return new CandidValue.Record(
            ("chain_length", new CandidValue.Nat64(count)),
            ("certificate", Certificate(context)),
            ("blocks", new CandidValue.Vec([.. blocks])),
            ("first_block_index", new CandidValue.Nat64(first)),
            ("archived_blocks", archived));
    }

    private CandidValue Tip(MessageContext context) => Ledger.Blocks.Count == 0
        ? throw new CanisterTrapException("the chain has no blocks")
        : new CandidValue.Record(
            ("certification", Certificate(context)),
            ("tip_index", new CandidValue.Nat64(Ledger.Blocks[^1].Index)));

    private CandidValue Certificate(MessageContext context) =>
        LedgerCandid.OptionalBlob(Ledger.Blocks.Count == 0 ? null : context.DataCertificate?.Invoke());
}

/// <summary>The archive of the ICP ledger.</summary>
internal sealed class IcpArchiveCanister : NativeCanister
{
    private const int PageLength = 40;

    public IcpArchiveCanister(Principal id, IcpLedgerCanister ledger)
        : base(id)
    {
        Query("get_blocks", IcpLedgerTypes.BlocksArg, (arg, _) =>
        {
            var start = Math.Min(arg["start"].AsNat64(), ledger.FirstOwnBlock);
            var length = Math.Min(Math.Min(arg["length"].AsNat64(), ledger.FirstOwnBlock - start), PageLength);
            var blocks = Enumerable.Range((int)start, (int)length)
                .Select(i => IcpBlockCandid.Block(ledger.Ledger.Blocks[i]));
            return (IcpLedgerTypes.ArchiveResult, new CandidValue.Variant(
                "Ok", new CandidValue.Record(("blocks", new CandidValue.Vec([.. blocks])))));
        });
    }
}
