using System.Buffers.Binary;

namespace Decent.Canister.Client.Crypto;

/// <summary>Bytes in and out, powers, roots.</summary>
internal readonly partial struct Fp
{
    internal const int Length = 48;

    private const int Window = 4;

    // 2^768 modulo the modulus: takes a plain value into Montgomery form.
    private static readonly Fp IntoMontgomery = new(
        0xf4df1f341c341746, 0x0a76e6a609d104f1, 0x8de5476c4c95b6d5,
        0x67eb88a9939d83c0, 0x9a793e85b519952d, 0x11988fe592cae3aa);

    private static readonly Fp TwoTo256 = new Fp(0, 0, 0, 0, 1, 0) * IntoMontgomery;

    private static readonly byte[] InverseExponent = Convert.FromHexString(
        "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaa9");

    private static readonly byte[] RootExponent = Convert.FromHexString(
        "0680447a8e5ff9a692c6e9ed90d2eb35d91dd2e13ce144afd9cc34a83dac3d8907aaffffac54ffffee7fbfffffffeaab");

    /// <summary>Reads 48 big-endian bytes; false when they are not below the modulus.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, out Fp value)
    {
        var plain = ReadPlain(bytes);
        value = plain * IntoMontgomery;
        return plain.IsBelowModulus();
    }

    /// <summary>A constant from 96 hexadecimal digits.</summary>
    internal static Fp FromHex(string hex) =>
        TryRead(Convert.FromHexString(hex.PadLeft(2 * Length, '0')), out var value)
            ? value
            : throw new ArgumentException("The constant is not below the modulus.", nameof(hex));

    /// <summary>Reduces 64 big-endian bytes.</summary>
    internal static Fp Reduce(ReadOnlySpan<byte> wide)
    {
        Span<byte> half = stackalloc byte[Length];
        half.Clear();
        wide[..32].CopyTo(half[16..]);
        var high = ReadPlain(half) * IntoMontgomery;
        wide[32..].CopyTo(half[16..]);
        var low = ReadPlain(half) * IntoMontgomery;
        return (high * TwoTo256) + low;
    }

    /// <summary>Writes 48 big-endian bytes.</summary>
    internal void Write(Span<byte> into)
    {
        var plain = Plain();
        for (var i = 0; i < Limbs; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(into[(8 * i)..], plain.Limb(Limbs - 1 - i));
        }
    }

    public Fp Inverse() => Power(InverseExponent);

    /// <summary>A square root, if there is one.</summary>
    internal bool TryRoot(out Fp root)
    {
        root = Power(RootExponent);
        return root.Square().Same(this);
    }

    internal Fp Power(ReadOnlySpan<byte> exponent)
    {
        Span<Fp> table = stackalloc Fp[1 << Window];
        table[0] = One;
        for (var i = 1; i < table.Length; i++)
        {
            table[i] = table[i - 1] * this;
        }

        var result = One;
        foreach (var b in exponent)
        {
            result = result.Square().Square().Square().Square() * table[b >> Window];
            result = result.Square().Square().Square().Square() * table[b & 15];
        }

        return result;
    }

    private static Fp ReadPlain(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes[40..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[32..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes));
}
