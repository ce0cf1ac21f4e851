using System.Text;
using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>The nodes of a subnet and the canisters it hosts, read from a verified certificate.</summary>
/// <param name="SubnetId">The subnet.</param>
/// <param name="Ranges">The canisters it hosts.</param>
/// <param name="KeysDer">The Ed25519 key of each node, in DER.</param>
/// <param name="TimeNs">The certificate's time in nanoseconds since 1970.</param>
public sealed record SubnetNodes(
    Principal SubnetId,
    IReadOnlyList<CanisterRange> Ranges,
    IReadOnlyDictionary<Principal, ReadOnlyMemory<byte>> KeysDer,
    ulong TimeNs)
{
    private const int MaximumPrincipal = 29;

    /// <summary>The path to read: it holds the nodes of the subnet that answers and the root subnet's ranges.</summary>
    public static StatePath Path { get; } = StatePath.Of("subnet");

    /// <summary>Reads the nodes out of a certificate whose signatures have been verified.</summary>
    /// <param name="certificate">A verified certificate that shows <see cref="Path" />.</param>
    /// <param name="trust">What it was verified under.</param>
    /// <exception cref="CertificateException">
    /// It shows no ranges of the subnet that signed, or no node with a key.
    /// </exception>
    public static SubnetNodes Read(Certificate certificate, RootOfTrust trust)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(trust);
        var subnet = certificate.Delegation?.SubnetId ?? trust.RootSubnet;
        var ranges = trust.Ranges(certificate);
        if (ranges.Count == 0)
        {
            throw new CertificateException(
                CertificateProblem.RangesMissing, "The certificate does not show which canisters its subnet hosts.");
        }

        var keys = new Dictionary<Principal, ReadOnlyMemory<byte>>();
        foreach (var (path, key) in certificate.Tree.LeavesUnder(Path.Add(subnet.ToArray()).Add("node")) ?? [])
        {
            if (path.Labels.Count == 2 && path.Labels[0].Length <= MaximumPrincipal
                && Encoding.UTF8.GetString(path.Labels[1].Span) == "public_key")
            {
                keys[Principal.FromBytes(path.Labels[0].Span)] = key;
            }
        }

        return keys.Count > 0
            ? new SubnetNodes(subnet, ranges, keys, certificate.TimeNs())
            : throw new CertificateException(
                CertificateProblem.NodesMissing, $"The certificate shows no node keys of subnet {subnet}.");
    }

    /// <summary>Whether the subnet hosts a canister.</summary>
    public bool Hosts(Principal canister) => Ranges.Any(r => r.Contains(canister));

    /// <summary>Judges the signatures under an answer to a query.</summary>
    /// <param name="signatures">The signatures of the answer.</param>
    /// <param name="message">What a signature with a given time must cover.</param>
    /// <param name="nowNs">The reader's time in nanoseconds since 1970.</param>
    /// <returns>Null when every signature holds, otherwise what is wrong.</returns>
    public NodeSignatureFault? FindFault(
        IReadOnlyList<NodeSignature> signatures, Func<ulong, byte[]> message, ulong nowNs)
    {
        ArgumentNullException.ThrowIfNull(signatures);
        ArgumentNullException.ThrowIfNull(message);
        if (signatures.Count == 0)
        {
            return new NodeSignatureFault("The answer carries no signature.", KeysMayBeOld: false);
        }

        if (signatures.Count > KeysDer.Count)
        {
            return new NodeSignatureFault("The answer carries more signatures than there are nodes.", true);
        }

        var seen = new HashSet<Principal>();
        foreach (var signature in signatures)
        {
            if (FindFault(signature, message, nowNs) is { } fault)
            {
                return fault;
            }

            if (!seen.Add(signature.Node))
            {
                return new NodeSignatureFault("A node signed the answer twice.", KeysMayBeOld: false);
            }
        }

        return null;
    }

    private NodeSignatureFault? FindFault(NodeSignature signature, Func<ulong, byte[]> message, ulong nowNs)
    {
        var age = (ulong)(Certificate.MaximumAge.Ticks * 100);
        if (signature.TimestampNs < nowNs ? nowNs - signature.TimestampNs > age : signature.TimestampNs - nowNs > age)
        {
            return new NodeSignatureFault("The answer was signed more than five minutes away from now.", false);
        }

        if (!KeysDer.TryGetValue(signature.Node, out var key))
        {
            return new NodeSignatureFault($"Node {signature.Node} is not one of subnet {SubnetId}.", true);
        }

        return PublicKeys.VerifyEd25519(key.Span, message(signature.TimestampNs), signature.Signature.Span)
            ? null
            : new NodeSignatureFault($"The signature of node {signature.Node} is not valid.", true);
    }
}

/// <summary>What is wrong with the signatures under an answer.</summary>
/// <param name="Why">In words.</param>
/// <param name="KeysMayBeOld">Whether newer keys of the subnet's nodes could make the answer acceptable.</param>
public sealed record NodeSignatureFault(string Why, bool KeysMayBeOld);
