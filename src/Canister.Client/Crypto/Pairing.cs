using System.Numerics;

namespace Decent.Canister.Client.Crypto;

/// <summary>The optimal ate pairing.</summary>
internal static class Pairing
{
    /// <summary>Whether e(p, P)·e(q, Q) = 1.</summary>
    /// <param name="px">x of p, which is not infinity.</param>
    /// <param name="py">y of p.</param>
    /// <param name="pLines">The lines of P.</param>
    /// <param name="qx">x of q, which is not infinity.</param>
    /// <param name="qy">y of q.</param>
    /// <param name="qLines">The lines of Q.</param>
    internal static bool ProductIsOne(
        in Fp px, in Fp py, G2Lines pLines, in Fp qx, in Fp qy, G2Lines qLines)
    {
        var f = Fp12.One;
        var line = 0;
        for (var bit = BitOperations.Log2(Curve.X) - 1; bit >= 0; bit--)
        {
            f = qLines.Times(pLines.Times(f.Square(), line, px, py), line, qx, qy);
            line++;
            if (((Curve.X >> bit) & 1) != 0)
            {
                f = qLines.Times(pLines.Times(f, line, px, py), line, qx, qy);
                line++;
            }
        }

        // The curve parameter is negative, which would conjugate f here; a conjugate is one only if f is.
        return FinalExponentiation(f).IsOne;
    }

    /// <summary>Three times the final exponentiation: one exactly when the pairing is, and shorter to reach.</summary>
    internal static Fp12 FinalExponentiation(in Fp12 f)
    {
        // (p⁶ − 1)(p² + 1)
        var easy = f.Conjugate() * f.Inverse();
        easy = easy.Frobenius().Frobenius() * easy;

        // 3(p⁴ − p² + 1)/r = (x − 1)²(x + p)(x² + p² − 1) + 3
        var t = PowerX(easy) * easy.Conjugate();
        t = PowerX(t) * t.Conjugate();
        t = PowerX(t) * t.Frobenius();
        t = PowerX(PowerX(t)) * t.Frobenius().Frobenius() * t.Conjugate();
        return t * easy.CyclotomicSquare() * easy;
    }

    /// <summary>To the power of the negative curve parameter, in the cyclotomic subgroup.</summary>
    private static Fp12 PowerX(in Fp12 f)
    {
        var result = f;
        for (var bit = BitOperations.Log2(Curve.X) - 1; bit >= 0; bit--)
        {
            result = result.CyclotomicSquare();
            if (((Curve.X >> bit) & 1) != 0)
            {
                result *= f;
            }
        }

        return result.Conjugate();
    }
}
