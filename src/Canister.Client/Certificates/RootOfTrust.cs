using System.Collections.Concurrent;
using System.Security.Cryptography;
using Decent.Candid;
using Decent.Canister.Client.Crypto;

namespace Decent.Canister.Client;

/// <summary>
/// The root key of a network, under which certificates are verified. Keeps the delegations it has verified, so that a
/// subnet's certificates cost one signature check each instead of two. Safe for concurrent use.
/// </summary>
public sealed class RootOfTrust
{
    private const int MaximumDelegations = 256;

    private static readonly byte[] Mainnet = Convert.FromHexString(
        "308182301d060d2b0601040182dc7c0503010201060c2b0601040182dc7c05030201036100"
        + "814c0e6ec71fab583b08bd81373c255c3c371b2e84863c98a4f1e08b74235d14fb5d9c0cd546d9685f913a0c0b2cc534"
        + "1583bf4b4392e467db96d65b9bb4cb717112f8472e0d5a4d14505ffd7484b01291091c5f87b98883463f98091a0baaae");

    private readonly BlsPublicKey root;
    private readonly ConcurrentDictionary<string, BlsPublicKey> delegations = new(StringComparer.Ordinal);

    private RootOfTrust(BlsPublicKey root)
    {
        this.root = root;
        RootSubnet = Principal.SelfAuthenticating(root.ToDer());
        RootRangesPath = StatePath.Of("subnet").Add(RootSubnet.ToArray()).Add("canister_ranges");
    }

    /// <summary>The root key of the Internet Computer, in DER.</summary>
    public static ReadOnlyMemory<byte> MainnetKeyDer => Mainnet;

    /// <summary>The principal of the root subnet.</summary>
    public Principal RootSubnet { get; }

    /// <summary>Where a certificate shows the root subnet's canister ranges.</summary>
    internal StatePath RootRangesPath { get; }

    /// <summary>Trust in a root key.</summary>
    /// <exception cref="IdentityFormatException">Not a BLS12-381 key in DER, or not a valid point.</exception>
    public static RootOfTrust FromDer(ReadOnlySpan<byte> der) =>
        BlsPublicKey.TryReadDer(der, out var key)
            ? new RootOfTrust(key)
            : throw new IdentityFormatException("The root key is not a valid BLS12-381 key in DER (133 bytes).");

    /// <summary>
    /// Verifies the signatures of a certificate: the root's over the delegation, if there is one, and the subnet's over
    /// the tree. Time and scope are checked by the certificate itself.
    /// </summary>
    /// <exception cref="CertificateException">A signature or the subnet's key is not valid.</exception>
    public void Verify(Certificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        var signer = certificate.Delegation is { } delegation ? SubnetKey(delegation) : root;
        if (!signer.Verify(certificate.SignedMessage(), certificate.Signature.Span))
        {
            throw new CertificateException(
                CertificateProblem.Signature, "The certificate is not signed by the key it claims.");
        }
    }

    /// <summary>
    /// The canisters a verified certificate shows its subnet to host: by its delegation, or, when the root subnet
    /// signed itself, by the root subnet's ranges in the certificate. Empty when it does not show them.
    /// </summary>
    /// <exception cref="CertificateException">The ranges are malformed.</exception>
    public IReadOnlyList<CanisterRange> Ranges(Certificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return certificate.Delegation is null ? certificate.OwnRanges(RootSubnet) : certificate.CanisterRanges();
    }

    /// <summary>Whether a verified certificate shows that its subnet hosts a canister.</summary>
    public bool Hosts(Certificate certificate, Principal canister)
    {
        try
        {
            return Ranges(certificate).Any(r => r.Contains(canister));
        }
        catch (CertificateException)
        {
            return false;
        }
    }

    /// <summary>
    /// Refuses a certificate of the root subnet that shows the root subnet's ranges without the canister. One that does
    /// not show them passes: it is then the subnet's word alone.
    /// </summary>
    /// <exception cref="CertificateException">The canister is in none of the ranges, or they are malformed.</exception>
    public void CheckRootScope(Certificate certificate, Principal canister)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        if (certificate.Delegation is null && certificate.OwnRanges(RootSubnet) is { Count: > 0 } ranges
            && !ranges.Any(r => r.Contains(canister)))
        {
            throw new CertificateException(
                CertificateProblem.OutOfRange, $"The root subnet does not host canister {canister}.");
        }
    }

    private BlsPublicKey SubnetKey(CertificateDelegation delegation)
    {
        var name = delegation.SubnetId.ToText()
            + Convert.ToHexString(SHA256.HashData(delegation.Certificate.Bytes.Span));
        if (delegations.TryGetValue(name, out var known))
        {
            return known;
        }

        var certificate = delegation.Certificate;
        if (!root.Verify(certificate.SignedMessage(), certificate.Signature.Span))
        {
            throw new CertificateException(
                CertificateProblem.DelegationSignature, "The delegation is not signed by the root key.");
        }

        var path = StatePath.Of("subnet").Add(delegation.SubnetId.ToArray()).Add("public_key");
        if (certificate.Tree.Lookup(path) is not LookupResult.Found der
            || !BlsPublicKey.TryReadDer(der.Value.Span, out var key))
        {
            throw new CertificateException(
                CertificateProblem.SubnetKey, "The delegation shows no valid key of the subnet.");
        }

        if (delegations.Count >= MaximumDelegations)
        {
            delegations.Clear();
        }

        return delegations.GetOrAdd(name, key);
    }
}
