using System.Numerics;
using System.Security.Cryptography;
using Decent.Candid;
using Decent.Canister.Client;
using Decent.Replica.Ledgers;

namespace Decent.Replica.Canisters;

/// <summary>The platform canister: its token ledger, the log of entries behind it, and its metadata.</summary>
internal sealed class PlatformCanister : LedgerCanister
{
    /// <summary>The canister states this constant, whatever circulates.</summary>
    private static readonly UInt128 StatedSupply = (UInt128)21_000_000 * 1_000_000_000;

    private const uint DefaultLimit = 100;
    private const uint MaxLimit = 1_000;

    /// <summary>Byte position of every block; one block holds one transfer here.</summary>
    private readonly List<ulong> positions = [];

    private ulong tokenValueUsdE6;

    public PlatformCanister(Principal id, LedgerSettings settings, ulong tokenValueUsdE6)
        : base(id, settings)
    {
        this.tokenValueUsdE6 = tokenValueUsdE6;
        Query("metadata", _ => (IcrcTypes.Metadata, LedgerCandid.Metadata(LedgerMetadata())));
        Query("ledger_entries", [.. PlatformTypes.LedgerEntriesArgs], (arg, _) =>
            CandidArg.Of((PlatformTypes.LedgerEntriesResult, Entries(arg))));
        Query("get_transactions", PlatformTypes.TransactionsArg, (arg, _) =>
            (PlatformTypes.TransactionsResult, Transactions(arg["start"].AsNat(), arg["length"].AsNat())));
    }

    protected override IReadOnlyList<string> Standards => ["ICRC-1"];

    protected override UInt128 TotalSupply => StatedSupply;

    protected override string MetadataPrefix => string.Empty;

    public override byte[] Control(string method, ReadOnlySpan<byte> arg, ulong timeNs)
    {
        if (!string.Equals(method, "token_value", StringComparison.Ordinal))
        {
            return base.Control(method, arg, timeNs);
        }

        tokenValueUsdE6 = ControlJson.Read<TokenValueRequest>(arg).UsdE6;
        return "{}"u8.ToArray();
    }

    public override void AddTo(IncrementalHash digest)
    {
        base.AddTo(digest);
        digest.AppendData(BitConverter.GetBytes(tokenValueUsdE6));
    }

    private IEnumerable<(string Key, string Case, CandidValue Value)> LedgerMetadata()
    {
        var blocks = Ledger.Blocks;
        yield return ("ledger:data_start_lba", "Nat", new CandidValue.Nat(PlatformEntries.DataStart));
        yield return ("ledger:num_blocks", "Nat", new CandidValue.Nat(blocks.Count));
        yield return ("ledger:latest_block_hash", "Blob", new CandidValue.Blob(
            blocks.Count == 0 ? [] : blocks[^1].Hash));
        yield return ("ledger:latest_block_timestamp_ns", "Nat", new CandidValue.Nat(
            blocks.Count == 0 ? BigInteger.Zero : blocks[^1].Timestamp));
        yield return ("ledger:next_block_start_pos", "Nat", new CandidValue.Nat(End()));
        yield return ("ledger:token_value_in_usd_e6", "Nat", new CandidValue.Nat(tokenValueUsdE6));
    }

    private CandidValue Entries(CandidArg arg)
    {
        var label = arg.Values[0].AsOpt()?.AsText();
        var limit = Math.Min((uint)(arg.Values[2].AsOpt()?.AsNat64() ?? DefaultLimit), MaxLimit);
        var first = FirstBlock(arg.Values[1].AsOpt());
        var count = label is null || string.Equals(label, PlatformTransfer.Label, StringComparison.Ordinal)
            ? (int)Math.Min(Math.Max(0, Ledger.Blocks.Count - first), limit)
            : 0;
        var entries = Ledger.Blocks.Skip(first).Take(count).Select(static block => (CandidValue)new CandidValue.Record(
            ("label", new CandidValue.Text(PlatformTransfer.Label)),
            ("key", new CandidValue.Blob(PlatformEntries.Key(block))),
            ("value", new CandidValue.Blob(PlatformEntries.Value(block)))));
        var next = first + count;
        return new CandidValue.Record(
            ("entries", new CandidValue.Vec([.. entries])),
            ("has_more", new CandidValue.Bool(count > 0 && next < Ledger.Blocks.Count)),
            ("next_cursor", count == 0 ? CandidValue.None : CandidValue.Some(new CandidValue.Record(
                ("block_position", new CandidValue.Nat64(Position(next))),
                ("entry_index", new CandidValue.Nat32(0))))));
    }

    /// <summary>The block a cursor points to. Every block holds one entry: entry 1 of it is the block behind.</summary>
    private int FirstBlock(CandidValue? cursor)
    {
        if (cursor is null)
        {
            return 0;
        }

        var position = cursor["block_position"].AsNat64();
        _ = Position(Ledger.Blocks.Count);
        var block = positions.BinarySearch(position);
        var first = block >= 0 ? block : ~block;
        return first + (cursor["entry_index"].AsNat64() > 0 ? 1 : 0);
    }

    private ulong End() => Position(Ledger.Blocks.Count);

    /// <summary>Where block <paramref name="block"/> starts, or will start.</summary>
    private ulong Position(int block)
    {
        while (positions.Count <= block)
        {
            positions.Add(positions.Count == 0
                ? PlatformEntries.DataStart
                : positions[^1] + PlatformEntries.Length(Ledger.Blocks[positions.Count - 1]));
        }

        return positions[block];
    }

    private CandidValue Transactions(BigInteger start, BigInteger length)
    {
        var count = Ledger.Blocks.Count;
        var first = (int)BigInteger.Min(start, count);
        var taken = Ledger.Blocks.Skip(first).Take((int)BigInteger.Min(length, 2_000));
        return new CandidValue.Record(
            ("log_length", new CandidValue.Nat(count)),
            ("first_index", new CandidValue.Nat(first)),
            ("transactions", new CandidValue.Vec([.. taken.Select(PlatformTransactions.Transaction)])),
            ("archived_transactions", new CandidValue.Vec([])));
    }
}

/// <summary>Sets the token value the platform canister shows.</summary>
/// <param name="UsdE6">USD per whole token × 10^6.</param>
internal sealed record TokenValueRequest(ulong UsdE6);
