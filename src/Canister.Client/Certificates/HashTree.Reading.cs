using System.Formats.Cbor;

namespace Decent.Canister.Client;

public abstract partial class HashTree
{
    /// <summary>Reads an encoding, with or without the self-described tag.</summary>
    /// <exception cref="FormatException">Not a hash tree, too deep, too large, or followed by other bytes.</exception>
    public static HashTree Parse(ReadOnlyMemory<byte> cbor) =>
        CborText.Parse(
            () =>
            {
                var reader = CborText.Open(cbor);
                var tree = Read(reader);
                CborText.End(reader);
                return tree;
            },
            static (why, e) => new FormatException("Not a hash tree: " + why, e));

    internal static HashTree Read(CborReader reader)
    {
        var left = MaximumNodes;
        return Read(reader, 0, ref left);
    }

    private static HashTree Read(CborReader reader, int depth, ref int nodesLeft)
    {
        if (depth > MaximumDepth || --nodesLeft < 0)
        {
            throw new CborContentException("The hash tree is too deep or too large.");
        }

        reader.ReadStartArray();
        var kind = reader.ReadInt32();
        HashTree tree = kind switch
        {
            0 => Empty,
            1 => new ForkNode(Read(reader, depth + 1, ref nodesLeft), Read(reader, depth + 1, ref nodesLeft)),
            2 => new LabeledNode(reader.ReadByteString(), Read(reader, depth + 1, ref nodesLeft)),
            3 => new LeafNode(reader.ReadByteString()),
            4 => new PrunedNode(reader.ReadByteString()),
            _ => throw new CborContentException($"Unknown hash tree node {kind}."),
        };
        reader.ReadEndArray();
        return tree;
    }

    private static bool IsWellFormed(HashTree tree)
    {
        if (tree is LeafNode)
        {
            return true;
        }

        LabeledNode? previous = null;
        foreach (var node in Flatten(tree))
        {
            if (node is LeafNode)
            {
                return false;
            }

            if (node is not LabeledNode labeled)
            {
                continue;
            }

            if (previous is not null && previous.Label.Span.SequenceCompareTo(labeled.Label.Span) >= 0)
            {
                return false;
            }

            if (!IsWellFormed(labeled.Subtree))
            {
                return false;
            }

            previous = labeled;
        }

        return true;
    }

    /// <summary>The nodes of one level from left to right, without forks and empties.</summary>
    private static List<HashTree> Flatten(HashTree tree)
    {
        var level = new List<HashTree>();
        Collect(tree, level);
        return level;

        static void Collect(HashTree node, List<HashTree> into)
        {
            switch (node)
            {
                case ForkNode fork:
                    Collect(fork.Left, into);
                    Collect(fork.Right, into);
                    break;
                case EmptyNode:
                    break;
                default:
                    into.Add(node);
                    break;
            }
        }
    }
}
