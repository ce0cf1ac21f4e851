using System.Buffers;
using System.Numerics;

namespace Decent.Candid;

/// <summary>LEB128, unsigned and signed, of any size. Writing is shortest; reading accepts overlong forms.</summary>
public static class Leb128
{
    private const int FastBytes = 9;

    /// <summary>Shortest unsigned form.</summary>
    public static byte[] Unsigned(BigInteger value)
    {
        var output = new ArrayBufferWriter<byte>(16);
        new CandidWriter(output).WriteNat(value);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Shortest signed form.</summary>
    public static byte[] Signed(BigInteger value)
    {
        var output = new ArrayBufferWriter<byte>(16);
        new CandidWriter(output).WriteInt(value);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads an unsigned number; false when the bytes end first.</summary>
    public static bool TryReadUnsigned(ReadOnlySpan<byte> bytes, out BigInteger value, out int length)
    {
        ulong small = 0;
        for (var i = 0; i < bytes.Length && i < FastBytes; i++)
        {
            small |= (ulong)((uint)bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                value = small;
                length = i + 1;
                return true;
            }
        }

        return TryReadLong(bytes, signed: false, out value, out length);
    }

    /// <summary>Reads a signed number; false when the bytes end first.</summary>
    public static bool TryReadSigned(ReadOnlySpan<byte> bytes, out BigInteger value, out int length)
    {
        long small = 0;
        for (var i = 0; i < bytes.Length && i < FastBytes; i++)
        {
            small |= (long)((uint)bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                var unused = 64 - (7 * (i + 1));
                value = small << unused >> unused;
                length = i + 1;
                return true;
            }
        }

        return TryReadLong(bytes, signed: true, out value, out length);
    }

    /// <summary>Packs groups of seven bits into bytes: linear in the length, whatever the sender chose.</summary>
    private static bool TryReadLong(ReadOnlySpan<byte> bytes, bool signed, out BigInteger value, out int length)
    {
        value = default;
        length = bytes.IndexOfAnyInRange((byte)0, (byte)0x7F) + 1;
        if (length == 0)
        {
            return false;
        }

        var packed = new byte[(int)((((long)length * 7) + 7) / 8)];
        uint buffer = 0;
        int bits = 0, at = 0;
        for (var i = 0; i < length; i++)
        {
            buffer |= ((uint)bytes[i] & 0x7F) << bits;
            bits += 7;
            if (bits >= 8)
            {
                packed[at++] = (byte)(buffer & 0xFF);
                buffer >>= 8;
                bits -= 8;
            }
        }

        var negative = signed && (bytes[length - 1] & 0x40) != 0;
        if (at < packed.Length)
        {
            packed[at] = (byte)((buffer | (negative ? uint.MaxValue << bits : 0)) & 0xFF);
        }

        value = new BigInteger(packed, isUnsigned: !signed);
        return true;
    }
}
