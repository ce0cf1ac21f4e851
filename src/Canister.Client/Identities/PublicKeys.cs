using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Decent.Canister.Client;

/// <summary>Public keys in DER and the signatures they verify.</summary>
public static class PublicKeys
{
    private const int Ed25519Length = 32;
    private const int SignatureLength = 64;

    private static readonly byte[] Ed25519Prefix = Convert.FromHexString("302a300506032b6570032100");

    private static readonly byte[] Secp256k1Prefix =
        Convert.FromHexString("3056301006072a8648ce3d020106052b8104000a034200");

    private static readonly byte[] P256Prefix =
        Convert.FromHexString("3059301306072a8648ce3d020106082a8648ce3d030107034200");

    /// <summary>The DER form of a raw 32-byte Ed25519 key.</summary>
    public static byte[] Ed25519Der(ReadOnlySpan<byte> publicKey) =>
        publicKey.Length == Ed25519Length
            ? [.. Ed25519Prefix, .. publicKey]
            : throw new IdentityFormatException($"An Ed25519 public key has {Ed25519Length} bytes.");

    /// <summary>Whether the DER has the form of a key <see cref="Verify" /> knows: Ed25519, secp256k1, P-256.</summary>
    public static bool IsSupported(ReadOnlySpan<byte> publicKeyDer) =>
        HasForm(publicKeyDer, Ed25519Prefix, Ed25519Length)
        || HasForm(publicKeyDer, Secp256k1Prefix, 65)
        || HasForm(publicKeyDer, P256Prefix, 65);

    /// <summary>
    /// Whether the signature over the message is this key's: Ed25519, or ECDSA with SHA-256 as r‖s. Never throws for
    /// bad input; an unknown kind of key verifies nothing.
    /// </summary>
    public static bool Verify(
        ReadOnlySpan<byte> publicKeyDer, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureLength)
        {
            return false;
        }

        if (HasForm(publicKeyDer, Ed25519Prefix, Ed25519Length))
        {
            var copy = message.ToArray();
            return Ed25519.Verify(
                signature.ToArray(), 0, publicKeyDer[Ed25519Prefix.Length..].ToArray(), 0, copy, 0, copy.Length);
        }

        if (HasForm(publicKeyDer, Secp256k1Prefix, 65))
        {
            return VerifyEcdsa("1.3.132.0.10", publicKeyDer[Secp256k1Prefix.Length..], message, signature);
        }

        return HasForm(publicKeyDer, P256Prefix, 65)
               && VerifyEcdsa("1.2.840.10045.3.1.7", publicKeyDer[P256Prefix.Length..], message, signature);
    }

    private static bool HasForm(ReadOnlySpan<byte> der, byte[] prefix, int keyLength) =>
        der.Length == prefix.Length + keyLength && der.StartsWith(prefix);

    private static bool VerifyEcdsa(
        string curve, ReadOnlySpan<byte> point, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        try
        {
            using var key = ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.CreateFromValue(curve),
                Q = new ECPoint { X = point[1..33].ToArray(), Y = point[33..].ToArray() },
            });
            return point[0] == 4 && key.VerifyData(message, signature, HashAlgorithmName.SHA256);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
