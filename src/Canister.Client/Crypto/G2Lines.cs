using System.Numerics;

namespace Decent.Canister.Client.Crypto;

/// <summary>
/// The lines of the Miller loop of one point of G2: they do not depend on the other point, so a key computes them once.
/// </summary>
internal sealed class G2Lines
{
    private const int LineCount = 68;

    private readonly Fp2[] coefficients = new Fp2[3 * LineCount];

    /// <summary>Computes the lines.</summary>
    /// <param name="point">A point of the subgroup other than infinity.</param>
    internal G2Lines(in Jacobian<Fp2> point)
    {
        point.ToAffine(out var x, out var y);
        var t = Jacobian<Fp2>.OfAffine(x, y);
        var at = 0;
        for (var bit = BitOperations.Log2(Curve.X) - 1; bit >= 0; bit--)
        {
            t = DoublingLine(t, ref at);
            if (((Curve.X >> bit) & 1) != 0)
            {
                t = AdditionLine(t, x, y, ref at);
            }
        }
    }

    /// <summary>Multiplies by line number <paramref name="line" /> at a point of G1.</summary>
    internal Fp12 Times(in Fp12 f, int line, in Fp x, in Fp y) => f.TimesLine(
        coefficients[3 * line], coefficients[(3 * line) + 1] * x, coefficients[(3 * line) + 2] * y);

    private Jacobian<Fp2> DoublingLine(in Jacobian<Fp2> t, ref int at)
    {
        var doubled = t.Double();
        var xx3 = t.X.Square().Double() + t.X.Square();
        var zz = t.Z.Square();
        coefficients[at++] = (xx3 * t.X) - t.Y.Square().Double();
        coefficients[at++] = -(xx3 * zz);
        coefficients[at++] = doubled.Z * zz;
        return doubled;
    }

    private Jacobian<Fp2> AdditionLine(in Jacobian<Fp2> t, in Fp2 x, in Fp2 y, ref int at)
    {
        var sum = t.Add(Jacobian<Fp2>.OfAffine(x, y));
        var r = (y * t.Z * t.Z.Square()) - t.Y;
        coefficients[at++] = (r * x) - (y * sum.Z);
        coefficients[at++] = -r;
        coefficients[at++] = sum.Z;
        return sum;
    }
}
