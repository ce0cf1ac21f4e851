using System.Numerics;
using Decent.Candid;
using Decent.Canister.Client;
using Decent.Replica.Ledgers;

namespace Decent.Replica.Canisters;

/// <summary>The block log of a ledger as <c>icrc3_get_blocks</c> shows it.</summary>
internal sealed class Icrc3Log(TokenLedger ledger)
{
    /// <summary>Most blocks in one answer.</summary>
    public const int PageLength = 100;

    public static IEnumerable<(BigInteger Start, BigInteger Length)> Ranges(CandidValue ranges) =>
        ranges.AsVec().Select(static r => (r["start"].AsNat(), r["length"].AsNat()));

    public static CandidValue Range(BigInteger start, BigInteger length) => new CandidValue.Record(
        ("start", new CandidValue.Nat(start)), ("length", new CandidValue.Nat(length)));

    public static CandidValue Result(
        ulong length, List<CandidValue> blocks, List<CandidValue> archived, Principal? archive) =>
        new CandidValue.Record(
            ("log_length", new CandidValue.Nat(length)),
            ("blocks", new CandidValue.Vec(blocks)),
            ("archived_blocks", new CandidValue.Vec(archive is null || archived.Count == 0
                ? []
                : [new CandidValue.Record(
                    ("args", new CandidValue.Vec(archived)),
                    ("callback", new CandidValue.Func(archive, "icrc3_get_blocks")))])));

    public IEnumerable<CandidValue> Blocks(BigInteger from, BigInteger to, int atMost)
    {
        var end = (int)BigInteger.Min(to, ledger.Blocks.Count);
        for (var i = from; i < end && atMost > 0; i++, atMost--)
        {
            var block = ledger.Blocks[(int)i];
            yield return new CandidValue.Record(
                ("id", new CandidValue.Nat(block.Index)),
                ("block", Icrc3Value.ToCandid(Icrc3Blocks.Block(block))));
        }
    }
}
