using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Decent.Canister.Client;

/// <summary>
/// The 32-byte identity of a request: the representation-independent hash of its content. The Internet Computer
/// executes a given id at most once.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct RequestId
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    private readonly ulong a;
    private readonly ulong b;
    private readonly ulong c;
    private readonly ulong d;

    /// <summary>An id from its 32 bytes.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public RequestId(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
        {
            throw new ArgumentException($"A request id has {Length} bytes, not {bytes.Length}.", nameof(bytes));
        }

        a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>The id of a request's content.</summary>
    public static RequestId Of(IReadOnlyDictionary<string, HashableValue> content) =>
        new(RepresentationIndependentHash.Of(content));

    /// <summary>Reads the text form, with or without <c>0x</c>.</summary>
    /// <exception cref="FormatException">Not 64 hexadecimal digits.</exception>
    public static RequestId Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var hex = text.AsSpan();
        hex = hex.StartsWith("0x", StringComparison.Ordinal) ? hex[2..] : hex;
        return hex.Length == 2 * Length
            ? new RequestId(Convert.FromHexString(hex))
            : throw new FormatException("A request id is written as 64 hexadecimal digits.");
    }

    /// <summary>The 32 bytes.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, a);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), b);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(16), c);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(24), d);
        return bytes;
    }

    /// <summary><c>0x</c> and 64 lower-case hexadecimal digits.</summary>
    public override string ToString() => "0x" + Convert.ToHexStringLower(ToArray());
}
