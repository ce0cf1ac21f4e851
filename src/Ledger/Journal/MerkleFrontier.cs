namespace Decent.Ledger.Journal;

/// <summary>The right edge of a growing tree: enough to append leaves and to know the root, however long the log.</summary>
internal sealed class MerkleFrontier
{
    private readonly List<(int Height, byte[] Hash)> _edge = [];

    /// <summary>Number of leaves.</summary>
    public long Size { get; private set; }

    /// <summary>Told of every full subtree as it is completed; null to tell nobody.</summary>
    public Action<MerkleNode, byte[]>? Completed { get; init; }

    /// <summary>Takes over a tree by the hashes of its full subtrees, left to right.</summary>
    public void Resume(IReadOnlyList<MerkleNode> cover, IReadOnlyList<byte[]> hashes)
    {
        for (var i = 0; i < cover.Count; i++)
        {
            _edge.Add((cover[i].Height, hashes[i]));
            Size += 1L << cover[i].Height;
        }
    }

    /// <summary>Appends a leaf.</summary>
    /// <param name="leaf">Its hash.</param>
    public void Append(byte[] leaf)
    {
        var index = Size++;
        var (height, hash) = (0, leaf);
        Completed?.Invoke(new MerkleNode(0, index), hash);
        while (_edge.Count > 0 && _edge[^1].Height == height)
        {
            hash = MerkleTree.NodeHash(_edge[^1].Hash, hash);
            _edge.RemoveAt(_edge.Count - 1);
            height++;
            Completed?.Invoke(new MerkleNode(height, index >> height), hash);
        }

        _edge.Add((height, hash));
    }

    /// <summary>Root over all leaves.</summary>
    public byte[] Root() => MerkleTree.Fold([.. _edge.Select(e => e.Hash)]);
}
