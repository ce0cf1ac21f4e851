using Dapper;
using Decent.Ledger.Journal;
using Npgsql;

namespace Decent.Ledger.Sequencing;

/// <summary>How the journal is sequenced and published.</summary>
public sealed record JournalOptions
{
    /// <summary>Longest time between two checkpoints while records come in.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>File outside the database that every checkpoint is appended to; null for none.</summary>
    public string? CheckpointFile { get; init; }
}

/// <summary>
/// Gives committed records their places in the log and signs checkpoints, as due work. Any number of hosts may run
/// it; they take turns. Writers never wait for it.
/// </summary>
public sealed class JournalSequencer(
    NpgsqlDataSource dataSource, ICheckpointSigner signer, TimeProvider time, JournalOptions? options = null)
{
    private const string StateSql = "select size, behind, checkpoint_size, checkpoint_at from ledger.log_state()";

    private const string SequenceSql = "select size_before, size_after from ledger.log_sequence(@at)";

    private const string CloseSql = "select ledger.log_close_round(@heights, @indexes, @hashes, @size, @root, @at, @note)";

    private const string NotesSql = "select note from ledger.checkpoints where size > @size order by size limit 1000";

    private readonly JournalOptions _options = options ?? new JournalOptions();
    private readonly CheckpointFile? _file = options?.CheckpointFile is { } path ? new CheckpointFile(path) : null;

    /// <summary>Name of the work.</summary>
    public string Name { get; } = "sequence-journal";

    /// <summary>Places what is finished and signs a checkpoint when one is due.</summary>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Leaves placed and checkpoints signed now.</returns>
    public async Task<int> RunDueAsync(CancellationToken cancellationToken)
    {
        var (state, now) = (await StateAsync(cancellationToken), time.GetUtcNow());
        var handled = DueAt(state) is { } due && due <= now ? await RunAsync(cancellationToken) : 0;
        return handled + await PublishAsync(cancellationToken);
    }

    /// <summary>Business time of the next checkpoint; null while nothing is new.</summary>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) =>
        DueAt(await StateAsync(cancellationToken));

    /// <summary>Places what is finished and signs a checkpoint if the log grew, whether it is due or not.</summary>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Leaves placed and checkpoints signed now.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(
            System.Data.IsolationLevel.ReadCommitted, cancellationToken);
        var at = CanonicalEncoding.Microseconds(time.GetUtcNow());
        var (before, after) = await connection.QuerySingleAsync<(long Before, long After)>(new CommandDefinition(
            SequenceSql, new { at }, transaction, commandTimeout: 0, cancellationToken: cancellationToken));
        var signed = await connection.QuerySingleAsync<StateRow>(new CommandDefinition(
            StateSql, transaction: transaction, cancellationToken: cancellationToken));
        if (after > before || after > signed.CheckpointSize)
        {
            await CloseAsync(connection, transaction, before, after, at, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return after > before ? (int)Math.Min(int.MaxValue - 1, after - before) + 1 : 0;
    }

    /// <summary>Appends the checkpoints that the file outside the database lacks.</summary>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Checkpoints appended.</returns>
    public async Task<int> PublishAsync(CancellationToken cancellationToken)
    {
        if (_file is null)
        {
            return 0;
        }

        var appended = 0;
        for (var size = await _file.LastSizeAsync(cancellationToken); ; size = await _file.LastSizeAsync(cancellationToken))
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            var notes = (await connection.QueryAsync<string>(new CommandDefinition(
                NotesSql, new { size }, cancellationToken: cancellationToken))).AsList();
            if (notes.Count == 0)
            {
                return appended;
            }

            await _file.AppendAsync(notes, cancellationToken);
            appended += notes.Count;
        }
    }

    private async Task CloseAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        long before,
        long after,
        DateTimeOffset at,
        CancellationToken cancellationToken)
    {
        var kept = new List<(MerkleNode Node, byte[] Hash)>();
        var frontier = await LogReader.ResumeAsync(
            connection,
            transaction,
            before,
            (node, hash) =>
            {
                if (node.Height >= LogReader.BlockHeight)
                {
                    kept.Add((node, hash));
                }
            },
            cancellationToken);

        // In steps, so that a long backlog needs no memory to speak of.
        const long step = 1 << 16;
        while (frontier.Size < after)
        {
            var end = Math.Min(after, frontier.Size + step);
            foreach (var leaf in await LogReader.LeavesAsync(connection, transaction, frontier.Size, end, cancellationToken))
            {
                frontier.Append(leaf);
            }
        }

        var root = frontier.Root();
        var note = CheckpointNote.Sign(new Checkpoint(signer.Origin, after, root, at), signer);
        await connection.ExecuteAsync(new CommandDefinition(
            CloseSql,
            new
            {
                heights = kept.Select(k => (short)k.Node.Height).ToArray(),
                indexes = kept.Select(k => k.Node.Index).ToArray(),
                hashes = kept.Select(k => k.Hash).ToArray(),
                size = after,
                root,
                at,
                note,
            },
            transaction,
            cancellationToken: cancellationToken));
    }

    private DateTimeOffset? DueAt(StateRow state) =>
        state.Behind || state.Size > state.CheckpointSize
            ? state.CheckpointAt is { } last ? last + _options.CheckpointEvery : time.GetUtcNow()
            : null;

    private async Task<StateRow> StateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<StateRow>(new CommandDefinition(StateSql, cancellationToken: cancellationToken));
    }

    private sealed record StateRow(long Size, bool Behind, long CheckpointSize, DateTimeOffset? CheckpointAt);
}
