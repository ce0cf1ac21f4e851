using System.Security.Cryptography;
using System.Text;

namespace Decent.Canister.Client;

/// <summary>
/// The hash the Internet Computer uses for requests, delegations and ICRC-3 values: it depends on what is said, not
/// on how it is encoded.
/// </summary>
public static class RepresentationIndependentHash
{
    private const int HashLength = 32;

    /// <summary>Hash of a map: 32 bytes.</summary>
    /// <param name="map">The fields; an absent optional field is simply not in the map.</param>
    public static byte[] Of(IReadOnlyDictionary<string, HashableValue> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var pairs = new List<byte[]>(map.Count);
        foreach (var (name, value) in map)
        {
            var pair = new byte[2 * HashLength];
            SHA256.HashData(Encoding.UTF8.GetBytes(name), pair);
            Of(value).CopyTo(pair.AsSpan(HashLength));
            pairs.Add(pair);
        }

        pairs.Sort(static (a, b) => a.AsSpan().SequenceCompareTo(b));
        return SHA256.HashData(Concatenate(pairs));
    }

    /// <summary>Hash of one value: 32 bytes.</summary>
    public static byte[] Of(HashableValue value) => value switch
    {
        HashableValue.Blob blob => SHA256.HashData(blob.Bytes.Span),
        HashableValue.Text text => SHA256.HashData(Encoding.UTF8.GetBytes(text.Value)),
        HashableValue.Nat nat => SHA256.HashData(Leb128.EncodeUnsigned(nat.Value)),
        HashableValue.Int number => SHA256.HashData(Leb128.EncodeSigned(number.Value)),
        HashableValue.Array array => SHA256.HashData(Concatenate([.. array.Items.Select(Of)])),
        HashableValue.Map map => Of(map.Fields),
        _ => throw new ArgumentException($"No hash is defined for {value?.GetType().Name ?? "null"}.", nameof(value)),
    };

    private static byte[] Concatenate(List<byte[]> parts)
    {
        var all = new byte[parts.Sum(static p => p.Length)];
        var at = 0;
        foreach (var part in parts)
        {
            part.CopyTo(all, at);
            at += part.Length;
        }

        return all;
    }
}
