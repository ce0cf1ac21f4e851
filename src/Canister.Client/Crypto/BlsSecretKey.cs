namespace Decent.Canister.Client.Crypto;

/// <summary>
/// A BLS12-381 secret key. It signs for the local replica and for tests; its running time depends on the key, so it is
/// not for secrets that others may watch being used.
/// </summary>
public sealed class BlsSecretKey
{
    /// <summary>Length of the key in bytes.</summary>
    public const int Length = 32;

    private readonly byte[] scalar;

    private BlsSecretKey(byte[] scalar)
    {
        this.scalar = scalar;
        PublicKey = BlsPublicKey.OfPoint(G2.Generator.Multiply(scalar));
    }

    /// <summary>The public key.</summary>
    public BlsPublicKey PublicKey { get; }

    /// <summary>A key from 32 big-endian bytes.</summary>
    /// <exception cref="IdentityFormatException">Not 32 bytes, zero, or not below the order of the group.</exception>
    public static BlsSecretKey FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Length && bytes.IndexOfAnyExcept((byte)0) >= 0 && bytes.SequenceCompareTo(Curve.Order) < 0
            ? new BlsSecretKey(bytes.ToArray())
            : throw new IdentityFormatException("A BLS secret key is a number of 32 bytes from 1 to the group order.");

    /// <summary>The 48-byte signature of a message.</summary>
    public byte[] Sign(ReadOnlySpan<byte> message) =>
        G1.Write(HashToG1.Hash(message, HashToG1.SignatureDomain).Multiply(scalar));
}
