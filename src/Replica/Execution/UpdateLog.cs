using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Decent.Replica.Execution;

/// <summary>
/// The append-only file of executed updates. Updates that are executed together form one frame (length, checksum,
/// records) and are on disk before any of them is executed. A frame that a crash cut short can only be the last one
/// and is dropped on opening; any other damage refuses to open.
/// </summary>
internal sealed class UpdateLog : IDisposable
{
    private const int ChecksumLength = 8;
    private const int HeaderLength = sizeof(int) + ChecksumLength;
    private static readonly byte[] Magic = "decent replica log 1\n"u8.ToArray();

    private readonly FileStream stream;

    private UpdateLog(FileStream stream) => this.stream = stream;

    /// <summary>Opens or creates the log and reads what it holds.</summary>
    /// <exception cref="InvalidDataException">Not a log, or damaged before its end.</exception>
    public static UpdateLog Open(string path, out IReadOnlyList<UpdateRecord> records)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            records = ReadAll(file, path);
            return new UpdateLog(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Appends one frame and returns when it is on disk.</summary>
    public void Append(IReadOnlyList<UpdateRecord> records)
    {
        using var buffer = new MemoryStream();
        buffer.Write(new byte[HeaderLength]);
        using (var writer = new BinaryWriter(buffer, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(records.Count);
            foreach (var record in records)
            {
                record.Write(writer);
            }
        }

        var frame = buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
        var payload = frame[HeaderLength..];
        BinaryPrimitives.WriteInt32LittleEndian(frame, payload.Length);
        Checksum(payload).CopyTo(frame[sizeof(int)..]);
        stream.Write(frame);
        stream.Flush(flushToDisk: true);
    }

    public void Dispose() => stream.Dispose();

    private static IReadOnlyList<UpdateRecord> ReadAll(FileStream file, string path)
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        if (bytes.Length < Magic.Length && Magic.AsSpan().StartsWith(bytes))
        {
            file.SetLength(0);
            file.Write(Magic);
            file.Flush(flushToDisk: true);
            return [];
        }

        if (!bytes.AsSpan().StartsWith(Magic))
        {
            throw new InvalidDataException($"{path} is not a replica log of this version.");
        }

        var records = new List<UpdateRecord>();
        var at = Magic.Length;
        while (at < bytes.Length)
        {
            var length = ReadFrame(bytes.AsSpan(at), records);
            if (length == 0)
            {
                DropTail(file, path, bytes, at);
                break;
            }

            at += length;
        }

        file.Position = file.Length;
        return records;
    }

    /// <summary>Reads one frame; 0 when it is not whole.</summary>
    private static int ReadFrame(ReadOnlySpan<byte> bytes, List<UpdateRecord> records)
    {
        if (bytes.Length < HeaderLength)
        {
            return 0;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (length <= 0 || length > bytes.Length - HeaderLength)
        {
            return 0;
        }

        var payload = bytes.Slice(HeaderLength, length);
        if (!bytes.Slice(sizeof(int), ChecksumLength).SequenceEqual(Checksum(payload)))
        {
            return 0;
        }

        using var reader = new BinaryReader(new MemoryStream(payload.ToArray(), writable: false));
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            records.Add(UpdateRecord.Read(reader));
        }

        return HeaderLength + length;
    }

    /// <summary>Cuts off a torn last frame; refuses when whole frames may follow the damage.</summary>
    private static void DropTail(FileStream file, string path, byte[] bytes, int at)
    {
        var tail = bytes.AsSpan(at);
        var zeros = tail.IndexOfAnyExcept((byte)0) < 0;
        var claimed = tail.Length >= HeaderLength ? BinaryPrimitives.ReadInt32LittleEndian(tail) : int.MaxValue;
        if (!zeros && claimed < tail.Length - HeaderLength)
        {
            throw new InvalidDataException(
                $"{path} is damaged at byte {at}, before its end. Restore it or remove the data directory.");
        }

        file.SetLength(at);
        file.Flush(flushToDisk: true);
    }

    private static ReadOnlySpan<byte> Checksum(ReadOnlySpan<byte> payload) =>
        SHA256.HashData(payload).AsSpan(0, ChecksumLength);
}
