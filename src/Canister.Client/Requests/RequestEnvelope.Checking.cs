using Decent.Candid;

namespace Decent.Canister.Client;

public sealed partial record RequestEnvelope
{
    /// <summary>
    /// Checks that the sender really signed: key and principal belong together, every delegation holds now and for
    /// the target, and the last key signed the request id. Does not check the ingress expiry.
    /// </summary>
    /// <param name="nowNs">The checker's time in nanoseconds since 1970.</param>
    /// <returns>Null when all is well, otherwise what is wrong in one sentence.</returns>
    public string? FindSignatureFault(ulong nowNs)
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

        return FindDelegationFault(nowNs, out var signer)
               ?? (PublicKeys.Verify(signer.Span, SignedMessage(), Signature.Span)
                   ? null
                   : "The signature of the request is not valid.");
    }

    private string? FindDelegationFault(ulong nowNs, out ReadOnlyMemory<byte> signer)
    {
        signer = SenderPublicKeyDer;
        var seen = new HashSet<string>(StringComparer.Ordinal) { Convert.ToHexString(signer.Span) };
        foreach (var link in Delegations)
        {
            if (!PublicKeys.Verify(signer.Span, link.SignedMessage(), link.Signature.Span))
            {
                return "The signature of a delegation is not valid.";
            }

            if (link.ExpirationNs < nowNs)
            {
                return "A delegation has expired.";
            }

            if (link.Permissions == "queries" && Content.Kind == RequestKind.Call)
            {
                return "A delegation permits queries only.";
            }

            if (link.Targets is { } targets && Content.CanisterId is { } canister && !targets.Contains(canister))
            {
                return "A delegation does not hold for this canister.";
            }

            if (!seen.Add(Convert.ToHexString(link.PublicKeyDer.Span)))
            {
                return "A key occurs twice in the delegation chain.";
            }

            signer = link.PublicKeyDer;
        }

        return null;
    }
}
