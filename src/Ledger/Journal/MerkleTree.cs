using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Decent.Ledger.Journal;

/// <summary>A full subtree: the leaves from <c>Index · 2^Height</c> up to <c>(Index + 1) · 2^Height</c>.</summary>
/// <param name="Height">Logarithm of the number of leaves.</param>
/// <param name="Index">Place among the subtrees of this height.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MerkleNode(int Height, long Index)
{
    /// <summary>First leaf.</summary>
    public long Start => Index << Height;
}

/// <summary>Leaves from <paramref name="Start" /> up to but without <paramref name="End" />.</summary>
/// <param name="Start">First leaf.</param>
/// <param name="End">One past the last.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MerkleRange(long Start, long End);

/// <summary>
/// The tree of RFC 6962 and RFC 9162: SHA-256, leaves prefixed with 0x00, nodes with 0x01, the left side of a node
/// being the largest full subtree that leaves something for the right.
/// </summary>
public static class MerkleTree
{
    /// <summary>Length of a hash in bytes.</summary>
    public const int HashLength = 32;

    /// <summary>Hash of the tree without leaves.</summary>
    public static byte[] EmptyRoot() => SHA256.HashData([]);

    /// <summary>Hash of a leaf.</summary>
    public static byte[] LeafHash(ReadOnlySpan<byte> data)
    {
        Span<byte> buffer = data.Length <= 256 ? stackalloc byte[data.Length + 1] : new byte[data.Length + 1];
        buffer[0] = 0;
        data.CopyTo(buffer[1..]);
        return SHA256.HashData(buffer);
    }

    /// <summary>Leaf of a journal record: its number and the hash of its canonical form.</summary>
    /// <param name="seq">Number in the journal.</param>
    /// <param name="recordHash">32 bytes.</param>
    public static byte[] JournalLeaf(long seq, ReadOnlySpan<byte> recordHash)
    {
        Span<byte> data = stackalloc byte[sizeof(long) + HashLength];
        BinaryPrimitives.WriteInt64BigEndian(data, seq);
        recordHash.CopyTo(data[sizeof(long)..]);
        return LeafHash(data);
    }

    /// <summary>Hash of a node over its two sides.</summary>
    public static byte[] NodeHash(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> buffer = stackalloc byte[1 + (2 * HashLength)];
        buffer[0] = 1;
        left.CopyTo(buffer[1..]);
        right.CopyTo(buffer[(1 + HashLength)..]);
        return SHA256.HashData(buffer);
    }

    /// <summary>Ranges of leaves whose hashes prove that a leaf is in a tree, from the leaf upwards.</summary>
    /// <param name="index">The leaf.</param>
    /// <param name="size">Leaves of the tree; above <paramref name="index" />.</param>
    public static IReadOnlyList<MerkleRange> InclusionRanges(long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var path = new List<MerkleRange>();
        var (start, end) = (0L, size);
        while (end - start > 1)
        {
            var split = start + LeftSide(end - start);
            if (index < split)
            {
                path.Add(new MerkleRange(split, end));
                end = split;
            }
            else
            {
                path.Add(new MerkleRange(start, split));
                start = split;
            }
        }

        path.Reverse();
        return path;
    }

