namespace Decent.Canister.Client;

public abstract partial class HashTree
{
    /// <summary>
    /// The same tree (same root hash) that reveals only some paths: everything under each path that exists, and for
    /// each that does not, the neighbours that prove its absence.
    /// </summary>
    public HashTree Witness(IReadOnlyList<StatePath> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return Reveal(this, [.. paths.Select(static p => (ReadOnlyMemory<ReadOnlyMemory<byte>>)p.Labels.ToArray())]);
    }

    private static HashTree Reveal(HashTree tree, List<ReadOnlyMemory<ReadOnlyMemory<byte>>> paths)
    {
        if (paths.Count == 0)
        {
            return tree is EmptyNode ? tree : Pruned(tree.HashOnce());
        }

        if (paths.Any(static p => p.IsEmpty) || tree is LeafNode or EmptyNode or PrunedNode)
        {
            return tree;
        }

        var level = Flatten(tree);
        var shown = new Dictionary<HashTree, List<ReadOnlyMemory<ReadOnlyMemory<byte>>>>(
            ReferenceEqualityComparer.Instance);
        foreach (var path in paths)
        {
            Mark(level, path, shown);
        }

        return Rebuild(tree, shown);
    }

    /// <summary>Marks the node a path goes through, or the neighbours of the gap where it would be.</summary>
    private static void Mark(
        List<HashTree> level,
        ReadOnlyMemory<ReadOnlyMemory<byte>> path,
        Dictionary<HashTree, List<ReadOnlyMemory<ReadOnlyMemory<byte>>>> shown)
    {
        HashTree? before = null;
        HashTree? after = null;
        foreach (var node in level.OfType<LabeledNode>())
        {
            var order = node.Label.Span.SequenceCompareTo(path.Span[0].Span);
            if (order == 0)
            {
                Show(node).Add(path[1..]);
                return;
            }

            before = order < 0 ? node : before;
            after ??= order > 0 ? node : null;
        }

        _ = before is null ? null : Show(before);
        _ = after is null ? null : Show(after);

        List<ReadOnlyMemory<ReadOnlyMemory<byte>>> Show(HashTree node)
        {
            if (!shown.TryGetValue(node, out var tails))
            {
                shown[node] = tails = [];
            }

            return tails;
        }
    }

    private static HashTree Rebuild(
        HashTree tree, Dictionary<HashTree, List<ReadOnlyMemory<ReadOnlyMemory<byte>>>> shown)
    {
        switch (tree)
        {
            case LabeledNode labeled when shown.TryGetValue(labeled, out var tails):
                return Labeled(labeled.Label, Reveal(labeled.Subtree, tails));
            case ForkNode fork:
                var left = Rebuild(fork.Left, shown);
                var right = Rebuild(fork.Right, shown);
                return left is PrunedNode && right is PrunedNode ? Pruned(fork.HashOnce()) : Fork(left, right);
            case EmptyNode:
                return tree;
            default:
                return Pruned(tree.HashOnce());
        }
    }
}
