using Decent.Candid;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Decent.Canister.Client;

/// <summary>An identity that signs with an Ed25519 key.</summary>
public sealed class Ed25519Identity : IIdentity
{
    /// <summary>Length of the secret seed in bytes.</summary>
    public const int SeedLength = 32;

    private readonly byte[] seed;
    private readonly byte[] publicKey;

    private Ed25519Identity(byte[] seed)
    {
        this.seed = seed;
        publicKey = new byte[Ed25519.PublicKeySize];
        Ed25519.GeneratePublicKey(seed, 0, publicKey, 0);
        PublicKeyDer = PublicKeys.Ed25519Der(publicKey);
        Sender = Principal.SelfAuthenticating(PublicKeyDer.Span);
    }

    /// <inheritdoc />
    public Principal Sender { get; }

    /// <inheritdoc />
    public ReadOnlyMemory<byte> PublicKeyDer { get; }

    /// <summary>An identity from its 32-byte seed.</summary>
    /// <exception cref="IdentityFormatException">Not 32 bytes.</exception>
    public static Ed25519Identity FromSeed(ReadOnlySpan<byte> seed) =>
        seed.Length == SeedLength
            ? new Ed25519Identity(seed.ToArray())
            : throw new IdentityFormatException($"An Ed25519 seed has {SeedLength} bytes, not {seed.Length}.");

    /// <summary>
    /// Reads a PEM private key: PKCS#8 without a public key, with one as the standard writes it, and with one as old
    /// versions of dfx wrote it. A public key in the file must belong to the secret.
    /// </summary>
    /// <exception cref="IdentityFormatException">Not one of these; the message names what was found.</exception>
    public static Ed25519Identity FromPem(string pem) => new(Ed25519Pem.ReadSeed(pem));

    /// <inheritdoc />
    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        var signature = new byte[Ed25519.SignatureSize];
        var copy = message.ToArray();
        Ed25519.Sign(seed, 0, publicKey, 0, copy, 0, copy.Length, signature, 0);
        return signature;
    }
}
