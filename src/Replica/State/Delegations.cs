using System.Formats.Cbor;
using Decent.Candid;
using Decent.Canister.Client;
using Leb128 = Decent.Canister.Client.Leb128;

namespace Decent.Replica.State;

/// <summary>The root's certificates for the subnet, one per form of canister ranges; renewed once a day.</summary>
internal sealed class Delegations(ICertificateSigner signer, Principal subnetId)
{
    private const ulong RenewAfterNs = 86_400UL * 1_000_000_000;

    /// <summary>The smallest id a canister can have.</summary>
    public static readonly Principal FirstCanister = WellKnownCanisters.Opaque(0);

    /// <summary>The largest id a canister can have.</summary>
    public static readonly Principal LastCanister = WellKnownCanisters.Opaque(ulong.MaxValue);

    private readonly Lock sync = new();
    private readonly Dictionary<RangesShown, (ulong TimeNs, byte[] Certificate)> known = [];

    /// <summary>The canister ranges blob: one closed interval.</summary>
    public static byte[] Ranges(Principal first, Principal last)
    {
        var writer = new CborWriter();
        writer.WriteTag(CborTag.SelfDescribeCbor);
        writer.WriteStartArray(1);
        writer.WriteStartArray(2);
        writer.WriteByteString(first.Bytes);
        writer.WriteByteString(last.Bytes);
        writer.WriteEndArray();
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <summary>The delegation certificate of a form, not older than a day.</summary>
    public byte[] For(RangesShown shown, ulong nowNs)
    {
        lock (sync)
        {
            if (!known.TryGetValue(shown, out var found) || found.TimeNs + RenewAfterNs < nowNs)
            {
                known[shown] = found = (nowNs, Make(shown, nowNs));
            }

            return found.Certificate;
        }
    }

    private byte[] Make(RangesShown shown, ulong nowNs)
    {
        var foreign = shown == RangesShown.Foreign;
        var blob = foreign ? Ranges(LastCanister, LastCanister) : Ranges(FirstCanister, LastCanister);
        var id = subnetId.ToArray();
        var tree = HashTree.OfLabels(
        [
            Labeled("canister_ranges", HashTree.Labeled(id, HashTree.Labeled(
                (foreign ? LastCanister : FirstCanister).ToArray(), HashTree.Leaf(blob)))),
            Labeled("subnet", HashTree.Labeled(id, HashTree.OfLabels(
            [
                Labeled("canister_ranges", HashTree.Leaf(blob)),
                Labeled("public_key", HashTree.Leaf(signer.SubnetKeyDer)),
                Labeled("type", HashTree.Leaf("application"u8.ToArray())),
            ]))),
            Labeled("time", HashTree.Leaf(Leb128.EncodeUnsigned(nowNs))),
        ]);
        var subnet = StatePath.Of("subnet").Add(id);
        var ranges = shown == RangesShown.Legacy
            ? subnet.Add("canister_ranges")
            : StatePath.Of("canister_ranges").Add(id);
        var witness = tree.Witness([StatePath.Time, subnet.Add("public_key"), subnet.Add("type"), ranges]);
        return Certificate.Write(witness, signer.SignAsRoot(StateTree.Message(tree)));
    }

    private static KeyValuePair<ReadOnlyMemory<byte>, HashTree> Labeled(string label, HashTree tree) =>
        new(System.Text.Encoding.UTF8.GetBytes(label), tree);
}
