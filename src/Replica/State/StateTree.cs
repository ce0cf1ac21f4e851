using System.Text;
using Decent.Candid;
using Decent.Canister.Client;
using Decent.Replica.Canisters;
using Decent.Replica.Execution;
using Leb128 = Decent.Canister.Client.Leb128;

namespace Decent.Replica.State;

/// <summary>A part of the state tree whose root hash waits for its signature.</summary>
/// <param name="Shown">The part.</param>
/// <param name="Message">What is signed.</param>
/// <param name="NowNs">Subnet time, nanoseconds since 1970.</param>
internal sealed record UnsignedState(HashTree Shown, byte[] Message, ulong NowNs);

/// <summary>
/// The state tree of the replica's one subnet, and certificates of parts of it. Showing a part needs the state to
/// stand still; signing it does not.
/// </summary>
internal sealed class StateTree
{
    private readonly ICertificateSigner signer;
    private readonly Dictionary<Principal, NativeCanister> canisters;
    private readonly RequestBook requests;
    private readonly Delegations delegations;
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
        SubnetId = Principal.SelfAuthenticating(signer.SubnetKeyDer.Span);
        delegations = new Delegations(signer, SubnetId);
        var blob = Delegations.Ranges(Delegations.FirstCanister, Delegations.LastCanister);
        subnet = HashTree.Labeled(SubnetId.ToArray(), HashTree.OfLabels(
        [
            Text("canister_ranges", HashTree.Leaf(blob)),
            Text("node", HashTree.Labeled(node.Id.ToArray(), HashTree.Labeled(
                "public_key", HashTree.Leaf(node.PublicKeyDer)))),
            Text("public_key", HashTree.Leaf(signer.SubnetKeyDer)),
            Text("type", HashTree.Leaf("application"u8.ToArray())),
        ]));
        ranges = HashTree.Labeled(
            SubnetId.ToArray(), HashTree.Labeled(Delegations.FirstCanister.ToArray(), HashTree.Leaf(blob)));
    }

    /// <summary>The subnet that hosts all canisters.</summary>
    public Principal SubnetId { get; }

    /// <summary>What is signed to certify a tree.</summary>
    public static byte[] Message(HashTree tree) => [.. "\u000dic-state-root"u8, .. tree.RootHash()];

    /// <summary>Tells the tree that canisters may have changed their certified data.</summary>
    public void CanistersChanged() => canisterTree = null;

    /// <summary>The part of the tree that shows the time and the given paths.</summary>
    public UnsignedState Show(IEnumerable<StatePath> paths, ulong nowNs, ulong ageNs = 0)
    {
        var tree = HashTree.OfLabels(
        [
            Text("canister", canisterTree ??= Canisters()),
            Text("canister_ranges", ranges),
            Text("request_status", requests.Tree()),
            Text("subnet", subnet),
            Text("time", HashTree.Leaf(Leb128.EncodeUnsigned(nowNs - ageNs))),
        ]);
        return new UnsignedState(tree.Witness([StatePath.Time, .. paths]), Message(tree), nowNs);
    }

    /// <summary>Signs a part of the tree: a certificate.</summary>
    public byte[] Sign(UnsignedState state, CertificateForm form)
    {
        var signature = signer.SignAsSubnet(
            form.WrongSignature ? [.. state.Message, 0] : state.Message);
        return Certificate.Write(state.Shown, signature, SubnetId, delegations.For(form.Ranges, state.NowNs));
    }

    private static KeyValuePair<ReadOnlyMemory<byte>, HashTree> Text(string label, HashTree tree) =>
        new(Encoding.UTF8.GetBytes(label), tree);

    private HashTree Canisters() => HashTree.OfLabels(canisters.Select(static c =>
        new KeyValuePair<ReadOnlyMemory<byte>, HashTree>(
            c.Key.ToArray(),
            HashTree.Labeled("certified_data", HashTree.Leaf(c.Value.CertifiedData ?? [])))));
}
