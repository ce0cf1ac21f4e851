using System.Security.Cryptography;
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

    /// <summary>The node of a data directory; its key is made at the first start and kept readable by its owner only.</summary>
    public static NodeIdentity Load(string path)
    {
        if (!File.Exists(path))
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
            };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var file = new FileStream(path, options);
            file.Write(RandomNumberGenerator.GetBytes(Ed25519Identity.SeedLength));
            file.Flush(flushToDisk: true);
        }

        var seed = File.ReadAllBytes(path);
        return seed.Length == Ed25519Identity.SeedLength
            ? new NodeIdentity(seed)
            : throw new InvalidDataException($"{path} does not hold a node key of {Ed25519Identity.SeedLength} bytes.");
    }

    public byte[] Sign(ReadOnlySpan<byte> message) => key.Sign(message);
}
