using System.Text;

namespace Decent.Canister.Client;

/// <summary>A path into the certified state tree: labels from the root, each any bytes.</summary>
/// <param name="Labels">The labels, outermost first.</param>
public sealed record StatePath(IReadOnlyList<ReadOnlyMemory<byte>> Labels)
{
    /// <summary>The path of the certified time.</summary>
    public static StatePath Time { get; } = Of("time");

    /// <summary>A path whose labels are UTF-8 text.</summary>
    public static StatePath Of(params string[] labels) =>
        new([.. labels.Select(static l => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(l))]);

    /// <summary>The path of everything known about one request.</summary>
    public static StatePath RequestStatus(RequestId id) => Of("request_status").Add(id.ToArray());

    /// <summary>This path and one more label.</summary>
    public StatePath Add(ReadOnlyMemory<byte> label) => new([.. Labels, label]);

    /// <summary>This path and one more label in UTF-8.</summary>
    public StatePath Add(string label) => Add(Encoding.UTF8.GetBytes(label));

    /// <inheritdoc />
    public bool Equals(StatePath? other) =>
        other is not null && Labels.Count == other.Labels.Count
        && Labels.Zip(other.Labels).All(static p => p.First.Span.SequenceEqual(p.Second.Span));

    /// <inheritdoc />
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var label in Labels)
        {
            hash.AddBytes(label.Span);
        }

        return hash.ToHashCode();
    }

    /// <summary>Labels joined by <c>/</c>; a label that is not printable ASCII is shown as hexadecimal.</summary>
    public override string ToString() => string.Concat(Labels.Select(static l => "/" + Show(l.Span)));

    private static string Show(ReadOnlySpan<byte> label) =>
        label.Length > 0 && label.IndexOfAnyExceptInRange((byte)0x21, (byte)0x7e) < 0
            ? Encoding.ASCII.GetString(label)
            : "0x" + Convert.ToHexStringLower(label);
}
