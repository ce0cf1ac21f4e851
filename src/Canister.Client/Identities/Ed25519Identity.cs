using System.Security.Cryptography;
using System.Text.Json;
using Decent.Candid;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Decent.Canister.Client;

/// <summary>An identity that signs with an Ed25519 key. Disposing it erases the key.</summary>
public sealed class Ed25519Identity : IIdentity, IDisposable
{
    /// <summary>Length of the secret seed in bytes.</summary>
    public const int SeedLength = 32;

    private readonly Lock gate = new();
    private readonly byte[] seed;
    private readonly byte[] publicKey;
    private bool disposed;

    private Ed25519Identity(ReadOnlySpan<byte> seed)
    {
        // Pinned, so that the collector leaves no copies behind when it moves things.
        this.seed = GC.AllocateUninitializedArray<byte>(SeedLength, pinned: true);
        seed.CopyTo(this.seed);
        publicKey = new byte[Ed25519.PublicKeySize];
        Ed25519.GeneratePublicKey(this.seed, 0, publicKey, 0);
        PublicKeyDer = PublicKeys.Ed25519Der(publicKey);
        Sender = Principal.SelfAuthenticating(PublicKeyDer.Span);
    }

    /// <inheritdoc />
    public Principal Sender { get; }

    /// <inheritdoc />
    public ReadOnlyMemory<byte> PublicKeyDer { get; }

    /// <summary>Whether nothing of the key is left.</summary>
    internal bool IsErased => seed.AsSpan().IndexOfAnyExcept((byte)0) < 0;

    /// <summary>An identity from its 32-byte seed.</summary>
    /// <exception cref="IdentityFormatException">Not 32 bytes.</exception>
    public static Ed25519Identity FromSeed(ReadOnlySpan<byte> seed) =>
        seed.Length == SeedLength
            ? new Ed25519Identity(seed)
            : throw new IdentityFormatException($"An Ed25519 seed has {SeedLength} bytes, not {seed.Length}.");

    /// <summary>
    /// Reads a PEM private key: PKCS#8 without a public key, with one as the standard writes it, and with one as old
    /// versions of dfx wrote it; encrypted or not. A public key in the file must belong to the secret.
    /// </summary>
    /// <param name="pem">The file's text.</param>
    /// <param name="password">For an encrypted key.</param>
    /// <exception cref="IdentityFormatException">Not one of these; the message names what was found.</exception>
    public static Ed25519Identity FromPem(string pem, ReadOnlySpan<char> password = default)
    {
        using var read = PrivateKeyPem.Read(pem, password);
        return read.Curve is null
            ? FromSeed(read.Secret)
            : throw new IdentityFormatException(
                $"The private key is an elliptic-curve key ({read.KindName}); an Ed25519 key is needed.");
    }

    /// <summary>
    /// Reads the JSON form of the JavaScript agent: an array of the public key (DER or 32 bytes) and the secret (64 or
    /// 32 bytes), both hexadecimal.
    /// </summary>
    /// <exception cref="IdentityFormatException">Not that form, or the two do not belong together.</exception>
    public static Ed25519Identity FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        byte[] secret = [];
        try
        {
            using var document = JsonDocument.Parse(json);
            var parts = document.RootElement;
            if (parts.ValueKind != JsonValueKind.Array || parts.GetArrayLength() != 2)
            {
                throw new IdentityFormatException("A JSON identity is an array of public key and secret.");
            }

            var stated = Convert.FromHexString(parts[0].GetString() ?? string.Empty);
            secret = Convert.FromHexString(parts[1].GetString() ?? string.Empty);
            if (secret.Length is not (SeedLength or (2 * SeedLength)))
            {
                throw new IdentityFormatException("The secret of a JSON identity has 32 or 64 bytes.");
            }

            var identity = new Ed25519Identity(secret.AsSpan(0, SeedLength));
            if (identity.Owns(stated) && (secret.Length == SeedLength || identity.Owns(secret.AsSpan(SeedLength))))
            {
                return identity;
            }

            identity.Dispose();
            throw new IdentityFormatException("The public key in the file does not belong to the private key.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException
                                      || (e is FormatException && e is not IdentityFormatException))
        {
            // The cause is left out: it could quote what it could not read.
            throw new IdentityFormatException("Not the JSON form of an identity.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <inheritdoc />
    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        var signature = new byte[Ed25519.SignatureSize];
        var copy = message.ToArray();
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            Ed25519.Sign(seed, 0, publicKey, 0, copy, 0, copy.Length, signature, 0);
        }

        return signature;
    }

    /// <summary>Erases the key; signing fails from now on.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    /// <summary>The kind of key and the principal; nothing of the key.</summary>
    public override string ToString() => "Ed25519 identity " + Sender.ToText();

    private bool Owns(ReadOnlySpan<byte> key) => key.SequenceEqual(publicKey) || key.SequenceEqual(PublicKeyDer.Span);
}
