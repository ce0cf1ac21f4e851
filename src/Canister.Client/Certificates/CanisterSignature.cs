using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>
/// Signatures a canister makes through its certified data, as Internet Identity does for its users. The key names the
/// canister and a seed; no secret exists.
/// </summary>
public static class CanisterSignature
{
    private const string Algorithm = "1.3.6.1.4.1.56387.1.2";
    private const int MaximumPrincipal = 29;
    private const string BarredSubnetType = "cloud_engine";

    /// <summary>The key of a canister and a seed, in DER.</summary>
    public static byte[] KeyDer(Principal canister, ReadOnlySpan<byte> seed)
    {
        ArgumentNullException.ThrowIfNull(canister);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(Algorithm);
            }

            writer.WriteBitString([(byte)canister.Bytes.Length, .. canister.Bytes, .. seed]);
        }

        return writer.Encode();
    }

    /// <summary>Reads a key.</summary>
    /// <param name="keyDer">The key in DER.</param>
    /// <param name="canister">The canister that signs.</param>
    /// <param name="seed">What distinguishes the canister's keys.</param>
    /// <returns>False when the DER is not that of a canister's key.</returns>
    public static bool TryReadKey(
        ReadOnlySpan<byte> keyDer,
        [NotNullWhen(true)] out Principal? canister,
        [NotNullWhen(true)] out byte[]? seed)
    {
        canister = null;
        seed = null;
        try
        {
            var outer = new AsnReader(keyDer.ToArray(), AsnEncodingRules.DER);
            var key = outer.ReadSequence();
            outer.ThrowIfNotEmpty();
            var algorithm = key.ReadSequence();
            if (algorithm.ReadObjectIdentifier() != Algorithm || algorithm.HasData)
            {
                return false;
            }

            var bits = key.ReadBitString(out var unused);
            key.ThrowIfNotEmpty();
            if (unused != 0 || bits.Length == 0 || bits[0] > MaximumPrincipal || bits.Length <= bits[0])
            {
                return false;
            }

            canister = Principal.FromBytes(bits.AsSpan(1, bits[0]));
            seed = bits[(bits[0] + 1)..];
            return true;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    /// <summary>
    /// Whether a signature over a message is that canister's: the certificate is valid and in scope for the canister,
    /// certifies the signature tree, and the tree shows this message under this seed. Never throws for bad input. The
    /// age of the certificate is not judged: what was signed, such as a delegation, has an expiry of its own.
    /// </summary>
    /// <param name="keyDer">The key in DER.</param>
    /// <param name="message">The message, domain separator included.</param>
    /// <param name="signature">The signature: certificate and tree in CBOR.</param>
    /// <param name="trust">Under what the certificate must verify.</param>
    /// <param name="requireSubnetType">
    /// Whether a delegation must show the type of its subnet, as it has to since the summer of 2026. A subnet that
    /// anybody can rent is refused either way.
    /// </param>
    public static bool Verify(
        ReadOnlySpan<byte> keyDer,
        ReadOnlySpan<byte> message,
        ReadOnlyMemory<byte> signature,
        RootOfTrust trust,
        bool requireSubnetType = true)
    {
        ArgumentNullException.ThrowIfNull(trust);
        if (!TryReadKey(keyDer, out var canister, out var seed))
        {
            return false;
        }

        try
        {
            var (certificate, tree) = Read(signature);
            certificate.CheckCanisterScope(canister);
            trust.CheckRootScope(certificate, canister);
            if (!SubnetMaySign(certificate, requireSubnetType) || !tree.IsWellFormed())
            {
                return false;
            }

            var certified = certificate.Tree.Lookup(
                StatePath.Of("canister").Add(canister.ToArray()).Add("certified_data"));
            var entry = tree.Lookup(
                StatePath.Of("sig").Add(SHA256.HashData(seed)).Add(SHA256.HashData(message)));
            if (certified is not LookupResult.Found { Value: var root } || !root.Span.SequenceEqual(tree.RootHash())
                || entry is not LookupResult.Found { Value.IsEmpty: true })
            {
                return false;
            }

            trust.Verify(certificate);
            return true;
        }
        catch (Exception e) when (e is CertificateException or FormatException)
        {
            return false;
        }
    }

    /// <summary>Writes a signature.</summary>
    /// <param name="certificate">A certificate that shows the canister's certified data.</param>
    /// <param name="tree">The canister's tree, showing the signed message.</param>
    public static byte[] Write(ReadOnlySpan<byte> certificate, HashTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        var writer = CborText.Create();
        writer.WriteStartMap(2);
        writer.WriteTextString("certificate");
        writer.WriteByteString(certificate);
        writer.WriteTextString("tree");
        tree.Write(writer);
        writer.WriteEndMap();
        return writer.Encode();
    }

    private static bool SubnetMaySign(Certificate certificate, bool required)
    {
        if (certificate.Delegation is not { } delegation)
        {
            return true;
        }

        var path = StatePath.Of("subnet").Add(delegation.SubnetId.ToArray()).Add("type");
        return delegation.Certificate.Tree.Lookup(path) is LookupResult.Found type
            ? Encoding.UTF8.GetString(type.Value.Span) != BarredSubnetType
            : !required;
    }

    private static (Certificate Certificate, HashTree Tree) Read(ReadOnlyMemory<byte> signature) =>
        CborText.Parse(
            () =>
            {
                var reader = CborText.Open(signature);
                Certificate? certificate = null;
                HashTree? tree = null;
                CborText.ReadMap(reader, name =>
                {
                    switch (name)
                    {
                        case "certificate":
                            certificate = Certificate.Parse(reader.ReadByteString());
                            return true;
                        case "tree":
                            tree = HashTree.Read(reader);
                            return true;
                        default:
                            return false;
                    }
                });
                CborText.End(reader);
                return certificate is not null && tree is not null
                    ? (certificate, tree)
                    : throw new FormatException("Certificate or tree is missing.");
            },
            static (why, e) => new FormatException("Not a canister signature: " + why, e));
}
