using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Decent.Candid;

/// <summary>
/// Reads the primitives of the binary format from a span. Every fault is a <see cref="CandidDecodeException" /> with
/// the byte offset; nothing is allocated from a length before the bytes are known to be there.
/// </summary>
public ref struct CandidReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, true);

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _offset;

    /// <summary>Position of the next byte.</summary>
    public readonly int Offset => _offset;

    /// <summary>Bytes not read yet.</summary>
    public readonly int Remaining => _bytes.Length - _offset;

    /// <summary>Takes the next bytes.</summary>
    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        if (count < 0 || count > _bytes.Length - _offset)
        {
            throw Truncated();
        }

        var taken = _bytes.Slice(_offset, count);
        _offset += count;
        return taken;
    }

    /// <summary>One byte.</summary>
    public byte ReadByte() => _offset < _bytes.Length ? _bytes[_offset++] : throw Truncated();

    /// <summary>A truth value: 0 or 1, nothing else.</summary>
    public bool ReadBool()
    {
        var value = ReadByte();
        return value <= 1 ? value == 1 : throw Fault($"{value} is not a truth value", -1);
    }

    /// <summary>The flag of an option: 0 or 1, nothing else.</summary>
    public bool ReadOptFlag()
    {
        var value = ReadByte();
        return value <= 1 ? value == 1 : throw Fault($"{value} is not the flag of an option", -1);
    }

    /// <summary>nat8.</summary>
    public byte ReadNat8() => ReadByte();

    /// <summary>nat16.</summary>
    public ushort ReadNat16() => BinaryPrimitives.ReadUInt16LittleEndian(ReadBytes(2));

    /// <summary>nat32.</summary>
    public uint ReadNat32() => BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(4));

    /// <summary>nat64.</summary>
    public ulong ReadNat64() => BinaryPrimitives.ReadUInt64LittleEndian(ReadBytes(8));

    /// <summary>int8.</summary>
    public sbyte ReadInt8() => unchecked((sbyte)ReadByte());

    /// <summary>int16.</summary>
    public short ReadInt16() => BinaryPrimitives.ReadInt16LittleEndian(ReadBytes(2));

    /// <summary>int32.</summary>
    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(ReadBytes(4));

    /// <summary>int64.</summary>
    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(ReadBytes(8));

    /// <summary>float32.</summary>
    public float ReadFloat32() => BinaryPrimitives.ReadSingleLittleEndian(ReadBytes(4));

    /// <summary>float64.</summary>
    public double ReadFloat64() => BinaryPrimitives.ReadDoubleLittleEndian(ReadBytes(8));

    /// <summary>An unbounded natural number.</summary>
    public BigInteger ReadNat()
    {
        if (!Leb128.TryReadUnsigned(_bytes[_offset..], out var value, out var length))
        {
            throw Truncated();
        }

        _offset += length;
        return value;
    }

    /// <summary>An unbounded integer.</summary>
    public BigInteger ReadInt()
    {
        if (!Leb128.TryReadSigned(_bytes[_offset..], out var value, out var length))
        {
            throw Truncated();
        }

        _offset += length;
        return value;
    }

    /// <summary>A LEB128 number of the format itself (length, index, id): at most 64 bits, may be overlong.</summary>
    public ulong ReadLeb64()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = ReadByte();
            ulong part = (uint)b & 0x7F;
            if (part != 0 && (shift > 63 || part << shift >> shift != part))
            {
                throw Fault("number does not fit 64 bits", -1);
            }

            value |= shift > 63 ? 0 : part << shift;
            if (b < 0x80)
            {
                return value;
            }
        }
    }

    /// <summary>A signed LEB128 number of the format itself (type reference): at most 64 bits.</summary>
    public long ReadSleb64()
    {
        var at = _offset;
        var value = ReadInt();
        return value >= long.MinValue && value <= long.MaxValue
            ? (long)value
            : throw Fault("number does not fit 64 bits", at - _offset);
    }

    /// <summary>A length in bytes, checked against what is left.</summary>
    public int ReadLength()
    {
        var at = _offset;
        var length = ReadLeb64();
        return length <= (ulong)Remaining
            ? (int)length
            : throw Fault($"length {length} exceeds the {Remaining} bytes that are left", at - _offset);
    }

    /// <summary>A blob as a span of the input.</summary>
    public ReadOnlySpan<byte> ReadBlobSpan() => ReadBytes(ReadLength());

    /// <summary>A blob.</summary>
    public byte[] ReadBlob() => ReadBlobSpan().ToArray();

    /// <summary>Text; must be valid UTF-8.</summary>
    public string ReadText()
    {
        var span = ReadBlobSpan();
        try
        {
            return StrictUtf8.GetString(span);
        }
        catch (DecoderFallbackException)
        {
            throw Fault("text is not UTF-8", -span.Length);
        }
    }

    /// <summary>Passes over a text; must be valid UTF-8.</summary>
    public void SkipText()
    {
        var span = ReadBlobSpan();
        if (!System.Text.Unicode.Utf8.IsValid(span))
        {
            throw Fault("text is not UTF-8", -span.Length);
        }
    }

    /// <summary>A principal or service reference. An opaque reference is a fault.</summary>
    public Principal ReadPrincipal() => Principal.FromBytes(ReadPrincipalSpan());

    /// <summary>As <see cref="ReadPrincipal" />, as a span of the input.</summary>
    public ReadOnlySpan<byte> ReadPrincipalSpan()
    {
        ReadReferenceFlag();
        var at = _offset;
        var span = ReadBlobSpan();
        return span.Length <= Principal.MaxLength
            ? span
            : throw Fault($"a principal has at most {Principal.MaxLength} bytes, not {span.Length}", at - _offset);
    }

    /// <summary>The flag before a reference; only transparent references (1) are known.</summary>
    public void ReadReferenceFlag()
    {
        var flag = ReadByte();
        if (flag != 1)
        {
            throw Fault(flag == 0 ? "opaque reference" : $"{flag} is not the flag of a reference", -1);
        }
    }

    /// <summary>Goes back to an earlier position.</summary>
    internal void Rewind(int offset) => _offset = offset;

    /// <summary>Passes over bytes.</summary>
    internal void Skip(int count) => ReadBytes(count);

    internal readonly CandidDecodeException Fault(string reason, int shift = 0) => new(reason, _offset + shift);

    private readonly CandidDecodeException Truncated() => new("message ends too early", _bytes.Length);
}
