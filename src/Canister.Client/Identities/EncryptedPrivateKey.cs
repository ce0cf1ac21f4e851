using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Generators;

namespace Decent.Canister.Client;

/// <summary>Opens PKCS#8 keys encrypted by PBES2: a key from scrypt or PBKDF2, then AES in CBC mode.</summary>
internal static class EncryptedPrivateKey
{
    private const string Pbes2 = "1.2.840.113549.1.5.13";
    private const string Pbkdf2 = "1.2.840.113549.1.5.12";
    private const string Scrypt = "1.3.6.1.4.1.11591.4.11";
    private const int BlockLength = 16;
    private const int MaximumIterations = 10_000_000;
    private const long MaximumScryptMemory = 512L * 1024 * 1024;

    /// <summary>The PKCS#8 bytes; the caller erases them.</summary>
    internal static byte[] Decrypt(ReadOnlyMemory<byte> der, ReadOnlySpan<char> password)
    {
        var outer = new AsnReader(der, AsnEncodingRules.DER);
        var info = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        var algorithm = info.ReadSequence();
        var scheme = algorithm.ReadObjectIdentifier();
        if (scheme != Pbes2)
        {
            throw new IdentityFormatException($"The private key is encrypted by {scheme}; only PBES2 is read.");
        }

        var parameters = algorithm.ReadSequence();
        var derivation = parameters.ReadSequence();
        var (keyLength, iv) = ReadCipher(parameters.ReadSequence());
        var data = info.ReadOctetString();
        info.ThrowIfNotEmpty();
        var secret = new byte[Encoding.UTF8.GetByteCount(password)];
        Encoding.UTF8.GetBytes(password, secret);
        var key = Array.Empty<byte>();
        try
        {
            key = Derive(derivation, secret, keyLength);
            using var aes = Aes.Create();
            aes.Key = key;
            return aes.DecryptCbc(data, iv);
        }
        catch (CryptographicException)
        {
            throw WrongPassword();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(key);
        }
    }

    internal static IdentityFormatException WrongPassword() =>
        new("The password does not open the private key, or the file is damaged.");

    private static (int KeyLength, byte[] Iv) ReadCipher(AsnReader cipher)
    {
        var oid = cipher.ReadObjectIdentifier();
        var keyLength = oid switch
        {
            "2.16.840.1.101.3.4.1.2" => 16,
            "2.16.840.1.101.3.4.1.22" => 24,
            "2.16.840.1.101.3.4.1.42" => 32,
            _ => throw new IdentityFormatException(
                $"The private key is encrypted with cipher {oid}; only AES in CBC mode is read."),
        };
        var iv = cipher.ReadOctetString();
        return iv.Length == BlockLength
            ? (keyLength, iv)
            : throw new IdentityFormatException("The encrypted private key has no initial vector of 16 bytes.");
    }

    private static byte[] Derive(AsnReader derivation, byte[] password, int keyLength)
    {
        var oid = derivation.ReadObjectIdentifier();
        var parameters = derivation.ReadSequence();
        return oid switch
        {
            Pbkdf2 => DerivePbkdf2(parameters, password, keyLength),
            Scrypt => DeriveScrypt(parameters, password, keyLength),
            _ => throw new IdentityFormatException(
                $"The key of the encrypted private key is derived by {oid}; scrypt and PBKDF2 are read."),
        };
    }

    private static byte[] DerivePbkdf2(AsnReader parameters, byte[] password, int keyLength)
    {
        var salt = parameters.ReadOctetString();
        var iterations = ReadCost(parameters, MaximumIterations);
        if (parameters.HasData && parameters.PeekTag().HasSameClassAndValue(Asn1Tag.Integer))
        {
            CheckLength(parameters, keyLength);
        }

        var hash = (parameters.HasData ? parameters.ReadSequence().ReadObjectIdentifier() : "default") switch
        {
            "1.2.840.113549.2.9" => HashAlgorithmName.SHA256,
            "1.2.840.113549.2.10" => HashAlgorithmName.SHA384,
            "1.2.840.113549.2.11" => HashAlgorithmName.SHA512,
            _ => throw new IdentityFormatException(
                "The encrypted private key uses PBKDF2 with another function than HMAC-SHA-256, -384 or -512."),
        };
        return Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, hash, keyLength);
    }

    private static byte[] DeriveScrypt(AsnReader parameters, byte[] password, int keyLength)
    {
        var salt = parameters.ReadOctetString();
        var cost = ReadCost(parameters, 1 << 24);
        var blockSize = ReadCost(parameters, 1024);
        var parallel = ReadCost(parameters, 1024);
        if (parameters.HasData)
        {
            CheckLength(parameters, keyLength);
        }

        if (cost < 2 || (cost & (cost - 1)) != 0 || 128L * cost * blockSize > MaximumScryptMemory
            || 128L * blockSize * parallel > MaximumScryptMemory)
        {
            throw new IdentityFormatException("The scrypt parameters of the encrypted private key are not acceptable.");
        }

        return SCrypt.Generate(password, salt, cost, blockSize, parallel, keyLength);
    }

    private static int ReadCost(AsnReader parameters, int maximum) =>
        parameters.TryReadInt32(out var cost) && cost >= 1 && cost <= maximum
            ? cost
            : throw new IdentityFormatException("The encrypted private key asks for an unreasonable amount of work.");

    private static void CheckLength(AsnReader parameters, int keyLength)
    {
        if (!parameters.TryReadInt32(out var stated) || stated != keyLength)
        {
            throw new IdentityFormatException("The encrypted private key contradicts itself about its key's length.");
        }
    }
}
