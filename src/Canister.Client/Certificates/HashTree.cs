using System.Formats.Cbor;
using System.Security.Cryptography;

namespace Decent.Canister.Client;

/// <summary>
/// A Merkle tree with labels, as certificates and certified canister data carry it. Immutable; hashes are computed
/// once per node.
/// </summary>
public abstract partial class HashTree
{
    /// <summary>Deepest nesting that is read; the network stays below 50, the CBOR reader stops at 64.</summary>
    public const int MaximumDepth = 60;

    /// <summary>Most nodes that are read from one encoding.</summary>
    public const int MaximumNodes = 500_000;

    private const int HashLength = 32;

    private byte[]? hash;

    private protected HashTree()
    {
    }

    /// <summary>The tree without anything in it.</summary>
    public static HashTree Empty { get; } = new EmptyNode();

    /// <summary>Two trees side by side.</summary>
    public static HashTree Fork(HashTree left, HashTree right) => new ForkNode(left, right);

    /// <summary>A tree under a label.</summary>
    public static HashTree Labeled(ReadOnlyMemory<byte> label, HashTree subtree) => new LabeledNode(label, subtree);

    /// <summary>A tree under a label in UTF-8.</summary>
    public static HashTree Labeled(string label, HashTree subtree) =>
        new LabeledNode(System.Text.Encoding.UTF8.GetBytes(label), subtree);

    /// <summary>A value.</summary>
    public static HashTree Leaf(ReadOnlyMemory<byte> value) => new LeafNode(value);

    /// <summary>A subtree of which only the hash is known.</summary>
    /// <exception cref="ArgumentException">The hash does not have 32 bytes.</exception>
    public static HashTree Pruned(ReadOnlyMemory<byte> hash) => new PrunedNode(hash);

    /// <summary>A balanced, well-formed tree of labelled subtrees.</summary>
    /// <param name="children">Labels, each at most once, in any order.</param>
    /// <exception cref="ArgumentException">A label occurs twice.</exception>
    public static HashTree OfLabels(IEnumerable<KeyValuePair<ReadOnlyMemory<byte>, HashTree>> children)
    {
        var sorted = children.ToArray();
        Array.Sort(sorted, static (x, y) => x.Key.Span.SequenceCompareTo(y.Key.Span));
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].Key.Span.SequenceEqual(sorted[i - 1].Key.Span))
            {
                throw new ArgumentException("A label occurs twice.", nameof(children));
            }
        }

        return Balance(sorted);
    }

    /// <summary>The root hash: 32 bytes.</summary>
    public byte[] RootHash() => [.. HashOnce()];

    /// <summary>Whether labels strictly increase and leaves stand alone, at every level.</summary>
    public bool IsWellFormed() => IsWellFormed(this);

    /// <summary>The encoding of the tree, self-described.</summary>
    public byte[] ToCbor()
    {
        var writer = CborText.Create();
        Write(writer);
        return writer.Encode();
    }

    internal byte[] HashOnce() => hash ??= ComputeHash();

    internal abstract void Write(CborWriter writer);

    private protected abstract byte[] ComputeHash();

    private static HashTree Balance(ReadOnlySpan<KeyValuePair<ReadOnlyMemory<byte>, HashTree>> sorted) =>
        sorted.Length switch
        {
            0 => Empty,
            1 => Labeled(sorted[0].Key, sorted[0].Value),
            var n => Fork(Balance(sorted[..(n / 2)]), Balance(sorted[(n / 2)..])),
        };

    private static byte[] Hash(
        ReadOnlySpan<byte> separator, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(separator);
        sha.AppendData(first);
        sha.AppendData(second);
        return sha.GetHashAndReset();
    }

    internal sealed class EmptyNode : HashTree
    {
        internal override void Write(CborWriter writer)
        {
            writer.WriteStartArray(1);
            writer.WriteInt32(0);
            writer.WriteEndArray();
        }

        private protected override byte[] ComputeHash() => Hash("\u0011ic-hashtree-empty"u8, default);
    }

    internal sealed class ForkNode(HashTree left, HashTree right) : HashTree
    {
        internal HashTree Left { get; } = left;

        internal HashTree Right { get; } = right;

        internal override void Write(CborWriter writer)
        {
            writer.WriteStartArray(3);
            writer.WriteInt32(1);
            Left.Write(writer);
            Right.Write(writer);
            writer.WriteEndArray();
        }

        private protected override byte[] ComputeHash() =>
            Hash("\u0010ic-hashtree-fork"u8, Left.HashOnce(), Right.HashOnce());
    }

    internal sealed class LabeledNode(ReadOnlyMemory<byte> label, HashTree subtree) : HashTree
    {
        internal ReadOnlyMemory<byte> Label { get; } = label;

        internal HashTree Subtree { get; } = subtree;

        internal override void Write(CborWriter writer)
        {
            writer.WriteStartArray(3);
            writer.WriteInt32(2);
            writer.WriteByteString(Label.Span);
            Subtree.Write(writer);
            writer.WriteEndArray();
        }

        private protected override byte[] ComputeHash() =>
            Hash("\u0013ic-hashtree-labeled"u8, Label.Span, Subtree.HashOnce());
    }

    internal sealed class LeafNode(ReadOnlyMemory<byte> value) : HashTree
    {
        internal ReadOnlyMemory<byte> Value { get; } = value;

        internal override void Write(CborWriter writer)
        {
            writer.WriteStartArray(2);
            writer.WriteInt32(3);
            writer.WriteByteString(Value.Span);
            writer.WriteEndArray();
        }

        private protected override byte[] ComputeHash() => Hash("\u0010ic-hashtree-leaf"u8, Value.Span);
    }

    internal sealed class PrunedNode : HashTree
    {
        internal PrunedNode(ReadOnlyMemory<byte> known)
        {
            hash = known.Length == HashLength
                ? known.ToArray()
                : throw new ArgumentException($"A pruned hash has {HashLength} bytes.", nameof(known));
        }

        internal override void Write(CborWriter writer)
        {
            writer.WriteStartArray(2);
            writer.WriteInt32(4);
            writer.WriteByteString(HashOnce());
            writer.WriteEndArray();
        }

        private protected override byte[] ComputeHash() => HashOnce();
    }
}
