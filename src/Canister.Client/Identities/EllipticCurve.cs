using System.Security.Cryptography;

namespace Decent.Canister.Client;

/// <summary>One of the two curves for ECDSA, with arithmetic modulo its order on 32 big-endian bytes.</summary>
internal sealed class EllipticCurve
{
    /// <summary>The first byte of a point in full.</summary>
    internal const byte Uncompressed = 4;

    /// <summary>Length of a secret and of each half of a signature.</summary>
    internal const int Length = 32;

    private readonly byte[] order;
    private readonly byte[] halfOrder;

    private EllipticCurve(string name, string oid, string derPrefix, string order)
    {
        Name = name;
        Oid = oid;
        DerPrefix = Convert.FromHexString(derPrefix);
        this.order = Convert.FromHexString(order);
        halfOrder = Half(this.order);
    }

    internal static EllipticCurve Secp256k1 { get; } = new(
        "secp256k1",
        "1.3.132.0.10",
        "3056301006072a8648ce3d020106052b8104000a034200",
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");

    internal static EllipticCurve P256 { get; } = new(
        "P-256",
        "1.2.840.10045.3.1.7",
        "3059301306072a8648ce3d020106082a8648ce3d030107034200",
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

    internal string Name { get; }

    internal string Oid { get; }

    /// <summary>What precedes the 65 bytes of the point in the DER form of a public key.</summary>
    internal byte[] DerPrefix { get; }

    internal static EllipticCurve? ByOid(string oid) =>
        oid == Secp256k1.Oid ? Secp256k1 : oid == P256.Oid ? P256 : null;

    internal ECCurve ToNet() => ECCurve.CreateFromValue(Oid);

    /// <summary>Whether 32 bytes are a secret of this curve: from 1 up to but not including the order.</summary>
    internal bool IsSecret(ReadOnlySpan<byte> secret) =>
        secret.Length == Length && secret.IndexOfAnyExcept((byte)0) >= 0 && secret.SequenceCompareTo(order) < 0;

    /// <summary>Adds modulo the order; the tweak is below the order.</summary>
    internal void Add(Span<byte> value, ReadOnlySpan<byte> tweak)
    {
        var carry = 0;
        for (var i = Length - 1; i >= 0; i--)
        {
            var sum = value[i] + tweak[i] + carry;
            value[i] = unchecked((byte)sum);
            carry = sum >> 8;
        }

        if (carry != 0 || value.SequenceCompareTo(order) >= 0)
        {
            Subtract(value, order, value);
        }
    }

    /// <summary>Replaces the second half of a signature by its negative when that is smaller.</summary>
    internal void MakeLow(Span<byte> s)
    {
        if (s.SequenceCompareTo(halfOrder) > 0)
        {
            Subtract(order, s, s);
        }
    }

    /// <summary>Whether the second half of a signature is the smaller of the two that are valid.</summary>
    internal bool IsLow(ReadOnlySpan<byte> s) => s.SequenceCompareTo(halfOrder) <= 0;

    private static void Subtract(ReadOnlySpan<byte> from, ReadOnlySpan<byte> what, Span<byte> into)
    {
        var borrow = 0;
        for (var i = Length - 1; i >= 0; i--)
        {
            var difference = from[i] - what[i] - borrow;
            into[i] = unchecked((byte)difference);
            borrow = difference < 0 ? 1 : 0;
        }
    }

    private static byte[] Half(byte[] value)
    {
        var half = new byte[value.Length];
        var low = 0;
        for (var i = 0; i < value.Length; i++)
        {
            half[i] = (byte)((value[i] >> 1) | (low << 7));
            low = value[i] & 1;
        }

        return half;
    }
}
