namespace Decent.Canister.Client.Crypto;

/// <summary>The group signatures are in: y² = x³ + 4 over the base field, 48 bytes compressed.</summary>
internal static class G1
{
    internal const int Length = 48;

    private static readonly Fp Four = Fp.One.Double().Double();

    // The cube root of one for which (x, y) → (βx, y) is multiplication by −X² in the subgroup.
    private static readonly Fp Beta = Fp.FromHex(
        "5f19672fdf76ce51ba69c6076a0f77eaddb3a93be6f89688de17d813620a00022e01fffffffefffe");

    /// <summary>Reads a compressed point and checks encoding, curve and subgroup.</summary>
    /// <returns>False for anything but the one encoding of a point of the subgroup; infinity is such a point.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, out Jacobian<Fp> point)
    {
        point = Jacobian<Fp>.Infinity;
        if (bytes.Length != Length || (bytes[0] & Curve.Compressed) == 0)
        {
            return false;
        }

        if ((bytes[0] & Curve.Infinite) != 0)
        {
            return bytes[0] == (Curve.Compressed | Curve.Infinite) && bytes[1..].IndexOfAnyExcept((byte)0) < 0;
        }

        Span<byte> plain = stackalloc byte[Length];
        bytes.CopyTo(plain);
        plain[0] &= 0x1f;
        if (!Fp.TryRead(plain, out var x) || !((x.Square() * x) + Four).TryRoot(out var y))
        {
            return false;
        }

        y = y.IsLarge() == ((bytes[0] & Curve.Large) != 0) ? y : -y;
        point = Jacobian<Fp>.OfAffine(x, y);
        return IsInSubgroup(point);
    }

    /// <summary>Writes the compressed form.</summary>
    internal static byte[] Write(in Jacobian<Fp> point)
    {
        var bytes = new byte[Length];
        if (point.IsInfinity)
        {
            bytes[0] = Curve.Compressed | Curve.Infinite;
            return bytes;
        }

        point.ToAffine(out var x, out var y);
        x.Write(bytes);
        bytes[0] |= (byte)(Curve.Compressed | (y.IsLarge() ? Curve.Large : 0));
        return bytes;
    }

    internal static bool IsOnCurve(in Fp x, in Fp y) => y.Square().Same((x.Square() * x) + Four);

    /// <summary>
    /// Whether a point of the curve is in the subgroup: there, and only there, the cheap endomorphism is a
    /// multiplication by −X².
    /// </summary>
    internal static bool IsInSubgroup(in Jacobian<Fp> point)
    {
        var turned = new Jacobian<Fp>(point.X * Beta, point.Y, point.Z);
        return turned.Same(point.Multiply(Curve.XBytes).Multiply(Curve.XBytes).Negate());
    }
}
