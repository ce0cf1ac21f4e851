using System.Diagnostics.CodeAnalysis;

namespace Decent.Canister.Client.Crypto;

/// <summary>
/// A BLS12-381 public key of the Internet Computer: keys in G2, signatures in G1. A key that exists is valid: encoded
/// canonically, on the curve, in the subgroup, not the identity.
/// </summary>
public sealed class BlsPublicKey
{
    /// <summary>Length of the compressed key in bytes.</summary>
    public const int Length = G2.Length;

    /// <summary>Length of a signature in bytes.</summary>
    public const int SignatureLength = G1.Length;

    private static readonly byte[] DerPrefix = Convert.FromHexString(
        "308182301d060d2b0601040182dc7c0503010201060c2b0601040182dc7c05030201036100");

    private static readonly G2Lines GeneratorLines = new(G2.Generator);

    private readonly byte[] bytes;
    private readonly G2Lines lines;

    private BlsPublicKey(byte[] bytes, in Jacobian<Fp2> point)
    {
        this.bytes = bytes;
        lines = new G2Lines(point);
    }

    /// <summary>Reads the 96 bytes of a compressed key.</summary>
    /// <returns>False for anything but a valid key.</returns>
    public static bool TryRead(ReadOnlySpan<byte> compressed, [NotNullWhen(true)] out BlsPublicKey? key)
    {
        key = G2.TryRead(compressed, out var point) && !point.IsInfinity
            ? new BlsPublicKey(compressed.ToArray(), point)
            : null;
        return key is not null;
    }

    /// <summary>Reads the 133 bytes of a key in DER, as certificates and status show it.</summary>
    /// <returns>False for anything but a valid key in exactly that form.</returns>
    public static bool TryReadDer(ReadOnlySpan<byte> der, [NotNullWhen(true)] out BlsPublicKey? key)
    {
        key = null;
        return der.StartsWith(DerPrefix) && TryRead(der[DerPrefix.Length..], out key);
    }

    /// <summary>
    /// Whether a signature over a message is this key's. False, never an exception, for a malformed signature.
    /// </summary>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (!G1.TryRead(signature, out var point) || point.IsInfinity)
        {
            return false;
        }

        // e(signature, g) = e(H(message), key), as e(−signature, g)·e(H(message), key) = 1.
        var hash = HashToG1.Hash(message, HashToG1.SignatureDomain);
        if (hash.IsInfinity)
        {
            return false;
        }

        hash.ToAffine(out var hx, out var hy);
        return Pairing.ProductIsOne(point.X, -point.Y, GeneratorLines, hx, hy, lines);
    }

    /// <summary>The 96 bytes of the compressed key.</summary>
    public byte[] ToArray() => [.. bytes];

    /// <summary>The 133 bytes of the key in DER.</summary>
    public byte[] ToDer() => [.. DerPrefix, .. bytes];

    internal static BlsPublicKey OfPoint(in Jacobian<Fp2> point) => new(G2.Write(point), point);
}
