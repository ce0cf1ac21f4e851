using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Decent.Sandbox.Emulators;

/// <summary>Ids in the providers' manner.</summary>
internal static class RandomText
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /// <summary>Letters and digits behind a prefix.</summary>
    public static string Id(string prefix, int length = 24) =>
        prefix + RandomNumberGenerator.GetString(Alphabet, length);

    /// <summary>A random UUID's text (version 4), as ICPay gives its objects.</summary>
    public static string Uuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    /// <summary>A random number of 31 bits, never zero.</summary>
    public static uint Code()
    {
        Span<byte> bytes = stackalloc byte[4];
        RandomNumberGenerator.Fill(bytes);
        return (BinaryPrimitives.ReadUInt32LittleEndian(bytes) & 0x7fff_ffff) | 1;
    }
}
