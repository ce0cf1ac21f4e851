namespace Decent.Canister.Client;

public abstract partial class HashTree
{
    private enum Sight
    {
        Here,
        Absent,
        Unknown,
    }

    /// <summary>Looks a path up: found, proven absent, unknown because pruned, or there without a value.</summary>
    public LookupResult Lookup(StatePath path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Descend(path, out var end) switch
        {
            Sight.Absent => LookupResult.Absent.Instance,
            Sight.Unknown => LookupResult.Unknown.Instance,
            _ => end switch
            {
                LeafNode leaf => new LookupResult.Found(leaf.Value),
                EmptyNode => LookupResult.Absent.Instance,
                PrunedNode => LookupResult.Unknown.Instance,
                _ => LookupResult.Error.Instance,
            },
        };
    }

    /// <summary>Looks up a path of text labels.</summary>
    public LookupResult Lookup(params string[] labels) => Lookup(StatePath.Of(labels));

    /// <summary>
    /// Whether anything stands at a path: <see cref="LookupResult.Found" /> with empty bytes for a subtree,
    /// otherwise as <see cref="Lookup(StatePath)" />.
    /// </summary>
    public LookupResult LookupSubtree(StatePath path) =>
        Lookup(path) is LookupResult.Error ? new LookupResult.Found(default) : Lookup(path);

    /// <summary>The values of all leaves under a prefix, with the labels below it, from left to right.</summary>
    /// <returns>Null when the prefix is not in the tree or is pruned.</returns>
    public IReadOnlyList<KeyValuePair<StatePath, ReadOnlyMemory<byte>>>? LeavesUnder(StatePath prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (Descend(prefix, out var end) != Sight.Here || end is PrunedNode)
        {
            return null;
        }

        var leaves = new List<KeyValuePair<StatePath, ReadOnlyMemory<byte>>>();
        Collect(end, new StatePath([]));
        return leaves;

        void Collect(HashTree tree, StatePath at)
        {
            foreach (var node in Flatten(tree))
            {
                if (node is LeafNode leaf)
                {
                    leaves.Add(new(at, leaf.Value));
                }
                else if (node is LabeledNode labeled)
                {
                    Collect(labeled.Subtree, at.Add(labeled.Label));
                }
            }
        }
    }

    private static Sight FindLabel(ReadOnlySpan<byte> label, HashTree tree, out HashTree below)
    {
        below = Empty;
        var level = Flatten(tree);
        foreach (var node in level)
        {
            if (node is LabeledNode labeled && labeled.Label.Span.SequenceEqual(label))
            {
                below = labeled.Subtree;
                return Sight.Here;
            }
        }

        if (level.Count == 0 || (level.Count == 1 && level[0] is LeafNode))
        {
            return Sight.Absent;
        }

        // Absence needs a gap between two known neighbours, or the open end beyond a known outermost label.
        var provenAbsent = Compare(level[0], label) > 0 || Compare(level[^1], label) < 0;
        for (var i = 1; i < level.Count && !provenAbsent; i++)
        {
            provenAbsent = Compare(level[i - 1], label) < 0 && Compare(level[i], label) > 0;
        }

        return provenAbsent ? Sight.Absent : Sight.Unknown;
    }

    /// <summary>Order of a node's label relative to the one sought; 0 when the node has no label.</summary>
    private static int Compare(HashTree node, ReadOnlySpan<byte> label) =>
        node is LabeledNode labeled ? labeled.Label.Span.SequenceCompareTo(label) : 0;

    private Sight Descend(StatePath path, out HashTree end)
    {
        end = this;
        foreach (var label in path.Labels)
        {
            var sight = FindLabel(label.Span, end, out var below);
            if (sight != Sight.Here)
            {
                return sight;
            }

            end = below;
        }

        return Sight.Here;
    }
}
