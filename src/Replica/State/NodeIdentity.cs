using Decent.Candid;
using Decent.Canister.Client;

namespace Decent.Replica.State;

/// <summary>The one node of the subnet: its Ed25519 key signs query answers.</summary>
internal sealed class NodeIdentity
{
    private readonly Ed25519Identity key;

    private NodeIdentity(ReadOnlySpan<byte> seed) => key = Ed25519Identity.FromSeed(seed);

    public Principal Id => key.Sender;

    public ReadOnlyMemory<byte> PublicKeyDer => key.PublicKeyDer;

    /// <summary>The node of a data directory.</summary>
    /// <exception cref="InvalidDataException">The key file does not hold a key.</exception>
    public static NodeIdentity Load(string folder) =>
        new(KeyFile.Load(Path.Combine(folder, "node.key"), Ed25519Identity.SeedLength));

    public byte[] Sign(ReadOnlySpan<byte> message) => key.Sign(message);
}
