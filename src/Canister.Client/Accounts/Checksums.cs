using System.Buffers.Binary;
using System.Text;

namespace Decent.Canister.Client;

/// <summary>CRC-32 (the usual reflected one, big-endian bytes) and base 32 as account texts use them.</summary>
internal static class Checksums
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    internal static byte[] Crc32(params ReadOnlySpan<byte[]> parts)
    {
        var crc = uint.MaxValue;
        foreach (var part in parts)
        {
            foreach (var b in part)
            {
                crc ^= b;
                for (var i = 0; i < 8; i++)
                {
                    crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xedb88320;
                }
            }
        }

        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, ~crc);
        return bytes;
    }

    internal static string Base32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        var bits = 0;
        var held = 0;
        foreach (var b in bytes)
        {
            held = ((held << 8) | b) & 0xfff;
            for (bits += 8; bits >= 5; bits -= 5)
            {
                text.Append(Alphabet[(held >> (bits - 5)) & 31]);
            }
        }

        return bits == 0 ? text.ToString() : text.Append(Alphabet[(held << (5 - bits)) & 31]).ToString();
    }
}
