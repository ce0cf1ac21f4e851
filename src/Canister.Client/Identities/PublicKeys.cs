using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Decent.Canister.Client;

/// <summary>Public keys in DER and the signatures they verify.</summary>
public static class PublicKeys
{
    private const int Ed25519Length = 32;
    private const int PointLength = 65;
    private const int SignatureLength = 64;

    private static readonly byte[] Ed25519Prefix = Convert.FromHexString("302a300506032b6570032100");

    /// <summary>The DER form of a raw 32-byte Ed25519 key.</summary>
    public static byte[] Ed25519Der(ReadOnlySpan<byte> publicKey) =>
        publicKey.Length == Ed25519Length
            ? [.. Ed25519Prefix, .. publicKey]
            : throw new IdentityFormatException($"An Ed25519 public key has {Ed25519Length} bytes.");

    /// <summary>
    /// Whether the DER has the form of a key with which signatures are verified without trust in a network: Ed25519,
    /// secp256k1, P-256.
    /// </summary>
    public static bool IsSupported(ReadOnlySpan<byte> publicKeyDer) =>
        HasForm(publicKeyDer, Ed25519Prefix, Ed25519Length)
        || HasForm(publicKeyDer, EllipticCurve.Secp256k1.DerPrefix, PointLength)
        || HasForm(publicKeyDer, EllipticCurve.P256.DerPrefix, PointLength);

    /// <summary>
    /// Whether the signature over the message is this key's: Ed25519, or ECDSA with SHA-256 as r‖s. Never throws for
    /// bad input; an unknown kind of key verifies nothing.
    /// </summary>
    public static bool Verify(
        ReadOnlySpan<byte> publicKeyDer, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (HasForm(publicKeyDer, Ed25519Prefix, Ed25519Length))
        {
            return VerifyEd25519(publicKeyDer, message, signature);
        }

        if (HasForm(publicKeyDer, EllipticCurve.Secp256k1.DerPrefix, PointLength))
        {
            return VerifyEcdsa(EllipticCurve.Secp256k1, publicKeyDer, message, signature);
        }

        return HasForm(publicKeyDer, EllipticCurve.P256.DerPrefix, PointLength)
               && VerifyEcdsa(EllipticCurve.P256, publicKeyDer, message, signature);
    }

    /// <summary>As the other overload, and canister signatures as well when there is something to trust.</summary>
    /// <param name="publicKeyDer">The key in DER.</param>
    /// <param name="message">The message, domain separator included.</param>
    /// <param name="signature">The signature.</param>
    /// <param name="trust">Under what a canister signature's certificate must verify; null refuses all of them.</param>
    public static bool Verify(
        ReadOnlySpan<byte> publicKeyDer,
        ReadOnlySpan<byte> message,
        ReadOnlyMemory<byte> signature,
        RootOfTrust? trust) =>
        Verify(publicKeyDer, message, signature.Span)
        || (trust is not null && CanisterSignature.Verify(publicKeyDer, message, signature, trust));

    /// <summary>Whether the key is an Ed25519 key in DER and the signature over the message is its own.</summary>
    public static bool VerifyEd25519(
        ReadOnlySpan<byte> publicKeyDer, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureLength || !HasForm(publicKeyDer, Ed25519Prefix, Ed25519Length))
        {
            return false;
        }

        var copy = message.ToArray();
        return Ed25519.Verify(
            signature.ToArray(), 0, publicKeyDer[Ed25519Prefix.Length..].ToArray(), 0, copy, 0, copy.Length);
    }

    private static bool HasForm(ReadOnlySpan<byte> der, byte[] prefix, int keyLength) =>
        der.Length == prefix.Length + keyLength && der.StartsWith(prefix);

    private static bool VerifyEcdsa(
        EllipticCurve curve, ReadOnlySpan<byte> der, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        var point = der[curve.DerPrefix.Length..];
        if (signature.Length != SignatureLength || point[0] != EllipticCurve.Uncompressed)
        {
            return false;
        }

        try
        {
            using var key = ECDsa.Create(new ECParameters
            {
                Curve = curve.ToNet(),
                Q = new ECPoint { X = point[1..33].ToArray(), Y = point[33..].ToArray() },
            });
            return key.VerifyData(message, signature, HashAlgorithmName.SHA256);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
