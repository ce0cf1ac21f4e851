using Decent.Candid;

namespace Decent.Canister.Client;

public sealed partial record RequestEnvelope
{
    /// <summary>
    /// Checks that the sender really signed: key and principal belong together, every delegation holds now and for
    /// the target, and the last key signed the request id. Does not check the ingress expiry.
    /// </summary>
    /// <param name="nowNs">The checker's time in nanoseconds since 1970.</param>
    /// <param name="trust">
    /// Under what signatures of canisters (Internet Identity) must verify; null refuses them.
    /// </param>
    /// <returns>Null when all is well, otherwise what is wrong in one sentence.</returns>
    public string? FindSignatureFault(ulong nowNs, RootOfTrust? trust = null)
    {
        if (Content.Sender.Equals(Principal.Anonymous))
        {
            return SenderPublicKeyDer.IsEmpty && Signature.IsEmpty && Delegations.Count == 0
                ? null
                : "An anonymous request carries no key, no signature and no delegation.";
        }

        if (SenderPublicKeyDer.IsEmpty || Signature.IsEmpty)
        {
            return "The request is not signed.";
        }

        if (!Principal.SelfAuthenticating(SenderPublicKeyDer.Span).Equals(Content.Sender))
        {
            return "The sender is not the principal of the public key.";
        }

        if (DelegationChain.FindFault(SenderPublicKeyDer, Delegations, nowNs, trust) is { } fault)
        {
            return fault;
        }

        foreach (var link in Delegations)
        {
            if (link.FindRestriction(Content.Kind, Content.CanisterId) is { } restriction)
            {
                return restriction;
            }
        }

        var signer = Delegations.Count == 0 ? SenderPublicKeyDer : Delegations[^1].PublicKeyDer;
        return PublicKeys.Verify(signer.Span, SignedMessage(), Signature, trust)
            ? null
            : "The signature of the request is not valid.";
    }
}
