using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Decent.Canister.Client.Crypto;

/// <summary>Hashes a message to a point of G1: RFC 9380, SHA-256, simplified SWU, random oracle.</summary>
internal static class HashToG1
{
    private const int HashLength = 32;
    private const int ElementLength = 64;

    // The curve y² = x³ + A·x + B, from which the isogeny leads to G1, and the non-square Z.
    private static readonly Fp A = Fp.FromHex(
        "144698a3b8e9433d693a02c96d4982b0ea985383ee66a8d8e8981aefd881ac98936f8da0e0f97f5cf428082d584c1d");

    private static readonly Fp B = Fp.FromHex(
        "12e2908d11688030018b12e8753eee3b2016c1f0f24f4070a0b9c14fcef35ef55a23215a316ceaa5d1cc48e98e172be0");

    private static readonly Fp Z = Fp.FromHex("0b");
    private static readonly Fp MinusBOverA = -(B * A.Inverse());
    private static readonly Fp ExceptionalX = B * (Z * A).Inverse();

    /// <summary>The domain of the signatures of the Internet Computer.</summary>
    internal static ReadOnlySpan<byte> SignatureDomain => "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"u8;

    internal static Jacobian<Fp> Hash(ReadOnlySpan<byte> message, ReadOnlySpan<byte> domain)
    {
        Span<byte> uniform = stackalloc byte[2 * ElementLength];
        Expand(message, domain, uniform);
        return Map(Fp.Reduce(uniform[..ElementLength]))
            .Add(Map(Fp.Reduce(uniform[ElementLength..])))
            .Multiply(Curve.G1Cofactor);
    }

    /// <summary>expand_message_xmd of RFC 9380.</summary>
    private static void Expand(ReadOnlySpan<byte> message, ReadOnlySpan<byte> domain, Span<byte> into)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ReadOnlySpan<byte> domainLength = [(byte)domain.Length];
        Span<byte> first = stackalloc byte[HashLength];
        Span<byte> block = stackalloc byte[HashLength];
        Span<byte> length = stackalloc byte[3];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)into.Length);
        length[2] = 0;
        block.Clear();
        sha.AppendData(block);
        sha.AppendData(block);
        sha.AppendData(message);
        sha.AppendData(length);
        sha.AppendData(domain);
        sha.AppendData(domainLength);
        sha.GetHashAndReset(first);
        for (var i = 0; i < into.Length / HashLength; i++)
        {
            for (var j = 0; j < HashLength; j++)
            {
                block[j] ^= first[j];
            }

            sha.AppendData(block);
            sha.AppendData([(byte)(i + 1)]);
            sha.AppendData(domain);
            sha.AppendData(domainLength);
            sha.GetHashAndReset(block);
            block.CopyTo(into[(i * HashLength)..]);
        }
    }

    private static Jacobian<Fp> Map(in Fp u)
    {
        var zuu = Z * u.Square();
        var denominator = zuu.Square() + zuu;
        var x = denominator.IsZero ? ExceptionalX : MinusBOverA * (Fp.One + denominator.Inverse());
        if (!Right(x).TryRoot(out var y))
        {
            x = zuu * x;
            Right(x).TryRoot(out y);
        }

        return Isogeny.Map(x, u.IsOdd() == y.IsOdd() ? y : -y);
    }

    private static Fp Right(in Fp x) => (((x.Square()) + A) * x) + B;
}
