namespace Decent.Canister.Client.Crypto;

/// <summary>Numbers of BLS12-381 that several parts need.</summary>
internal static class Curve
{
    /// <summary>The absolute value of the (negative) curve parameter.</summary>
    internal const ulong X = 0xd201000000010000;

    /// <summary>Bits of the compressed encodings.</summary>
    internal const byte Compressed = 0x80;

    /// <summary>Marks the point at infinity.</summary>
    internal const byte Infinite = 0x40;

    /// <summary>Marks the larger of the two y.</summary>
    internal const byte Large = 0x20;

    /// <summary><see cref="X" /> as big-endian bytes.</summary>
    internal static ReadOnlySpan<byte> XBytes => [0xd2, 0x01, 0, 0, 0, 0x01, 0, 0];

    /// <summary>1 + <see cref="X" />: takes any point of the curve over the base field into the subgroup.</summary>
    internal static ReadOnlySpan<byte> G1Cofactor => [0xd2, 0x01, 0, 0, 0, 0x01, 0, 0x01];

    /// <summary>The order of the subgroups.</summary>
    internal static ReadOnlySpan<byte> Order =>
    [
        0x73, 0xed, 0xa7, 0x53, 0x29, 0x9d, 0x7d, 0x48, 0x33, 0x39, 0xd8, 0x08, 0x09, 0xa1, 0xd8, 0x05,
        0x53, 0xbd, 0xa4, 0x02, 0xff, 0xfe, 0x5b, 0xfe, 0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x01,
    ];
}
