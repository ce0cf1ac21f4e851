namespace Decent.Canister.Client;

/// <summary>What has been checked about an answer.</summary>
public enum Proof
{
    /// <summary>
    /// Structure, time and scope were checked, but no signature, because no root key is configured: it proves nothing.
    /// </summary>
    Unproven,

    /// <summary>
    /// A node that the configured root key certifies for the canister's subnet signed the answer to a query. It is one
    /// node's word: enough to show, never enough to pay on.
    /// </summary>
    NodeSigned,

    /// <summary>
    /// The certificate was verified up to the configured root key, for this canister, and was fresh when it was read.
    /// </summary>
    Certified,
}

/// <summary>The certificate behind an answer.</summary>
/// <param name="Certificate">The certificate as it came, in CBOR.</param>
/// <param name="Proof">What was checked about it.</param>
public sealed record CertificateEvidence(ReadOnlyMemory<byte> Certificate, Proof Proof);
