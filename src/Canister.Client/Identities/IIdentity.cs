using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>Who signs requests.</summary>
public interface IIdentity
{
    /// <summary>The principal the Internet Computer sees as the caller.</summary>
    Principal Sender { get; }

    /// <summary>The public key the sender is made from, in DER; empty for the anonymous identity.</summary>
    ReadOnlyMemory<byte> PublicKeyDer { get; }

    /// <summary>From the sender's key to the key that really signs; empty when the sender's own key signs.</summary>
    IReadOnlyList<SignedDelegation> Delegations => [];

    /// <summary>Signs a message (domain separator included). The anonymous identity returns no bytes.</summary>
    byte[] Sign(ReadOnlySpan<byte> message);
}
