using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>The caller nobody in particular: its requests carry neither key nor signature.</summary>
public sealed class AnonymousIdentity : IIdentity
{
    private AnonymousIdentity()
    {
    }

    /// <summary>The only instance.</summary>
    public static AnonymousIdentity Instance { get; } = new();

    /// <inheritdoc />
    public Principal Sender => Principal.Anonymous;

    /// <inheritdoc />
    public ReadOnlyMemory<byte> PublicKeyDer => default;

    /// <inheritdoc />
    public byte[] Sign(ReadOnlySpan<byte> message) => [];
}
