using System.Formats.Cbor;
using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>The delegation of a certificate: which subnet signed, and the root's certificate that says so.</summary>
/// <param name="SubnetId">The subnet.</param>
/// <param name="Certificate">The root subnet's certificate; it has no delegation itself.</param>
public sealed record CertificateDelegation(Principal SubnetId, Certificate Certificate);

/// <summary>
/// A certificate over a part of the state tree. Parsing checks structure only: shape, well-formedness, one level of
/// delegation. It does not check the signature.
/// </summary>
public sealed class Certificate
{
    /// <summary>How far a certificate's time may be from the reader's.</summary>
    public static readonly TimeSpan MaximumAge = TimeSpan.FromMinutes(5);

    private const int SignatureLength = 48;

    private Certificate(
        ReadOnlyMemory<byte> bytes, HashTree tree, byte[] signature, CertificateDelegation? delegation)
    {
        Bytes = bytes;
        Tree = tree;
        Signature = signature;
        Delegation = delegation;
    }

    /// <summary>The CBOR it was read from.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The part of the state tree that is shown.</summary>
    public HashTree Tree { get; }

    /// <summary>The 48-byte BLS signature over <see cref="SignedMessage" />.</summary>
    public ReadOnlyMemory<byte> Signature { get; }

    /// <summary>Null when the root subnet signed itself.</summary>
    public CertificateDelegation? Delegation { get; }

    /// <summary>The bytes that are signed: domain separator and root hash.</summary>
    public byte[] SignedMessage() => [.. "\u000dic-state-root"u8, .. Tree.RootHash()];

    /// <summary>Reads a certificate, with or without the self-described tag.</summary>
    /// <exception cref="CertificateException">The structure is not acceptable.</exception>
    public static Certificate Parse(ReadOnlyMemory<byte> cbor) => Parse(cbor, allowDelegation: true);

    /// <summary>Writes a certificate.</summary>
    /// <param name="tree">The (pruned) state tree.</param>
    /// <param name="signature">48 bytes.</param>
    /// <param name="subnetId">The subnet that signed; null for the root subnet.</param>
    /// <param name="delegationCertificate">The root's certificate for the subnet; null for the root subnet.</param>
    public static byte[] Write(
        HashTree tree,
        ReadOnlySpan<byte> signature,
        Principal? subnetId = null,
        ReadOnlyMemory<byte> delegationCertificate = default)
    {
        ArgumentNullException.ThrowIfNull(tree);
        var writer = CborText.Create();
        writer.WriteStartMap(null);
        writer.WriteTextString("tree");
        tree.Write(writer);
        writer.WriteTextString("signature");
        writer.WriteByteString(signature);
        if (subnetId is not null)
        {
            writer.WriteTextString("delegation");
            writer.WriteStartMap(2);
            writer.WriteTextString("subnet_id");
            writer.WriteByteString(subnetId.Bytes);
            writer.WriteTextString("certificate");
            writer.WriteByteString(delegationCertificate.Span);
            writer.WriteEndMap();
        }

        writer.WriteEndMap();
        return writer.Encode();
    }

    /// <summary>The certified time in nanoseconds since 1970.</summary>
    /// <exception cref="CertificateException">The tree shows no time.</exception>
    public ulong TimeNs()
    {
        if (Tree.Lookup(StatePath.Time) is not LookupResult.Found time)
        {
            throw new CertificateException(CertificateProblem.TimeMissing, "The certificate shows no time.");
        }

        try
        {
            return Leb128.DecodeUInt64(time.Value.Span);
        }
        catch (FormatException e)
        {
            throw new CertificateException(CertificateProblem.TimeMissing, "The certificate's time is malformed.", e);
        }
    }

    /// <summary>Refuses a certificate whose time is more than <see cref="MaximumAge" /> away, either way.</summary>
    /// <param name="nowNs">The reader's time in nanoseconds since 1970.</param>
    /// <exception cref="CertificateException">Too old, in the future, or without time.</exception>
    public void CheckFresh(ulong nowNs)
    {
        var time = TimeNs();
        var age = (ulong)(MaximumAge.Ticks * 100);
        if (time < nowNs && nowNs - time > age)
        {
            throw new CertificateException(CertificateProblem.TooOld, "The certificate is too old.");
        }

        if (time > nowNs && time - nowNs > age)
        {
            throw new CertificateException(CertificateProblem.InTheFuture, "The certificate is from the future.");
        }
    }

    /// <summary>
    /// Refuses a certificate whose delegation is older than a limit, or from the future by more than
    /// <see cref="MaximumAge" />. A delegation need not be as young as the certificate.
    /// </summary>
    /// <param name="nowNs">The reader's time in nanoseconds since 1970.</param>
    /// <param name="maximum">Oldest delegation that is believed; at least a week is needed on the network.</param>
    /// <exception cref="CertificateException">The delegation shows no time, or one too far away.</exception>
    public void CheckDelegationAge(ulong nowNs, TimeSpan maximum)
    {
        if (Delegation is null)
        {
            return;
        }

        var time = Delegation.Certificate.TimeNs();
        if (time < nowNs ? nowNs - time > (ulong)maximum.Ticks * 100 : time - nowNs > (ulong)MaximumAge.Ticks * 100)
        {
            throw new CertificateException(
                CertificateProblem.DelegationAge, "The subnet's delegation is too old or from the future.");
        }
    }

