using CsCheck;

namespace Decent.Canister.Client.Tests.Certificates;

public sealed class HashTreeTests
{
    [Fact]
    public void Published_trees_have_their_root_hash_and_answer_every_lookup()
    {
        foreach (var tree in Json.File("hash-trees.json").Items("trees"))
        {
            var name = tree.Text("name");
            var parsed = HashTree.Parse(tree.Hex("cbor"));
            Assert.Equal((name, tree.Text("root_hash")), (name, Convert.ToHexStringLower(parsed.RootHash())));
            Assert.Equal(parsed.RootHash(), HashTree.Parse(parsed.ToCbor()).RootHash());
            foreach (var lookup in tree.Items("lookups"))
            {
                var path = new StatePath([.. lookup.Items("path_hex")
                    .Select(l => (ReadOnlyMemory<byte>)Convert.FromHexString(l.GetString()!))]);
                var result = parsed.Lookup(path);
                Assert.Equal((name, path, lookup.Text("result")), (name, path, result.GetType().Name));
                if (result is LookupResult.Found found)
                {
                    Assert.Equal(lookup.Text("value_hex"), Convert.ToHexStringLower(found.Value.Span));
                }
            }
        }
    }

    [Fact]
    public void Malformed_trees_are_refused_and_ill_formed_ones_are_recognised()
    {
        var file = Json.File("hash-trees.json");
        foreach (var bad in file.Items("malformed_cbor"))
        {
            Assert.Throws<FormatException>(() => HashTree.Parse(bad.Hex("cbor")));
        }

        foreach (var ill in file.Items("ill_formed"))
        {
            var tree = HashTree.Parse(ill.Hex("cbor"));
            Assert.False(tree.IsWellFormed());
            Assert.Equal(ill.Text("root_hash"), Convert.ToHexStringLower(tree.RootHash()));
        }
    }

    [Fact]
    public void A_leaf_beside_a_label_and_an_equal_label_are_not_well_formed()
    {
        var leaf = HashTree.Leaf(new byte[] { 1 });
        var a = HashTree.Labeled("a", leaf);
        Assert.False(HashTree.Fork(a, leaf).IsWellFormed());
        Assert.False(HashTree.Fork(leaf, leaf).IsWellFormed());
        Assert.False(HashTree.Fork(a, a).IsWellFormed());
        Assert.False(HashTree.Labeled("x", HashTree.Fork(a, leaf)).IsWellFormed());
        Assert.True(HashTree.Fork(HashTree.Empty, HashTree.Fork(a, HashTree.Labeled("b", leaf))).IsWellFormed());
        Assert.True(leaf.IsWellFormed());
    }

    [Fact]
    public void A_pruned_gap_is_unknown_and_not_absent()
    {
        var leaf = HashTree.Leaf(new byte[] { 1 });
        var gap = HashTree.Fork(
            HashTree.Labeled("a", leaf), HashTree.Fork(HashTree.Pruned(new byte[32]), HashTree.Labeled("c", leaf)));
        Assert.IsType<LookupResult.Unknown>(gap.Lookup("b"));
        Assert.IsType<LookupResult.Absent>(gap.Lookup("d"));
        Assert.IsType<LookupResult.Absent>(gap.Lookup("Z"));
        Assert.IsType<LookupResult.Found>(gap.Lookup("a"));
        Assert.IsType<LookupResult.Error>(HashTree.Labeled("x", gap).Lookup("x"));
        Assert.IsType<LookupResult.Absent>(gap.Lookup("a", "deeper"));
    }

    [Fact]
    public void Too_deep_a_tree_is_refused()
    {
        var tree = HashTree.Leaf(default);
        for (var i = 0; i < HashTree.MaximumDepth; i++)
        {
            tree = HashTree.Labeled("x", tree);
        }

        Assert.NotNull(HashTree.Parse(tree.ToCbor()));
        Assert.Throws<FormatException>(() => HashTree.Parse(HashTree.Labeled("x", tree).ToCbor()));
    }

