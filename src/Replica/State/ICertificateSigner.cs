namespace Decent.Replica.State;

/// <summary>The two keys of the replica: the network's root key, and the key of its one subnet.</summary>
public interface ICertificateSigner
{
    /// <summary>The public root key in DER, 133 bytes.</summary>
    ReadOnlyMemory<byte> RootKeyDer { get; }

    /// <summary>The public key of the subnet in DER, 133 bytes.</summary>
    ReadOnlyMemory<byte> SubnetKeyDer { get; }

    /// <summary>The root's signature, 48 bytes, under which the subnet is delegated.</summary>
    /// <param name="message">Domain separator and root hash.</param>
    byte[] SignAsRoot(ReadOnlySpan<byte> message);

    /// <summary>The subnet's signature, 48 bytes, under which its state is certified.</summary>
    /// <param name="message">Domain separator and root hash.</param>
    byte[] SignAsSubnet(ReadOnlySpan<byte> message);
}