    /// <summary>Refuses a delegated certificate whose subnet does not host the canister.</summary>
    /// <exception cref="CertificateException">Ranges missing, or the canister in none of them.</exception>
    public void CheckCanisterScope(Principal canister, RangesFrom from = RangesFrom.Any)
    {
        if (Delegation is null)
        {
            return;
        }

        var ranges = CanisterRanges(from);
        if (ranges.Count == 0)
        {
            throw new CertificateException(
                CertificateProblem.RangesMissing, "The delegation shows no canister ranges, so it holds for nothing.");
        }

        if (!ranges.Any(r => r.Contains(canister)))
        {
            throw new CertificateException(
                CertificateProblem.OutOfRange, $"The subnet that signed does not host canister {canister}.");
        }
    }

    /// <summary>Refuses a certificate that is delegated to another subnet than the one asked.</summary>
    /// <exception cref="CertificateException">The delegation names another subnet.</exception>
    public void CheckSubnetScope(Principal subnet)
    {
        if (Delegation is not null && !Delegation.SubnetId.Equals(subnet))
        {
            throw new CertificateException(
                CertificateProblem.WrongSubnet, $"The certificate is of subnet {Delegation.SubnetId}.");
        }
    }

    /// <summary>The canister ranges its delegation shows; empty when it shows none or there is no delegation.</summary>
    /// <exception cref="CertificateException">The ranges are malformed.</exception>
    public IReadOnlyList<CanisterRange> CanisterRanges(RangesFrom from = RangesFrom.Any)
    {
        if (Delegation is null)
        {
            return [];
        }

        var tree = Delegation.Certificate.Tree;
        var subnet = Delegation.SubnetId.ToArray();
        var sharded = from == RangesFrom.Legacy
            ? null
            : tree.LeavesUnder(StatePath.Of("canister_ranges").Add(subnet));
        if (sharded is { Count: > 0 })
        {
            return [.. sharded.SelectMany(static shard => ReadRanges(shard.Value))];
        }

        return from != RangesFrom.Sharded
               && tree.Lookup(StatePath.Of("subnet").Add(subnet).Add("canister_ranges")) is LookupResult.Found old
            ? ReadRanges(old.Value)
            : [];
    }

    /// <summary>Ranges shown by the certificate's own tree; empty when it does not show them.</summary>
    /// <param name="subnet">The subnet that signed the tree.</param>
    internal IReadOnlyList<CanisterRange> OwnRanges(Principal subnet)
    {
        var id = subnet.ToArray();
        var sharded = Tree.LeavesUnder(StatePath.Of("canister_ranges").Add(id));
        if (sharded is { Count: > 0 })
        {
            return [.. sharded.SelectMany(static shard => ReadRanges(shard.Value))];
        }

        var old = Tree.Lookup(StatePath.Of("subnet").Add(id).Add("canister_ranges"));
        return old is LookupResult.Found ranges ? ReadRanges(ranges.Value) : [];
    }

    private static Certificate Parse(ReadOnlyMemory<byte> cbor, bool allowDelegation) =>
        CborText.Parse(
            () => Read(cbor, allowDelegation),
            static (why, e) => new CertificateException(
                CertificateProblem.Malformed, "Not a certificate: " + why, e));

    private static Certificate Read(ReadOnlyMemory<byte> cbor, bool allowDelegation)
    {
        var reader = CborText.Open(cbor);
        HashTree? tree = null;
        byte[]? signature = null;
        CertificateDelegation? delegation = null;
        CborText.ReadMap(reader, name =>
        {
            switch (name)
            {
                case "tree":
                    tree = HashTree.Read(reader);
                    return true;
                case "signature":
                    signature = reader.ReadByteString();
                    return true;
                case "delegation":
                    delegation = allowDelegation
                        ? ReadDelegation(reader)
                        : throw new CertificateException(
                            CertificateProblem.NestedDelegation, "The delegation's certificate is itself delegated.");
                    return true;
                default:
                    return false;
            }
        });
        CborText.End(reader);
        if (tree is null || signature is not { Length: SignatureLength })
        {
            throw new CborContentException("Tree or 48-byte signature is missing.");
        }

        return tree.IsWellFormed()
            ? new Certificate(cbor, tree, signature, delegation)
            : throw new CertificateException(
                CertificateProblem.NotWellFormed, "The certificate's tree is not well formed.");
    }

    private static CertificateDelegation ReadDelegation(CborReader reader)
    {
        byte[]? subnet = null;
        byte[]? certificate = null;
        CborText.ReadMap(reader, name =>
        {
            switch (name)
            {
                case "subnet_id":
                    subnet = reader.ReadByteString();
                    return true;
                case "certificate":
                    certificate = reader.ReadByteString();
                    return true;
                default:
                    return false;
            }
        });
        return subnet is not null && certificate is not null
            ? new CertificateDelegation(Principal.FromBytes(subnet), Parse(certificate, allowDelegation: false))
            : throw new CborContentException("The delegation lacks its subnet or certificate.");
    }

    private static List<CanisterRange> ReadRanges(ReadOnlyMemory<byte> cbor) =>
        CborText.Parse(
            () =>
            {
                var reader = CborText.Open(cbor);
                var ranges = new List<CanisterRange>();
                reader.ReadStartArray();
                while (reader.PeekState() != CborReaderState.EndArray)
                {
                    reader.ReadStartArray();
                    ranges.Add(new CanisterRange(
                        Principal.FromBytes(reader.ReadByteString()), Principal.FromBytes(reader.ReadByteString())));
                    reader.ReadEndArray();
                }

                reader.ReadEndArray();
                CborText.End(reader);
                return ranges;
            },
            static (why, e) => new CertificateException(
                CertificateProblem.RangesMissing, "The canister ranges are malformed: " + why, e));
}
