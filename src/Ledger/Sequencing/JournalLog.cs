using Dapper;
using Decent.Ledger.Journal;
using Npgsql;

namespace Decent.Ledger.Sequencing;

/// <inheritdoc cref="IJournal" />
public sealed class JournalLog(NpgsqlDataSource dataSource) : IJournal
{
    private const int MaxLimit = 1000;

    private const string SizeSql = "select size from ledger.log_state()";

    private const string LatestSql = "select note from ledger.checkpoints order by size desc limit 1";

    private const string CheckpointsSql = "select note from ledger.checkpoints where size >= @from order by size limit @limit";

    private const string PlaceSql = """
        select c.first_index + array_position(c.seqs, @seq) - 1 as index, r.hash
        from ledger.log_chunks c
        join ledger.records r on r.seq = @seq
        where c.max_seq >= @seq and c.min_seq <= @seq and array_position(c.seqs, @seq) is not null
        limit 1
        """;

    private const string NoteSql = """
        select size, note from ledger.checkpoints
        where size > @index and (@size::bigint is null or size = @size)
        order by size desc
        limit 1
        """;

    /// <inheritdoc />
    public async Task<long> SizeAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<long>(new CommandDefinition(SizeSql, cancellationToken: cancellationToken));
    }

    /// <inheritdoc />
    public async Task<string?> LatestCheckpointAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(LatestSql, cancellationToken: cancellationToken));
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<string>> CheckpointsAsync(long fromSize, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<string>(new CommandDefinition(
            CheckpointsSql, new { from = fromSize, limit = Math.Clamp(limit, 1, MaxLimit) }, cancellationToken: cancellationToken))).AsList();
    }

    /// <inheritdoc />
    public async Task<InclusionProof?> ProveInclusionAsync(long seq, long? size, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var place = await connection.QuerySingleOrDefaultAsync<PlaceRow>(new CommandDefinition(
            PlaceSql, new { seq }, cancellationToken: cancellationToken));
        if (place is null)
        {
            return null;
        }

        var note = await connection.QuerySingleOrDefaultAsync<NoteRow>(new CommandDefinition(
            NoteSql, new { index = place.Index, size }, cancellationToken: cancellationToken));
        var whole = await connection.QuerySingleAsync<long>(new CommandDefinition(SizeSql, cancellationToken: cancellationToken));
        var leaves = note?.Size ?? size ?? whole;
        if (leaves > whole || place.Index >= leaves)
        {
            return null;
        }

        var hashes = await LogReader.HashesAsync(
            connection, [.. MerkleTree.InclusionRanges(place.Index, leaves), new MerkleRange(0, leaves)], cancellationToken);
        return new InclusionProof(seq, place.Hash, place.Index, leaves, hashes[..^1], hashes[^1], note?.Note);
    }

    /// <inheritdoc />
    public async Task<ConsistencyProof?> ProveConsistencyAsync(long first, long second, CancellationToken cancellationToken)
    {
        if (first < 0 || first > second)
        {
            return null;
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var whole = await connection.QuerySingleAsync<long>(new CommandDefinition(SizeSql, cancellationToken: cancellationToken));
        if (second > whole)
        {
            return null;
        }

        var hashes = await LogReader.HashesAsync(
            connection,
            [.. MerkleTree.ConsistencyRanges(first, second), new MerkleRange(0, first), new MerkleRange(0, second)],
            cancellationToken);
        return new ConsistencyProof(first, second, hashes[^2], hashes[^1], hashes[..^2]);
    }

    private sealed record PlaceRow(long Index, byte[] Hash);

    private sealed record NoteRow(long Size, string Note);
}
