using System.Numerics;
using Decent.Candid;
using Decent.Canister.Client.Crypto;

namespace Decent.Canister.Client.Tests.Agent;

/// <summary>A network with real keys: a root, one subnet and its nodes.</summary>
internal static class SignedNetwork
{
    internal static readonly BlsSecretKey Root = BlsSecretKey.FromBytes([.. Enumerable.Repeat((byte)7, 32)]);
    internal static readonly BlsSecretKey Subnet = BlsSecretKey.FromBytes([.. Enumerable.Repeat((byte)9, 32)]);
    internal static readonly Principal SubnetId = Principal.SelfAuthenticating(Subnet.PublicKey.ToDer());
    internal static readonly Principal RootId = Principal.SelfAuthenticating(Root.PublicKey.ToDer());

    private const ulong StartNs = 1_795_341_600_123_000_000;

    internal static byte[] RootKeyDer => Root.PublicKey.ToDer();

    internal static Ed25519Identity Node(byte number) =>
        Ed25519Identity.FromSeed([.. Enumerable.Repeat(number, 32)]);

    internal static byte[] Signed(HashTree tree, BlsSecretKey key) =>
        Certificate.Write(tree, key.Sign([.. "\u000dic-state-root"u8, .. tree.RootHash()]));

    /// <summary>A certificate of the subnet; it hosts everything up to the scripted canister.</summary>
    internal static byte[] Delegated(
        HashTree tree,
        BlsSecretKey? key = null,
        BlsSecretKey? root = null,
        ulong timeNs = StartNs,
        string lastCanister = "ryjl3-tyaaa-aaaaa-aaaba-cai",
        string? type = null)
    {
        var ranges = Label("canister_ranges", SubnetId, HashTree.Labeled(
            new byte[] { 0 }, HashTree.Leaf(Ranges("aaaaa-aa", lastCanister))));
        var facts = HashTree.Labeled("public_key", HashTree.Leaf(Subnet.PublicKey.ToDer()));
        if (type is not null)
        {
            facts = HashTree.Fork(
                facts, HashTree.Labeled("type", HashTree.Leaf(System.Text.Encoding.UTF8.GetBytes(type))));
        }

        var delegation = HashTree.Fork(ranges, HashTree.Fork(Label("subnet", SubnetId, facts), Time(timeNs)));
        var message = (byte[])[.. "\u000dic-state-root"u8, .. tree.RootHash()];
        return Certificate.Write(tree, (key ?? Subnet).Sign(message), SubnetId, Signed(delegation, root ?? Root));
    }

    /// <summary>The part of a state tree that shows the nodes of a subnet.</summary>
    internal static HashTree Nodes(Principal subnet, ulong timeNs, params Ed25519Identity[] nodes) => HashTree.Fork(
        Label("subnet", subnet, HashTree.Labeled("node", HashTree.OfLabels(nodes.Select(n => KeyValuePair.Create(
            (ReadOnlyMemory<byte>)n.Sender.ToArray(),
            HashTree.Labeled("public_key", HashTree.Leaf(n.PublicKeyDer))))))),
        Time(timeNs));

    internal static HashTree Time(ulong timeNs) =>
        HashTree.Labeled("time", HashTree.Leaf(Leb128.EncodeUnsigned(new BigInteger(timeNs))));

    internal static HashTree Label(string outer, Principal inner, HashTree tree) =>
        HashTree.Labeled(outer, HashTree.Labeled(inner.ToArray(), tree));

    /// <summary>An answer to a query, signed by these nodes.</summary>
    internal static byte[] QueryReply(
        RequestId id, byte[] arg, ulong atNs, IReadOnlyList<Ed25519Identity> nodes, byte[]? shown = null)
    {
        var writer = CborText.Create();
        writer.WriteStartMap(3);
        writer.WriteTextString("status");
        writer.WriteTextString("replied");
        writer.WriteTextString("reply");
        writer.WriteStartMap(1);
        writer.WriteTextString("arg");
        writer.WriteByteString(shown ?? arg);
        writer.WriteEndMap();
        WriteSignatures(writer, nodes, atNs, NodeSignature.MessageForReply(id, arg, atNs));
        writer.WriteEndMap();
        return writer.Encode();
    }

    /// <summary>A rejection of a query, signed by these nodes.</summary>
    internal static byte[] QueryRejection(RequestId id, ulong atNs, IReadOnlyList<Ed25519Identity> nodes)
    {
        var writer = CborText.Create();
        writer.WriteStartMap(5);
        writer.WriteTextString("status");
        writer.WriteTextString("rejected");
        writer.WriteTextString("reject_code");
        writer.WriteUInt64(5);
        writer.WriteTextString("reject_message");
        writer.WriteTextString("no such method");
        writer.WriteTextString("error_code");
        writer.WriteTextString("IC0536");
        WriteSignatures(
            writer, nodes, atNs, NodeSignature.MessageForRejection(id, 5, "no such method", "IC0536", atNs));
        writer.WriteEndMap();
        return writer.Encode();
    }

    internal static byte[] Ranges(string first, string last)
    {
        var writer = CborText.Create();
        writer.WriteStartArray(1);
        writer.WriteStartArray(2);
        writer.WriteByteString(Principal.FromText(first).Bytes);
        writer.WriteByteString(Principal.FromText(last).Bytes);
        writer.WriteEndArray();
        writer.WriteEndArray();
        return writer.Encode();
    }

    private static void WriteSignatures(
        System.Formats.Cbor.CborWriter writer, IReadOnlyList<Ed25519Identity> nodes, ulong atNs, byte[] message)
    {
        writer.WriteTextString("signatures");
        writer.WriteStartArray(nodes.Count);
        foreach (var node in nodes)
        {
            writer.WriteStartMap(3);
            writer.WriteTextString("timestamp");
            writer.WriteUInt64(atNs);
            writer.WriteTextString("signature");
            writer.WriteByteString(node.Sign(message));
            writer.WriteTextString("identity");
            writer.WriteByteString(node.Sender.Bytes);
            writer.WriteEndMap();
        }

        writer.WriteEndArray();
    }
}
