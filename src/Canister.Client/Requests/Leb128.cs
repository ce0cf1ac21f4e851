using System.Numerics;

namespace Decent.Canister.Client;

/// <summary>LEB128 numbers as they stand in certificates and in hashes of requests.</summary>
public static class Leb128
{
    /// <summary>The shortest unsigned encoding of a natural number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public static byte[] EncodeUnsigned(BigInteger value)
    {
        if (value.Sign < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(value), "A natural number is not negative.");
        }

        var bytes = new List<byte>();
        do
        {
            var low = (byte)(value & 0x7f);
            value >>= 7;
            bytes.Add(value.IsZero ? low : (byte)(low | 0x80));
        }
        while (!value.IsZero);
        return [.. bytes];
    }

    /// <summary>The shortest signed encoding of an integer.</summary>
    public static byte[] EncodeSigned(BigInteger value)
    {
        var bytes = new List<byte>();
        while (true)
        {
            var low = (byte)(value & 0x7f);
            value >>= 7;
            var signBit = (low & 0x40) != 0;
            if ((value.IsZero && !signBit) || (value == BigInteger.MinusOne && signBit))
            {
                bytes.Add(low);
                return [.. bytes];
            }

            bytes.Add((byte)(low | 0x80));
        }
    }

    /// <summary>Decodes an unsigned number that fills the whole span and fits in 64 bits.</summary>
    /// <exception cref="FormatException">Truncated, longer than its end mark, or above 2^64 − 1.</exception>
    public static ulong DecodeUInt64(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            var low = (ulong)(bytes[i] & 0x7f);
            if (low != 0 && (i > 9 || (i == 9 && low > 1)))
            {
                throw new FormatException("The LEB128 number does not fit in 64 bits.");
            }

            value |= i > 9 ? 0 : low << (7 * i);
            if ((bytes[i] & 0x80) == 0)
            {
                return i == bytes.Length - 1
                    ? value
                    : throw new FormatException("Bytes follow the LEB128 number.");
            }
        }

        throw new FormatException("The LEB128 number is truncated.");
    }
}
