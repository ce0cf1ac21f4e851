using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>
/// Speaks for the sender of a delegation chain, with the session key at the chain's end. For a worker, prefer a chain
/// that names the ledgers it may call and expires soon; the sender's own key can then stay off line.
/// </summary>
public sealed class DelegatedIdentity : IIdentity
{
    private readonly IIdentity session;

    /// <summary>An identity from a chain whose signatures were checked.</summary>
    /// <param name="chain">From the sender to the session key.</param>
    /// <param name="session">Signs; its lifetime stays with the caller.</param>
    /// <exception cref="RequestFormatException">
    /// The chain does not end at the session's key, or the session has delegations itself.
    /// </exception>
    public DelegatedIdentity(DelegationChain chain, IIdentity session)
    {
        ArgumentNullException.ThrowIfNull(chain);
        ArgumentNullException.ThrowIfNull(session);
        if (session.Delegations.Count > 0 || !chain.SessionKeyDer.Span.SequenceEqual(session.PublicKeyDer.Span))
        {
            throw new RequestFormatException("The delegation chain does not end at the key that signs.");
        }

        Chain = chain;
        this.session = session;
    }

    /// <summary>The chain.</summary>
    public DelegationChain Chain { get; }

    /// <inheritdoc />
    public Principal Sender => Chain.Sender;

    /// <inheritdoc />
    public ReadOnlyMemory<byte> PublicKeyDer => Chain.PublicKeyDer;

    /// <inheritdoc />
    public IReadOnlyList<SignedDelegation> Delegations => Chain.Links;

    /// <inheritdoc />
    public byte[] Sign(ReadOnlySpan<byte> message) => session.Sign(message);

    /// <summary>The principal; nothing of a key.</summary>
    public override string ToString() => "Delegated identity " + Sender.ToText();
}
