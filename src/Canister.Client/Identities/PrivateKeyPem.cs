using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Decent.Canister.Client;

/// <summary>A secret that was read from a file; erased when disposed.</summary>
/// <param name="curve">The curve; null for Ed25519.</param>
/// <param name="secret">Becomes this object's to erase.</param>
internal sealed class ReadKey(EllipticCurve? curve, byte[] secret) : IDisposable
{
    internal EllipticCurve? Curve { get; } = curve;

    internal string KindName => Curve?.Name ?? "Ed25519";

    internal ReadOnlySpan<byte> Secret => secret;

    public void Dispose() => CryptographicOperations.ZeroMemory(secret);
}

/// <summary>Reads the PEM forms in which keys of the Internet Computer are found.</summary>
internal static class PrivateKeyPem
{
    private const string Ed25519Oid = "1.3.101.112";
    private const string EllipticCurveOid = "1.2.840.10045.2.1";

    internal static ReadKey Read(string pem, ReadOnlySpan<char> password)
    {
        ArgumentNullException.ThrowIfNull(pem);
        if (pem.Contains("Proc-Type:", StringComparison.Ordinal))
        {
            throw new IdentityFormatException(
                "The private key is encrypted in the old way of OpenSSL; convert it with 'openssl pkcs8 -topk8'.");
        }

        try
        {
            return FindKey(pem, password);
        }
        catch (AsnContentException)
        {
            // The cause is left out: it says nothing a reader of the message could use.
            throw new IdentityFormatException("The private key is not well-formed DER.");
        }
    }

    private static ReadKey FindKey(ReadOnlySpan<char> rest, ReadOnlySpan<char> password)
    {
        string? curve = null;
        while (PemEncoding.TryFind(rest, out var block))
        {
            var data = rest[block.Base64Data];
            switch (rest[block.Label])
            {
                case "EC PARAMETERS":
                    using (var parameters = new Der(data, block.DecodedDataLength))
                    {
                        curve = parameters.Reader().ReadObjectIdentifier();
                    }

                    break;
                case "EC PRIVATE KEY":
                    using (var der = new Der(data, block.DecodedDataLength))
                    {
                        return ReadSec1(der.Memory, curve);
                    }

                case "PRIVATE KEY":
                    using (var der = new Der(data, block.DecodedDataLength))
                    {
                        return ReadPkcs8(der.Memory);
                    }

                case "ENCRYPTED PRIVATE KEY" when password.IsEmpty:
                    throw new IdentityFormatException("The private key is encrypted and no password was given.");
                case "ENCRYPTED PRIVATE KEY":
                    using (var der = new Der(data, block.DecodedDataLength))
                    {
                        return ReadEncrypted(der.Memory, password);
                    }

                default:
                    break;
            }

            rest = rest[block.Location.End..];
        }

        throw new IdentityFormatException("There is no PEM block with a private key.");
    }

    private static ReadKey ReadEncrypted(ReadOnlyMemory<byte> der, ReadOnlySpan<char> password)
    {
        var clear = EncryptedPrivateKey.Decrypt(der, password);
        try
        {
            return ReadPkcs8(clear);
        }
        catch (Exception e) when (e is AsnContentException)
        {
            throw EncryptedPrivateKey.WrongPassword();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(clear);
        }
    }

    private static ReadKey ReadPkcs8(ReadOnlyMemory<byte> der)
    {
        var outer = new AsnReader(der, AsnEncodingRules.DER);
        var key = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        if (!key.TryReadInt32(out var version) || version is < 0 or > 1)
        {
            throw new IdentityFormatException("The PKCS#8 version is neither 1 nor 2.");
        }

        var algorithm = key.ReadSequence();
        switch (algorithm.ReadObjectIdentifier())
        {
            case Ed25519Oid:
                return ReadEd25519(key);
            case EllipticCurveOid:
                var curve = algorithm.ReadObjectIdentifier();
                var wrapped = key.ReadOctetString();
                try
                {
                    return ReadSec1(wrapped, curve);
                }
                finally
                {
                    CryptographicOperations.ZeroMemory(wrapped);
                }

            case var other:
                throw new IdentityFormatException(
                    $"The private key has algorithm {other}; Ed25519, secp256k1 and P-256 keys are read.");
        }
    }

