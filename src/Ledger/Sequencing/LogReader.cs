using Dapper;
using Decent.Ledger.Journal;
using Npgsql;

namespace Decent.Ledger.Sequencing;

/// <summary>Hashes of the log's subtrees, read in as few rows as the log's logarithm asks for.</summary>
internal static class LogReader
{
    /// <summary>Leaves of a block; subtrees below are computed, from here up they are kept.</summary>
    public const int BlockHeight = 8;

    private const long BlockSize = 1L << BlockHeight;

    private const string LeavesSql = """
        select first_index, leaves from ledger.log_chunks
        where first_index >= @start and first_index < @end
        order by first_index
        """;

    private const string NodesSql = """
        select n.hash from unnest(@heights, @indexes) with ordinality as w (height, index, n1)
        join ledger.log_nodes n on n.height = w.height and n.index = w.index
        order by w.n1
        """;

    /// <summary>Leaf hashes of a block from its start up to but without a leaf.</summary>
    public static async Task<List<byte[]>> LeavesAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, long start, long end, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync<(long FirstIndex, byte[] Leaves)>(new CommandDefinition(
            LeavesSql, new { start, end }, transaction, cancellationToken: cancellationToken));
        var leaves = new List<byte[]>((int)(end - start));
        foreach (var (first, hashes) in rows)
        {
            if (first != start + leaves.Count)
            {
                throw new InvalidDataException($"The log has no leaf {start + leaves.Count}.");
            }

            for (var i = 0; i < hashes.Length && start + leaves.Count < end; i += MerkleTree.HashLength)
            {
                leaves.Add(hashes[i..(i + MerkleTree.HashLength)]);
            }
        }

        return leaves.Count == end - start ? leaves : throw new InvalidDataException($"The log has no leaf {start + leaves.Count}.");
    }

    /// <summary>Hashes of full subtrees of one block or more.</summary>
    public static async Task<List<byte[]>> NodesAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        IReadOnlyList<MerkleNode> nodes,
        CancellationToken cancellationToken)
    {
        if (nodes.Count == 0)
        {
            return [];
        }

        var hashes = (await connection.QueryAsync<byte[]>(new CommandDefinition(
            NodesSql,
            new { heights = nodes.Select(n => (short)n.Height).ToArray(), indexes = nodes.Select(n => n.Index).ToArray() },
            transaction,
            cancellationToken: cancellationToken))).AsList();
        return hashes.Count == nodes.Count ? hashes : throw new InvalidDataException("The log lacks the root of a full subtree.");
    }

    /// <summary>Hash of each of some ranges.</summary>
    public static async Task<List<byte[]>> HashesAsync(
        NpgsqlConnection connection, IReadOnlyList<MerkleRange> ranges, CancellationToken cancellationToken)
    {
        var covers = ranges.Select(MerkleTree.Cover).ToList();
        var kept = covers.SelectMany(c => c).Where(n => n.Height >= BlockHeight).Distinct().ToList();
        var keptHashes = await NodesAsync(connection, null, kept, cancellationToken);
        var known = new Dictionary<MerkleNode, byte[]>();
        for (var i = 0; i < kept.Count; i++)
        {
            known[kept[i]] = keptHashes[i];
        }

        var small = covers.SelectMany(c => c).Where(n => n.Height < BlockHeight).GroupBy(n => n.Start / BlockSize);
        foreach (var block in small)
        {
            var start = block.Key * BlockSize;
            var leaves = await LeavesAsync(
                connection, null, start, block.Max(n => n.Start + (1L << n.Height)), cancellationToken);
            foreach (var node in block)
            {
                var frontier = new MerkleFrontier();
                leaves.Skip((int)(node.Start - start)).Take(1 << node.Height).ToList().ForEach(frontier.Append);
                known[node] = frontier.Root();
            }
        }

        return [.. covers.Select(c => MerkleTree.Fold([.. c.Select(n => known[n])]))];
    }

    /// <summary>The right edge of the tree cut down to whole blocks.</summary>
    public static async Task<MerkleFrontier> ResumeAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        long size,
        Action<MerkleNode, byte[]> completed,
        CancellationToken cancellationToken)
    {
        var whole = size / BlockSize * BlockSize;
        var cover = MerkleTree.Cover(new MerkleRange(0, whole));
        var frontier = new MerkleFrontier { Completed = completed };
        frontier.Resume(cover, await NodesAsync(connection, transaction, cover, cancellationToken));
        return frontier;
    }
}
