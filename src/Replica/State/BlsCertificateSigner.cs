using Decent.Canister.Client.Crypto;

namespace Decent.Replica.State;

/// <summary>
/// Signs with BLS12-381 keys that are made at the first start and live beside the log. They are this sandbox's own and
/// worth nothing anywhere else.
/// </summary>
internal sealed class BlsCertificateSigner : ICertificateSigner
{
    private readonly BlsSecretKey root;
    private readonly BlsSecretKey subnet;

    private BlsCertificateSigner(BlsSecretKey root, BlsSecretKey subnet)
    {
        this.root = root;
        this.subnet = subnet;
        RootKeyDer = root.PublicKey.ToDer();
        SubnetKeyDer = subnet.PublicKey.ToDer();
    }

    public ReadOnlyMemory<byte> RootKeyDer { get; }

    public ReadOnlyMemory<byte> SubnetKeyDer { get; }

    /// <summary>The keys of a data directory.</summary>
    /// <exception cref="InvalidDataException">A key file does not hold a key.</exception>
    public static BlsCertificateSigner Load(string folder) =>
        new(LoadKey(Path.Combine(folder, "root.key")), LoadKey(Path.Combine(folder, "subnet.key")));

    public byte[] SignAsRoot(ReadOnlySpan<byte> message) => root.Sign(message);

    public byte[] SignAsSubnet(ReadOnlySpan<byte> message) => subnet.Sign(message);

    private static BlsSecretKey LoadKey(string path)
    {
        // The group's order starts with 0x73: a first byte below it is always in range.
        var bytes = KeyFile.Load(path, BlsSecretKey.Length, static secret => secret[0] &= 0x3f);
        return BlsSecretKey.FromBytes(bytes);
    }
}
