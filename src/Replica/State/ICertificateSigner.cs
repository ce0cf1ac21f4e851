namespace Decent.Replica.State;

/// <summary>Signs state tree roots with the root key of the replica's subnet.</summary>
public interface ICertificateSigner
{
    /// <summary>The public root key in DER, 133 bytes.</summary>
    ReadOnlyMemory<byte> RootKeyDer { get; }

    /// <summary>The signature of a certificate: 48 bytes.</summary>
    /// <param name="message">Domain separator and root hash.</param>
    byte[] Sign(ReadOnlySpan<byte> message);
}
