using System.Formats.Cbor;
using System.Text;
using Decent.Candid;
using Decent.Canister.Client;
using Decent.Replica.Canisters;
using Decent.Replica.Execution;
using Leb128 = Decent.Canister.Client.Leb128;

namespace Decent.Replica.State;

/// <summary>The state tree of the replica's one subnet, and certificates of parts of it.</summary>
internal sealed class StateTree
{
    private static readonly Principal FirstCanister = WellKnownCanisters.Opaque(0);
    private static readonly Principal LastCanister = WellKnownCanisters.Opaque(ulong.MaxValue);

    private readonly ICertificateSigner signer;
    private readonly Dictionary<Principal, NativeCanister> canisters;
    private readonly RequestBook requests;
    private readonly HashTree subnet;
    private readonly HashTree ranges;
    private HashTree? canisterTree;

    public StateTree(
        ICertificateSigner signer,
        NodeIdentity node,
        Dictionary<Principal, NativeCanister> canisters,
        RequestBook requests)
    {
        this.signer = signer;
        this.canisters = canisters;
        this.requests = requests;
        SubnetId = Principal.SelfAuthenticating(signer.RootKeyDer.Span);
        var blob = Ranges();
        subnet = HashTree.Labeled(SubnetId.ToArray(), HashTree.OfLabels(
        [
            Text("canister_ranges", HashTree.Leaf(blob)),
            Text("node", HashTree.Labeled(node.Id.ToArray(), HashTree.Labeled(
                "public_key", HashTree.Leaf(node.PublicKeyDer)))),
            Text("public_key", HashTree.Leaf(signer.RootKeyDer)),
            Text("type", HashTree.Leaf("application"u8.ToArray())),
        ]));
        ranges = HashTree.Labeled(
            SubnetId.ToArray(), HashTree.Labeled(FirstCanister.ToArray(), HashTree.Leaf(blob)));
    }

    /// <summary>The subnet; also its own root, so certificates carry no delegation.</summary>
    public Principal SubnetId { get; }

    /// <summary>Tells the tree that canisters may have changed their certified data.</summary>
    public void CanistersChanged() => canisterTree = null;

    /// <summary>A certificate that shows the time and the given paths.</summary>
    public byte[] Certificate(IEnumerable<StatePath> paths, ulong timeNs)
    {
        var tree = HashTree.OfLabels(
        [
            Text("canister", canisterTree ??= Canisters()),
            Text("canister_ranges", ranges),
            Text("request_status", requests.Tree()),
            Text("subnet", subnet),
            Text("time", HashTree.Leaf(Leb128.EncodeUnsigned(timeNs))),
        ]);
        var witness = tree.Witness([StatePath.Time, .. paths]);
        byte[] message = [.. "\u000dic-state-root"u8, .. tree.RootHash()];
        return Decent.Canister.Client.Certificate.Write(witness, signer.Sign(message));
    }

    private static KeyValuePair<ReadOnlyMemory<byte>, HashTree> Text(string label, HashTree tree) =>
        new(Encoding.UTF8.GetBytes(label), tree);

    /// <summary>One closed interval that holds every id a canister can have.</summary>
    private static byte[] Ranges()
    {
        var writer = new CborWriter();
        writer.WriteTag(CborTag.SelfDescribeCbor);
        writer.WriteStartArray(1);
        writer.WriteStartArray(2);
        writer.WriteByteString(FirstCanister.Bytes);
        writer.WriteByteString(LastCanister.Bytes);
        writer.WriteEndArray();
        writer.WriteEndArray();
        return writer.Encode();
    }

    private HashTree Canisters() => HashTree.OfLabels(canisters.Select(static c =>
        new KeyValuePair<ReadOnlyMemory<byte>, HashTree>(
            c.Key.ToArray(),
            c.Value.CertifiedData is { } data
                ? HashTree.Labeled("certified_data", HashTree.Leaf(data))
                : HashTree.Labeled("certified_data", HashTree.Leaf(Array.Empty<byte>())))));
}
