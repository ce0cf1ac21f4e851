using System.Security.Cryptography;

namespace Decent.Canister.Client;

/// <summary>The one source of randomness of an agent: nonces and the jitter of its waits.</summary>
public interface IRandomBytes
{
    /// <summary>Fills a span with random bytes.</summary>
    void Fill(Span<byte> bytes);
}

/// <summary>Randomness of the operating system.</summary>
public sealed class SystemRandomBytes : IRandomBytes
{
    private SystemRandomBytes()
    {
    }

    /// <summary>The only instance.</summary>
    public static SystemRandomBytes Instance { get; } = new();

    /// <inheritdoc />
    public void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
}
