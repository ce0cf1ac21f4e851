using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>
/// An identity that signs with an ECDSA key on P-256: SHA-256, r‖s in 64 bytes, the low s. Disposing it
/// erases the key.
/// </summary>
public sealed class P256Identity : IIdentity, IDisposable
{
    private readonly EcdsaKey key;

    private P256Identity(EcdsaKey key)
    {
        this.key = key;
        Sender = Principal.SelfAuthenticating(key.PublicKeyDer.Span);
    }

    /// <inheritdoc />
    public Principal Sender { get; }

    /// <inheritdoc />
    public ReadOnlyMemory<byte> PublicKeyDer => key.PublicKeyDer;

    /// <summary>An identity from its secret: 32 big-endian bytes.</summary>
    /// <exception cref="IdentityFormatException">Not 32 bytes, or not a number from 1 to below the order.</exception>
    public static P256Identity FromSecret(ReadOnlySpan<byte> secret) =>
        new(new EcdsaKey(EllipticCurve.P256, secret));

    /// <summary>Reads a PEM private key: SEC1 or PKCS#8, encrypted or not.</summary>
    /// <param name="pem">The file's text.</param>
    /// <param name="password">For an encrypted key.</param>
    /// <exception cref="IdentityFormatException">Not one of these, or of another kind of key.</exception>
    public static P256Identity FromPem(string pem, ReadOnlySpan<char> password = default)
    {
        using var read = PrivateKeyPem.Read(pem, password);
        return read.Curve == EllipticCurve.P256
            ? FromSecret(read.Secret)
            : throw new IdentityFormatException($"The private key is of kind {read.KindName}; a P-256 key is needed.");
    }

    /// <inheritdoc />
    public byte[] Sign(ReadOnlySpan<byte> message) => key.Sign(message);

    /// <summary>Erases the key; signing fails from now on.</summary>
    public void Dispose() => key.Dispose();

    /// <summary>The kind of key and the principal; nothing of the key.</summary>
    public override string ToString() => "P-256 identity " + Sender.ToText();
}