    private static ReadKey ReadEd25519(AsnReader key)
    {
        var octets = key.ReadOctetString();
        byte[] seed;
        try
        {
            var wrapped = new AsnReader(octets, AsnEncodingRules.DER);
            seed = wrapped.ReadOctetString();
            wrapped.ThrowIfNotEmpty();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
        }

        var read = new ReadKey(null, seed);
        try
        {
            if (seed.Length != Ed25519Identity.SeedLength)
            {
                throw new IdentityFormatException($"The Ed25519 seed has {seed.Length} bytes instead of 32.");
            }

            var real = new byte[Ed25519.PublicKeySize];
            Ed25519.GeneratePublicKey(seed, 0, real, 0);
            CheckPublicKey(key, real);
            return read;
        }
        catch
        {
            read.Dispose();
            throw;
        }
    }

    private static ReadKey ReadSec1(ReadOnlyMemory<byte> der, string? expectedCurve)
    {
        var outer = new AsnReader(der, AsnEncodingRules.DER);
        var key = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        if (!key.TryReadInt32(out var version) || version != 1)
        {
            throw new IdentityFormatException("The SEC1 version is not 1.");
        }

        var secret = key.ReadOctetString();
        var tag = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        var oid = key.HasData && key.PeekTag().HasSameClassAndValue(tag)
            ? key.ReadSequence(tag).ReadObjectIdentifier()
            : expectedCurve;
        var clear = oid is not null && (expectedCurve is null || oid == expectedCurve);
        var curve = clear ? EllipticCurve.ByOid(oid!) : null;
        if (curve is null)
        {
            CryptographicOperations.ZeroMemory(secret);
            throw new IdentityFormatException(
                !clear
                    ? "The private key does not say clearly which elliptic curve it is for."
                    : $"The private key is for the elliptic curve {oid}; secp256k1 and P-256 are read.");
        }

        var read = new ReadKey(curve, secret);
        try
        {
            using var check = new EcdsaKey(curve, secret);
            CheckPublicKey(key, check.PublicKeyDer.Span[curve.DerPrefix.Length..]);
            return read;
        }
        catch
        {
            read.Dispose();
            throw;
        }
    }

    /// <summary>A public key in the file must belong to the secret, else the file was tampered with.</summary>
    private static void CheckPublicKey(AsnReader key, ReadOnlySpan<byte> real)
    {
        while (key.HasData)
        {
            var tag = key.PeekTag();
            if (tag is not { TagClass: TagClass.ContextSpecific, TagValue: 1 })
            {
                key.ReadEncodedValue();
                continue;
            }

            // The standard has [1] in place of the BIT STRING tag; SEC1 and old dfx have a whole BIT STRING inside [1].
            var stated = tag.IsConstructed
                ? key.ReadSequence(tag).ReadBitString(out _)
                : key.ReadBitString(out _, tag);
            if (!stated.AsSpan().SequenceEqual(real))
            {
                throw new IdentityFormatException("The public key in the file does not belong to the private key.");
            }
        }
    }

    /// <summary>The bytes of a PEM block, erased when disposed.</summary>
    private sealed class Der : IDisposable
    {
        private readonly byte[] bytes;
        private readonly int length;

        internal Der(ReadOnlySpan<char> base64, int decodedLength)
        {
            bytes = new byte[decodedLength];
            if (!Convert.TryFromBase64Chars(base64, bytes, out length))
            {
                throw new IdentityFormatException("The PEM block is not base 64.");
            }
        }

        internal ReadOnlyMemory<byte> Memory => bytes.AsMemory(0, length);

        public void Dispose() => CryptographicOperations.ZeroMemory(bytes);

        internal AsnReader Reader() => new(Memory, AsnEncodingRules.DER);
    }
}
