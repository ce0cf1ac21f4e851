using System.Globalization;
using System.Text.Json;
using Decent.Candid;
using Decent.Canister.Client;
using Leb128 = Decent.Canister.Client.Leb128;

namespace Decent.Architecture.Tests.Conformance;

/// <summary>ICRC-3: hashes of values, chains of blocks under a certified tip.</summary>
internal static class LedgerVectors
{
    private const string File = "icrc3.json";

    public static void Run(ConformanceRun report)
    {
        report.Each(File, "hashes", static one =>
        {
            var value = Vector.Icrc3(one.GetProperty("value"));
            Assert.Equal(one.Text("hash"), Hash(value));
            Assert.Equal(one.Text("hash"), Hash(Icrc3Value.FromCandid(Icrc3Value.ToCandid(value))));
        });
        var chains = Vector.File(File).Items("chains").ToList();
        report.Each(
            File,
            "chains: blocks",
            chains.SelectMany(static c => c.Items("blocks").Select((block, i) => ($"{c.Text("name")}[{i}]", block))),
            static block => Assert.Equal(block.Text("hash"), Hash(Vector.Icrc3(block.GetProperty("value")))));
        report.Each(File, "chains: tip", chains.Select(static c => (c.Text("name"), c)), static chain =>
        {
            var tip = chain.GetProperty("tip");
            Assert.Equal(tip.Text("certified_data"), Vector.Hex(HashTree.Parse(tip.Hex("hash_tree_cbor")).RootHash()));
            Assert.True(IsProven(chain, Blocks(chain), tip.Hex("hash_tree_cbor")));
        });
        report.Each(
            File,
            "chains: negative",
            chains.SelectMany(static c => c.Items("negative").Select(n => (n.Text("id"), (c, n.Text("id"))))),
            static one => Assert.False(IsProvenAfter(one.c, one.Item2)));
    }

    private static bool IsProvenAfter(JsonElement chain, string change)
    {
        var blocks = Blocks(chain);
        var tree = chain.GetProperty("tip").Hex("hash_tree_cbor");
        switch (change)
        {
            case "block-changed":
                var tx = (HashableValue.Map)blocks[1].Fields["tx"];
                var amount = ((HashableValue.Nat)tx.Fields["amt"]).Value;
                blocks[1] = With(blocks[1], "tx", With(tx, "amt", new HashableValue.Nat(amount + 1)));
                break;
            case "phash-missing":
                blocks[1] = new HashableValue.Map(blocks[1].Fields.Where(static f => f.Key != "phash")
                    .ToDictionary(static f => f.Key, static f => f.Value, StringComparer.Ordinal));
                break;
            case "wrong-tip-index":
                tree = HashTree.Fork(
                    HashTree.Labeled("last_block_hash", HashTree.Leaf(chain.GetProperty("tip").Hex("hash"))),
                    HashTree.Labeled("last_block_index", HashTree.Leaf(new byte[] { 0 }))).ToCbor();
                break;
            case "truncated-log":
                blocks.RemoveAt(blocks.Count - 1);
                break;
            default:
                throw new NotSupportedException(change);
        }

        return IsProven(chain, blocks, tree);
    }

    /// <summary>Whether the blocks are all blocks up to a tip that the network certified.</summary>
    private static bool IsProven(JsonElement chain, List<HashableValue.Map> blocks, byte[] tipTree)
    {
        var tip = chain.GetProperty("tip");
        var ledger = Principal.FromText(chain.Text("ledger"));
        var certificate = Certificate.Parse(tip.Hex("certificate"));
        CertificateVectors.Root(chain.Text("root_key_der")).Verify(certificate);
        certificate.CheckCanisterScope(ledger);
        certificate.CheckFresh(ulong.Parse(chain.Text("certificate_time_ns"), CultureInfo.InvariantCulture));
        var path = StatePath.Of("canister").Add(ledger.ToArray()).Add("certified_data");
        var tree = HashTree.Parse(tipTree);
        if (certificate.Tree.Lookup(path) is not LookupResult.Found data
            || !data.Value.Span.SequenceEqual(tree.RootHash()))
        {
            return false;
        }

        string? parent = null;
        foreach (var block in blocks)
        {
            var named = block.Fields.TryGetValue("phash", out var phash)
                ? Vector.Hex(((HashableValue.Blob)phash).Bytes.Span)
                : null;
            if (named != parent)
            {
                return false;
            }

            parent = Hash(block);
        }

        return tree.Lookup("last_block_hash") is LookupResult.Found last
            && Vector.Hex(last.Value.Span) == parent
            && tree.Lookup("last_block_index") is LookupResult.Found index
            && Leb128.DecodeUInt64(index.Value.Span) == (ulong)blocks.Count - 1;
    }

    private static List<HashableValue.Map> Blocks(JsonElement chain) =>
        [.. chain.Items("blocks").Select(static b => (HashableValue.Map)Vector.Icrc3(b.GetProperty("value")))];

    private static HashableValue.Map With(HashableValue.Map map, string key, HashableValue value) =>
        new(new Dictionary<string, HashableValue>(map.Fields, StringComparer.Ordinal) { [key] = value });

    private static string Hash(HashableValue value) => Vector.Hex(RepresentationIndependentHash.Of(value));
}
