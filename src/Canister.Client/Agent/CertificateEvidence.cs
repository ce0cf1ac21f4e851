namespace Decent.Canister.Client;

/// <summary>What has been checked about a certificate.</summary>
public enum Proof
{
    /// <summary>Structure, time and scope were checked, the subnet's signature was not: it proves nothing.</summary>
    Unproven,

    /// <summary>
    /// The certificate was verified up to the configured root key, for this canister, and was fresh when it was read.
    /// </summary>
    Certified,
}

/// <summary>The certificate behind an answer.</summary>
/// <param name="Certificate">The certificate as it came, in CBOR.</param>
/// <param name="Proof">What was checked about it.</param>
public sealed record CertificateEvidence(ReadOnlyMemory<byte> Certificate, Proof Proof);
