using System.Security.Cryptography;

namespace Decent.Canister.Client;

/// <summary>
/// A secret key for ECDSA. It lives in the memory of the operating system's library, which overwrites it when it is
/// released; no managed copy stays.
/// </summary>
internal sealed class EcdsaKey : IDisposable
{
    private readonly Lock gate = new();
    private readonly EllipticCurve curve;
    private readonly ECDsa key;
    private bool disposed;

    internal EcdsaKey(EllipticCurve curve, ReadOnlySpan<byte> secret)
    {
        if (!curve.IsSecret(secret))
        {
            throw new IdentityFormatException(
                $"A secret of {curve.Name} is a number of {EllipticCurve.Length} bytes from 1 to below its order.");
        }

        this.curve = curve;
        var copy = secret.ToArray();
        try
        {
            key = ECDsa.Create(new ECParameters { Curve = curve.ToNet(), D = copy });
            var point = key.ExportParameters(includePrivateParameters: false).Q;
            PublicKeyDer = (byte[])[.. curve.DerPrefix, EllipticCurve.Uncompressed, .. point.X!, .. point.Y!];
        }
        catch (CryptographicException e)
        {
            throw new IdentityFormatException($"This machine's cryptography does not take {curve.Name} keys.", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
        }
    }

    internal ReadOnlyMemory<byte> PublicKeyDer { get; }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            key.Dispose();
        }
    }

    /// <summary>The signature r‖s over the SHA-256 of a message, with the low s.</summary>
    internal byte[] Sign(ReadOnlySpan<byte> message)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, typeof(IIdentity));
            var signature = key.SignData(message, HashAlgorithmName.SHA256);
            curve.MakeLow(signature.AsSpan(EllipticCurve.Length));
            return signature;
        }
    }
}
