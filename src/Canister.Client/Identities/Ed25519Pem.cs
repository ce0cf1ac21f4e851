using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Decent.Canister.Client;

/// <summary>Reads the PEM forms in which Ed25519 keys of the Internet Computer are found.</summary>
internal static class Ed25519Pem
{
    private const string Ed25519Oid = "1.3.101.112";
    private const string EllipticCurveOid = "1.2.840.10045.2.1";
    private const int PublicKeyLength = 32;

    internal static byte[] ReadSeed(string pem)
    {
        ArgumentNullException.ThrowIfNull(pem);
        try
        {
            return ReadSeed(FindKey(pem));
        }
        catch (AsnContentException e)
        {
            throw new IdentityFormatException("The private key is not PKCS#8 DER.", e);
        }
    }

    private static byte[] FindKey(string pem)
    {
        var rest = pem.AsSpan();
        while (PemEncoding.TryFind(rest, out var block))
        {
            switch (rest[block.Label])
            {
                case "PRIVATE KEY":
                    return Convert.FromBase64String(rest[block.Base64Data].ToString());
                case "ENCRYPTED PRIVATE KEY":
                    throw new IdentityFormatException(
                        "The private key is encrypted; decrypt it first, this product takes no passwords for keys.");
                case "EC PRIVATE KEY":
                    throw new IdentityFormatException(
                        "The private key is an elliptic-curve key (SEC1); an Ed25519 key is needed.");
                default:
                    rest = rest[block.Location.End..];
                    break;
            }
        }

        throw new IdentityFormatException("There is no PEM block named PRIVATE KEY.");
    }

    private static byte[] ReadSeed(byte[] der)
    {
        var outer = new AsnReader(der, AsnEncodingRules.DER);
        var key = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        if (!key.TryReadInt32(out var version) || version is < 0 or > 1)
        {
            throw new IdentityFormatException("The PKCS#8 version is neither 1 nor 2.");
        }

        var algorithm = key.ReadSequence().ReadObjectIdentifier();
        if (algorithm != Ed25519Oid)
        {
            throw new IdentityFormatException(algorithm == EllipticCurveOid
                ? "The private key is an elliptic-curve key; an Ed25519 key is needed."
                : $"The private key has algorithm {algorithm}; an Ed25519 key is needed.");
        }

        var wrapped = new AsnReader(key.ReadOctetString(), AsnEncodingRules.DER);
        var seed = wrapped.ReadOctetString();
        wrapped.ThrowIfNotEmpty();
        if (seed.Length != Ed25519Identity.SeedLength)
        {
            throw new IdentityFormatException($"The Ed25519 seed has {seed.Length} bytes instead of 32.");
        }

        CheckPublicKey(key, seed);
        return seed;
    }

    private static void CheckPublicKey(AsnReader key, byte[] seed)
    {
        while (key.HasData)
        {
            var tag = key.PeekTag();
            if (tag is not { TagClass: TagClass.ContextSpecific, TagValue: 1 })
            {
                key.ReadEncodedValue();
                continue;
            }

            // The standard has [1] in place of the BIT STRING tag; old dfx wrapped a whole BIT STRING into [1].
            var stated = tag.IsConstructed
                ? key.ReadSequence(tag).ReadBitString(out _)
                : key.ReadBitString(out _, tag);
            var real = new byte[PublicKeyLength];
            Ed25519.GeneratePublicKey(seed, 0, real, 0);
            if (!stated.AsSpan().SequenceEqual(real))
            {
                throw new IdentityFormatException("The public key in the file does not belong to the private key.");
            }
        }
    }
}