    [Fact]
    public void A_witness_keeps_the_root_hash_and_says_the_same_about_what_was_asked_and_nothing_else()
    {
        var labels = Gen.Byte[0, 12].Array[0, 2];
        var trees = Gen.Recursive<HashTree>((depth, inner) =>
            depth > 3
                ? labels.Select(l => HashTree.Leaf(l))
                : Gen.OneOf(
                    labels.Select(l => HashTree.Leaf(l)),
                    Gen.Select(labels, inner).Array[0, 6].Select(Of)));
        var paths = labels.Array[1, 4].Select(ls => new StatePath([.. ls.Select(l => (ReadOnlyMemory<byte>)l)]));
        Gen.Select(trees, paths.Array[1, 4], paths).Sample(
            (tree, asked, other) =>
            {
                var witness = tree.Witness(asked);
                Assert.Equal(tree.RootHash(), witness.RootHash());
                Assert.True(witness.IsWellFormed());
                foreach (var path in asked)
                {
                    Same(tree.Lookup(path), witness.Lookup(path));
                }

                var unasked = witness.Lookup(other);
                if (unasked is LookupResult.Found or LookupResult.Absent)
                {
                    Same(tree.Lookup(other), unasked);
                }
            },
            iter: Testing.Deep.Count(400));

        static HashTree Of((byte[] Label, HashTree Tree)[] children) => HashTree.OfLabels(
            children.DistinctBy(c => Convert.ToHexString(c.Label), StringComparer.Ordinal)
                .Select(c => KeyValuePair.Create((ReadOnlyMemory<byte>)c.Label, c.Tree)));

        static void Same(LookupResult expected, LookupResult actual)
        {
            Assert.Equal(expected.GetType(), actual.GetType());
            if (expected is LookupResult.Found a && actual is LookupResult.Found b)
            {
                Assert.Equal(a.Value.ToArray(), b.Value.ToArray());
            }
        }
    }

    [Fact]
    public void A_witness_hides_what_was_not_asked()
    {
        var tree = HashTree.OfLabels(
            "abcdefgh".Select(c => KeyValuePair.Create(
                (ReadOnlyMemory<byte>)new[] { (byte)c }, HashTree.Leaf(new[] { (byte)(c + 1) }))));
        var witness = tree.Witness([StatePath.Of("c"), StatePath.Of("ee")]);
        Assert.IsType<LookupResult.Found>(witness.Lookup("c"));
        Assert.IsType<LookupResult.Absent>(witness.Lookup("ee"));
        Assert.IsType<LookupResult.Unknown>(witness.Lookup("e"));
        Assert.IsType<LookupResult.Unknown>(witness.Lookup("a"));
        Assert.IsType<LookupResult.Unknown>(witness.Lookup("h"));
    }

    [Fact]
    public void The_leaves_under_a_prefix_come_in_order_and_a_missing_prefix_is_null()
    {
        var tree = HashTree.Labeled("r", HashTree.OfLabels(
        [
            KeyValuePair.Create((ReadOnlyMemory<byte>)new byte[] { 2 }, HashTree.Leaf(new byte[] { 20 })),
            KeyValuePair.Create((ReadOnlyMemory<byte>)new byte[] { 1 }, HashTree.Leaf(new byte[] { 10 })),
        ]));
        Assert.Equal([10, 20], tree.LeavesUnder(StatePath.Of("r"))!.Select(l => l.Value.Span[0]));
        Assert.Null(tree.LeavesUnder(StatePath.Of("s")));
    }

    [Fact]
    public void A_label_is_compared_from_its_first_byte_on_and_a_prefix_comes_first()
    {
        // Another library called a label greater as soon as any byte was, so that it missed labels that were there.
        var tree = HashTree.OfLabels(new[] { "a", "ab", "az", "b", "ba" }.Select(l => KeyValuePair.Create(
            (ReadOnlyMemory<byte>)System.Text.Encoding.UTF8.GetBytes(l),
            HashTree.Leaf(System.Text.Encoding.UTF8.GetBytes(l)))));
        foreach (var label in new[] { "a", "ab", "az", "b", "ba" })
        {
            Assert.IsType<LookupResult.Found>(tree.Lookup(label));
        }

        foreach (var label in new[] { "", "aa", "azz", "bb", "zz" })
        {
            Assert.IsType<LookupResult.Absent>(tree.Lookup(label));
        }
    }

    [Fact]
    public void An_empty_branch_beside_another_changes_no_lookup()
    {
        // Another library failed on this shape.
        var label = HashTree.Labeled("b", HashTree.Leaf(new byte[] { 1 }));
        HashTree[] trees =
        [
            HashTree.Fork(HashTree.Empty, label),
            HashTree.Fork(label, HashTree.Empty),
            HashTree.Fork(HashTree.Fork(HashTree.Empty, HashTree.Empty), HashTree.Fork(label, HashTree.Empty)),
        ];
        foreach (var tree in trees)
        {
            Assert.True(tree.IsWellFormed());
            Assert.IsType<LookupResult.Found>(tree.Lookup("b"));
            Assert.IsType<LookupResult.Absent>(tree.Lookup("a"));
            Assert.IsType<LookupResult.Absent>(tree.Lookup("c"));
        }
    }
}
