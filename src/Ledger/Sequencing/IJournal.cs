namespace Decent.Ledger.Sequencing;

/// <summary>Proof that a record is in the log of a checkpoint.</summary>
/// <param name="Seq">Number of the record in the journal.</param>
/// <param name="RecordHash">SHA-256 of the record's canonical form.</param>
/// <param name="Index">Place of its leaf.</param>
/// <param name="Size">Leaves of the tree the proof is for.</param>
/// <param name="Hashes">The proof, from the leaf upwards.</param>
/// <param name="Root">Root of that tree.</param>
/// <param name="Note">Signed checkpoint of exactly this size; null when there is none.</param>
public sealed record InclusionProof(
    long Seq,
    ReadOnlyMemory<byte> RecordHash,
    long Index,
    long Size,
    IReadOnlyList<byte[]> Hashes,
    ReadOnlyMemory<byte> Root,
    string? Note);

/// <summary>Proof that a log only grew.</summary>
/// <param name="First">Leaves of the earlier tree.</param>
/// <param name="Second">Leaves of the later one.</param>
/// <param name="FirstRoot">Root of the earlier tree.</param>
/// <param name="SecondRoot">Root of the later one.</param>
/// <param name="Hashes">The proof in the order of RFC 9162.</param>
public sealed record ConsistencyProof(
    long First, long Second, ReadOnlyMemory<byte> FirstRoot, ReadOnlyMemory<byte> SecondRoot, IReadOnlyList<byte[]> Hashes);

/// <summary>The journal as a Merkle log.</summary>
public interface IJournal
{
    /// <summary>Leaves that have their place.</summary>
    Task<long> SizeAsync(CancellationToken cancellationToken);

    /// <summary>The latest signed checkpoint; null before the first.</summary>
    Task<string?> LatestCheckpointAsync(CancellationToken cancellationToken);

    /// <summary>Signed checkpoints from a size on, oldest first, at most <paramref name="limit" />.</summary>
    Task<IReadOnlyList<string>> CheckpointsAsync(long fromSize, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Proves that a record is in the tree of a checkpoint.
    /// </summary>
    /// <param name="seq">Number of the record, as <c>PostingRecord.Sequence</c> has it.</param>
    /// <param name="size">Leaves of the tree; null takes the latest checkpoint that has the record.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Null when the record has no place below that size yet, or does not exist.</returns>
    Task<InclusionProof?> ProveInclusionAsync(long seq, long? size, CancellationToken cancellationToken);

    /// <summary>Proves that the tree of <paramref name="second" /> leaves begins with that of <paramref name="first" />.</summary>
    /// <returns>Null when the log is shorter than that.</returns>
    Task<ConsistencyProof?> ProveConsistencyAsync(long first, long second, CancellationToken cancellationToken);
}