    /// <summary>Ranges whose hashes prove that a tree begins with another, in the order of the proof.</summary>
    /// <param name="first">Leaves of the smaller tree.</param>
    /// <param name="second">Leaves of the larger tree.</param>
    public static IReadOnlyList<MerkleRange> ConsistencyRanges(long first, long second)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, second);
        var path = new List<MerkleRange>();
        if (first == 0 || first == second)
        {
            return path;
        }

        var (start, end, whole) = (0L, second, true);
        while (first != end)
        {
            var split = start + LeftSide(end - start);
            if (first <= split)
            {
                path.Add(new MerkleRange(split, end));
                end = split;
            }
            else
            {
                path.Add(new MerkleRange(start, split));
                start = split;
                whole = false;
            }
        }

        if (!whole)
        {
            path.Add(new MerkleRange(start, end));
        }

        path.Reverse();
        return path;
    }

    /// <summary>The full subtrees a range falls into, left to right. The range starts where such a subtree may start.</summary>
    public static IReadOnlyList<MerkleNode> Cover(MerkleRange range)
    {
        var nodes = new List<MerkleNode>();
        for (var start = range.Start; start < range.End;)
        {
            var height = BitOperations.Log2((ulong)(range.End - start));
            nodes.Add(new MerkleNode(height, start >> height));
            start += 1L << height;
        }

        return nodes;
    }

    /// <summary>Hash over the hashes of a range's full subtrees, left to right.</summary>
    public static byte[] Fold(IReadOnlyList<byte[]> cover)
    {
        ArgumentNullException.ThrowIfNull(cover);
        if (cover.Count == 0)
        {
            return EmptyRoot();
        }

        var hash = cover[^1];
        for (var i = cover.Count - 2; i >= 0; i--)
        {
            hash = NodeHash(cover[i], hash);
        }

        return hash;
    }

    /// <summary>Whether a proof shows that a leaf is in the tree of a root.</summary>
    /// <param name="leaf">Hash of the leaf.</param>
    /// <param name="index">Its place.</param>
    /// <param name="size">Leaves of the tree.</param>
    /// <param name="proof">Hashes from the leaf upwards.</param>
    /// <param name="root">Root of the tree.</param>
    public static bool VerifyInclusion(
        ReadOnlySpan<byte> leaf, long index, long size, IReadOnlyList<byte[]> proof, ReadOnlySpan<byte> root)
    {
        ArgumentNullException.ThrowIfNull(proof);
        if (index < 0 || index >= size || !AreHashes(proof))
        {
            return false;
        }

        var (node, last) = (index, size - 1);
        var hash = leaf.ToArray();
        foreach (var sibling in proof)
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                hash = NodeHash(sibling, hash);
                while ((node & 1) == 0 && node != 0)
                {
                    node >>= 1;
                    last >>= 1;
                }
            }
            else
            {
                hash = NodeHash(hash, sibling);
            }

            node >>= 1;
            last >>= 1;
        }

        return last == 0 && hash.AsSpan().SequenceEqual(root);
    }

    /// <summary>Whether a proof shows that the first leaves of a tree are those of an earlier one.</summary>
    /// <param name="first">Leaves of the earlier tree.</param>
    /// <param name="firstRoot">Its root.</param>
    /// <param name="second">Leaves of the later tree.</param>
    /// <param name="secondRoot">Its root.</param>
    /// <param name="proof">Hashes in the order of the RFC.</param>
    public static bool VerifyConsistency(
        long first, ReadOnlySpan<byte> firstRoot, long second, ReadOnlySpan<byte> secondRoot, IReadOnlyList<byte[]> proof)
    {
        ArgumentNullException.ThrowIfNull(proof);
        if (first < 0 || first > second || !AreHashes(proof))
        {
            return false;
        }

        if (first == second)
        {
            return proof.Count == 0 && firstRoot.SequenceEqual(secondRoot);
        }

        if (first == 0)
        {
            return proof.Count == 0 && firstRoot.SequenceEqual(EmptyRoot());
        }

        if (proof.Count == 0)
        {
            return false;
        }

        var path = BitOperations.IsPow2(first) ? [firstRoot.ToArray(), .. proof] : proof;
        var (node, last) = (first - 1, second - 1);
        while ((node & 1) == 1)
        {
            node >>= 1;
            last >>= 1;
        }

        var (older, newer) = (path[0], path[0]);
        foreach (var sibling in path.Skip(1))
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                older = NodeHash(sibling, older);
                newer = NodeHash(sibling, newer);
                while ((node & 1) == 0 && node != 0)
                {
                    node >>= 1;
                    last >>= 1;
                }
            }
            else
            {
                newer = NodeHash(newer, sibling);
            }

            node >>= 1;
            last >>= 1;
        }

        return last == 0 && older.AsSpan().SequenceEqual(firstRoot) && newer.AsSpan().SequenceEqual(secondRoot);
    }

    // The largest power of two below a size above one.
    private static long LeftSide(long size) => 1L << BitOperations.Log2((ulong)(size - 1));

    private static bool AreHashes(IReadOnlyList<byte[]> proof) => proof.All(h => h is { Length: HashLength });
}
