using System.Text.Json;

namespace Decent.Sandbox.Emulators;

/// <summary>
/// What an emulator remembers: documents by collection and id, kept in memory and in an append-only file that is
/// flushed to the disk before a write returns. One line is one atomic change of any number of documents; a line torn
/// by a crash is dropped at the next start.
/// </summary>
internal sealed class DocumentLog : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, OrderedDictionary<string, JsonElement>> _collections = new(
        StringComparer.Ordinal);
    private readonly FileStream _file;

    /// <summary>Opens or creates a log.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="InvalidDataException">A complete line cannot be read.</exception>
    public DocumentLog(string path)
    {
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        Load();
    }

    /// <summary>Writes documents together: all of them are durable, or none.</summary>
    public void Write(params IReadOnlyList<Document> documents)
    {
        var changes = documents
            .Select(
                d =>
                    new Change(d.Collection, d.Id, JsonSerializer.SerializeToElement(d.Value, d.Value.GetType(), Json)))
            .ToArray();
        var line = JsonSerializer.SerializeToUtf8Bytes(changes, Json);
        lock (_gate)
        {
            _file.Write(line);
            _file.WriteByte((byte)'\n');
            _file.Flush(flushToDisk: true);
            Apply(changes);
        }
    }

    /// <summary>One document, or null.</summary>
    public T? Find<T>(string collection, string id)
        where T : class
    {
        lock (_gate)
        {
            return _collections.TryGetValue(collection, out var documents) && documents.TryGetValue(id, out var element)
                ? element.Deserialize<T>(Json)
                : null;
        }
    }

    /// <summary>Every document of a collection, oldest first.</summary>
    public IReadOnlyList<T> All<T>(string collection)
    {
        lock (_gate)
        {
            return _collections.TryGetValue(collection, out var documents)
                ? [.. documents.Values.Select(e => e.Deserialize<T>(Json)!)]
                : [];
        }
    }

    /// <summary>How many documents a collection has.</summary>
    public int Count(string collection)
    {
        lock (_gate)
        {
            return _collections.TryGetValue(collection, out var documents) ? documents.Count : 0;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();

    private void Load()
    {
        var bytes = new byte[_file.Length];
        _file.ReadExactly(bytes);
        var start = 0;
        while (bytes.AsSpan(start).IndexOf((byte)'\n') is var length and >= 0)
        {
            var line = bytes.AsSpan(start, length);
            Apply(Parse(line, start));
            start += length + 1;
        }

        if (start < bytes.Length)
        {
            _file.SetLength(start);
        }

        _file.Position = start;
    }

    private static Change[] Parse(ReadOnlySpan<byte> line, int offset)
    {
        try
        {
            return JsonSerializer.Deserialize<Change[]>(line, Json)!;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The emulator's log is damaged at byte {offset}.", e);
        }
    }

    private void Apply(Change[] changes)
    {
        foreach (var change in changes)
        {
            if (!_collections.TryGetValue(change.C, out var documents))
            {
                _collections[change.C] = documents = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
            }

            documents[change.I] = change.V;
        }
    }

    private sealed record Change(string C, string I, JsonElement V);
}

/// <summary>One document to write.</summary>
/// <param name="Collection">Name of the collection.</param>
/// <param name="Id">Id inside the collection; an existing document is replaced.</param>
/// <param name="Value">The document; must survive JSON.</param>
internal sealed record Document(string Collection, string Id, object Value);
