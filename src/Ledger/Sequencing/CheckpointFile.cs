using System.Text;
using Decent.Ledger.Journal;

namespace Decent.Ledger.Sequencing;

/// <summary>Checkpoints outside the database: notes one after the other in a file that only grows.</summary>
internal sealed class CheckpointFile(string path)
{
    /// <summary>Leaves of the last checkpoint in the file; -1 when there is none.</summary>
    public async Task<long> LastSizeAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return -1;
        }

        // Only the end matters, and the file grows for ever; a note is a few hundred bytes.
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Seek(Math.Max(0, stream.Length - 4096), SeekOrigin.Begin);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var notes = CheckpointNote.SplitFile(await reader.ReadToEndAsync(cancellationToken));
        return notes.Select(CheckpointNote.Read).LastOrDefault(c => c is not null)?.Size ?? -1;
    }

    /// <summary>Appends notes and waits until the disk has them.</summary>
    public async Task AppendAsync(IReadOnlyList<string> notes, CancellationToken cancellationToken)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        await using var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var end = stream.Length;
        stream.Seek(-Math.Min(1, end), SeekOrigin.End);

        // A crash in the middle of a note leaves half a line; it must not run into the next note.
        var torn = end > 0 && stream.ReadByte() != '\n';
        var text = (torn ? "\n" : "") + string.Concat(notes);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        stream.Flush(flushToDisk: true);
    }
}
