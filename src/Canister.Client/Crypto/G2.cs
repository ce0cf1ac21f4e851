namespace Decent.Canister.Client.Crypto;

/// <summary>The group of public keys: y² = x³ + 4(1 + u) over the quadratic extension, 96 bytes compressed.</summary>
internal static class G2
{
    internal const int Length = 96;

    private static readonly Fp2 FourXi = new Fp2(Fp.One, Fp.One).Double().Double();
    private static readonly Fp2 PsiX = Frobenii.Gamma(2).Inverse();
    private static readonly Fp2 PsiY = Frobenii.Gamma(3).Inverse();

    internal static Jacobian<Fp2> Generator { get; } = Jacobian<Fp2>.OfAffine(
        new Fp2(
            Fp.FromHex(
                "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02"
                + "b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"),
            Fp.FromHex(
                "13e02b6052719f607dacd3a088274f65596bd0d09920b61a"
                + "b5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e")),
        new Fp2(
            Fp.FromHex(
                "0ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a7"
                + "6d429a695160d12c923ac9cc3baca289e193548608b82801"),
            Fp.FromHex(
                "0606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af"
                + "267492ab572e99ab3f370d275cec1da1aaa9075ff05f79be")));

    /// <summary>Reads a compressed point and checks encoding, curve and subgroup.</summary>
    /// <returns>False for anything but the one encoding of a point of the subgroup; infinity is such a point.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, out Jacobian<Fp2> point)
    {
        point = Jacobian<Fp2>.Infinity;
        if (bytes.Length != Length || (bytes[0] & Curve.Compressed) == 0)
        {
            return false;
        }

        if ((bytes[0] & Curve.Infinite) != 0)
        {
            return bytes[0] == (Curve.Compressed | Curve.Infinite) && bytes[1..].IndexOfAnyExcept((byte)0) < 0;
        }

        Span<byte> imaginary = stackalloc byte[Fp.Length];
        bytes[..Fp.Length].CopyTo(imaginary);
        imaginary[0] &= 0x1f;
        if (!Fp.TryRead(imaginary, out var b) || !Fp.TryRead(bytes[Fp.Length..], out var a))
        {
            return false;
        }

        var x = new Fp2(a, b);
        if (!((x.Square() * x) + FourXi).TryRoot(out var y))
        {
            return false;
        }

        y = y.IsLarge() == ((bytes[0] & Curve.Large) != 0) ? y : -y;
        point = Jacobian<Fp2>.OfAffine(x, y);
        return IsInSubgroup(point);
    }

    /// <summary>Writes the compressed form.</summary>
    internal static byte[] Write(in Jacobian<Fp2> point)
    {
        var bytes = new byte[Length];
        if (point.IsInfinity)
        {
            bytes[0] = Curve.Compressed | Curve.Infinite;
            return bytes;
        }

        point.ToAffine(out var x, out var y);
        x.B.Write(bytes);
        x.A.Write(bytes.AsSpan(Fp.Length));
        bytes[0] |= (byte)(Curve.Compressed | (y.IsLarge() ? Curve.Large : 0));
        return bytes;
    }

    internal static bool IsOnCurve(in Fp2 x, in Fp2 y) => y.Square().Same((x.Square() * x) + FourXi);

    /// <summary>
    /// Whether a point of the curve is in the subgroup: there, and only there, the Frobenius map of the untwisted
    /// curve is a multiplication by −<see cref="Curve.X" />.
    /// </summary>
    internal static bool IsInSubgroup(in Jacobian<Fp2> point)
    {
        var turned = new Jacobian<Fp2>(
            point.X.Conjugate() * PsiX, point.Y.Conjugate() * PsiY, point.Z.Conjugate());
        return turned.Same(point.Multiply(Curve.XBytes).Negate());
    }
}
