using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Decent.Canister.Client;

/// <summary>
/// A node of a tree of keys: BIP-32 on secp256k1, SLIP-10 on Ed25519. Erased when disposed.
/// </summary>
internal sealed class HierarchicalKey : IDisposable
{
    /// <summary>Added to an index whose child can be derived from the secret only.</summary>
    internal const uint Hardened = 0x8000_0000;

    private const int Half = 32;

    private readonly EllipticCurve? curve;
    private readonly byte[] bytes;

    private HierarchicalKey(EllipticCurve? curve, byte[] bytes)
    {
        this.curve = curve;
        this.bytes = bytes;
    }

    /// <summary>The 32-byte secret of this node.</summary>
    internal ReadOnlySpan<byte> Secret => bytes.AsSpan(0, Half);

    /// <summary>What the children depend on beside the secret.</summary>
    internal ReadOnlySpan<byte> ChainCode => bytes.AsSpan(Half);

    /// <summary>The root for secp256k1.</summary>
    internal static HierarchicalKey Secp256k1(ReadOnlySpan<byte> seed)
    {
        var root = new HierarchicalKey(EllipticCurve.Secp256k1, HMACSHA512.HashData("Bitcoin seed"u8, seed));
        return EllipticCurve.Secp256k1.IsSecret(root.Secret)
            ? root
            : throw new IdentityFormatException("The seed gives no valid key.");
    }

    /// <summary>The root for Ed25519.</summary>
    internal static HierarchicalKey Ed25519(ReadOnlySpan<byte> seed) =>
        new(null, HMACSHA512.HashData("ed25519 seed"u8, seed));

    public void Dispose() => CryptographicOperations.ZeroMemory(bytes);

    /// <summary>The node at a path below this one.</summary>
    internal HierarchicalKey Derive(params ReadOnlySpan<uint> path)
    {
        var node = new HierarchicalKey(curve, [.. bytes]);
        foreach (var index in path)
        {
            using var parent = node;
            node = parent.Child(index);
        }

        return node;
    }

    private HierarchicalKey Child(uint index)
    {
        var isHardened = index >= Hardened;
        if (!isHardened && curve is null)
        {
            throw new ArgumentException("Every step on Ed25519 is hardened.", nameof(index));
        }

        Span<byte> data = stackalloc byte[1 + Half + 4];
        try
        {
            if (isHardened)
            {
                data[0] = 0;
                Secret.CopyTo(data[1..]);
            }
            else
            {
                WritePublicKey(data);
            }

            BinaryPrimitives.WriteUInt32BigEndian(data[(1 + Half)..], index);
            var child = HMACSHA512.HashData(ChainCode, data);
            if (curve is not null)
            {
                var tweak = child.AsSpan(0, Half);
                var valid = curve.IsSecret(tweak);
                if (valid)
                {
                    curve.Add(tweak, Secret);
                    valid = curve.IsSecret(tweak);
                }

                if (!valid)
                {
                    CryptographicOperations.ZeroMemory(child);
                    throw new IdentityFormatException("The path gives no valid key.");
                }
            }

            return new HierarchicalKey(curve, child);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(data);
        }
    }

    private void WritePublicKey(Span<byte> into)
    {
        using var key = new EcdsaKey(curve!, Secret);
        var point = key.PublicKeyDer.Span[(curve!.DerPrefix.Length + 1)..];
        into[0] = (byte)(2 + (point[^1] & 1));
        point[..Half].CopyTo(into[1..]);
    }
}
