using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Decent.Candid;

/// <summary>Writes the primitives of the binary format to a buffer writer.</summary>
public readonly struct CandidWriter(IBufferWriter<byte> output) : IEquatable<CandidWriter>
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, true);

    private readonly IBufferWriter<byte> _output = output;

    /// <summary>Same target.</summary>
    public static bool operator ==(CandidWriter left, CandidWriter right) => left.Equals(right);

    /// <summary>Different targets.</summary>
    public static bool operator !=(CandidWriter left, CandidWriter right) => !left.Equals(right);

    /// <summary>Bytes as they are.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes) => _output.Write(bytes);

    /// <summary>One byte.</summary>
    public void WriteByte(byte value)
    {
        _output.GetSpan(1)[0] = value;
        _output.Advance(1);
    }

    /// <summary>Truth value, also the flag of an option.</summary>
    public void WriteBool(bool value) => WriteByte(value ? (byte)1 : (byte)0);

    /// <summary>nat8.</summary>
    public void WriteNat8(byte value) => WriteByte(value);

    /// <summary>nat16.</summary>
    public void WriteNat16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_output.GetSpan(2), value);
        _output.Advance(2);
    }

    /// <summary>nat32.</summary>
    public void WriteNat32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_output.GetSpan(4), value);
        _output.Advance(4);
    }

    /// <summary>nat64.</summary>
    public void WriteNat64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_output.GetSpan(8), value);
        _output.Advance(8);
    }

    /// <summary>int8.</summary>
    public void WriteInt8(sbyte value) => WriteByte(unchecked((byte)value));

    /// <summary>int16.</summary>
    public void WriteInt16(short value) => WriteNat16(unchecked((ushort)value));

    /// <summary>int32.</summary>
    public void WriteInt32(int value) => WriteNat32(unchecked((uint)value));

    /// <summary>int64.</summary>
    public void WriteInt64(long value) => WriteNat64(unchecked((ulong)value));

    /// <summary>float32.</summary>
    public void WriteFloat32(float value) => WriteNat32(BitConverter.SingleToUInt32Bits(value));

    /// <summary>float64.</summary>
    public void WriteFloat64(double value) => WriteNat64(BitConverter.DoubleToUInt64Bits(value));

    /// <summary>A length, index or id of the format itself.</summary>
    public void WriteLeb64(ulong value)
    {
        var span = _output.GetSpan(10);
        var at = 0;
        for (; value >= 0x80; value >>= 7)
        {
            span[at++] = (byte)((value & 0x7F) | 0x80);
        }

        span[at++] = (byte)value;
        _output.Advance(at);
    }

    /// <summary>A type reference of the format itself.</summary>
    public void WriteSleb64(long value)
    {
        var span = _output.GetSpan(10);
        var at = 0;
        for (; value is < -64 or > 63; value >>= 7)
        {
            span[at++] = (byte)((value & 0x7F) | 0x80);
        }

        span[at++] = (byte)(value & 0x7F);
        _output.Advance(at);
    }

    /// <summary>An unbounded natural number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public void WriteNat(BigInteger value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        if (value <= ulong.MaxValue)
        {
            WriteLeb64((ulong)value);
            return;
        }

        WriteGroups(value.ToByteArray(isUnsigned: true), (int)((value.GetBitLength() + 6) / 7), 0);
    }

    /// <summary>An unbounded integer.</summary>
    public void WriteInt(BigInteger value)
    {
        if (value >= long.MinValue && value <= long.MaxValue)
        {
            WriteSleb64((long)value);
            return;
        }

        // One bit more than the magnitude needs, for the sign.
        WriteGroups(value.ToByteArray(), (int)((value.GetBitLength() + 7) / 7), value.Sign < 0 ? 0xFFu : 0);
    }

    /// <summary>Bytes with their length.</summary>
    public void WriteBlob(ReadOnlySpan<byte> value)
    {
        WriteLeb64((ulong)value.Length);
        WriteBytes(value);
    }

    /// <summary>Text with its length.</summary>
    /// <exception cref="CandidEncodeException">The string has an unpaired surrogate.</exception>
    public void WriteText(string value)
    {
        try
        {
            var length = StrictUtf8.GetByteCount(value);
            WriteLeb64((ulong)length);
            _output.Advance(StrictUtf8.GetBytes(value, _output.GetSpan(length)));
        }
        catch (EncoderFallbackException)
        {
            throw new CandidEncodeException("text has an unpaired surrogate");
        }
    }

    /// <summary>A principal or service reference.</summary>
    public void WritePrincipal(Principal value)
    {
        WriteByte(1);
        WriteBlob(value.Bytes);
    }

    /// <summary>A reference to a method.</summary>
    public void WriteFunc(Principal service, string method)
    {
        WriteByte(1);
        WritePrincipal(service);
        WriteText(method);
    }

    /// <inheritdoc />
    public bool Equals(CandidWriter other) => ReferenceEquals(_output, other._output);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is CandidWriter other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => _output.GetHashCode();

    private void WriteGroups(ReadOnlySpan<byte> littleEndian, int groups, uint fill)
    {
        var span = _output.GetSpan(groups);
        uint buffer = 0;
        int bits = 0, at = 0;
        for (var group = 0; group < groups; group++)
        {
            if (bits < 7)
            {
                buffer |= (at < littleEndian.Length ? littleEndian[at++] : fill) << bits;
                bits += 8;
            }

            span[group] = (byte)((buffer & 0x7F) | (group < groups - 1 ? 0x80u : 0));
            buffer >>= 7;
            bits -= 7;
        }

        _output.Advance(groups);
    }
}
