using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Decent.Canister.Client.Crypto;

/// <summary>a + b·w with w² = v: where pairings take their values.</summary>
[StructLayout(LayoutKind.Sequential)]
[SuppressMessage("Performance", "CA1815", Justification = "Compared with Same.")]
internal readonly struct Fp12(in Fp6 a, in Fp6 b)
{
    internal readonly Fp6 A = a;
    internal readonly Fp6 B = b;

    internal static Fp12 One => new(new Fp6(Fp2.One, default, default), default);

    internal bool IsOne => Same(One);

    public static Fp12 operator *(in Fp12 x, in Fp12 y)
    {
        var aa = x.A * y.A;
        var bb = x.B * y.B;
        return new Fp12(bb.TimesV() + aa, ((x.A + x.B) * (y.A + y.B)) - aa - bb);
    }

    internal Fp12 Square()
    {
        var product = A * B;
        return new Fp12(
            ((A + B) * (A + B.TimesV())) - product - product.TimesV(),
            product + product);
    }

    /// <summary>Times a + b·v + c·v·w: the shape of a line.</summary>
    internal Fp12 TimesLine(in Fp2 a, in Fp2 b, in Fp2 c)
    {
        var aa = A.Times01(a, b);
        var bb = B.Times1(c);
        return new Fp12(bb.TimesV() + aa, (A + B).Times01(a, b + c) - aa - bb);
    }

    /// <summary>The inverse of an element of norm one.</summary>
    internal Fp12 Conjugate() => new(A, -B);

    internal Fp12 Inverse()
    {
        var scale = ((A * A) - (B * B).TimesV()).Inverse();
        return new Fp12(A * scale, -(B * scale));
    }

    /// <summary>To the power of the field's characteristic.</summary>
    internal Fp12 Frobenius() => new(
        new Fp6(
            A.A.Conjugate(),
            A.B.Conjugate() * Frobenii.Gamma(2),
            A.C.Conjugate() * Frobenii.Gamma(4)),
        new Fp6(
            B.A.Conjugate() * Frobenii.Gamma(1),
            B.B.Conjugate() * Frobenii.Gamma(3),
            B.C.Conjugate() * Frobenii.Gamma(5)));

    /// <summary>The square of an element whose order divides p⁴ − p² + 1, cheaper than <see cref="Square" />.</summary>
    internal Fp12 CyclotomicSquare()
    {
        SquareFp4(A.A, B.B, out var t0, out var t1);
        SquareFp4(B.A, A.C, out var t2, out var t3);
        SquareFp4(A.B, B.C, out var t4, out var t5);
        return new Fp12(
            new Fp6(Minus(t0, A.A), Minus(t2, A.B), Minus(t4, A.C)),
            new Fp6(Plus(t5.TimesXi(), B.A), Plus(t1, B.B), Plus(t3, B.C)));

        static Fp2 Minus(in Fp2 t, in Fp2 z) => (t - z).Double() + t;
        static Fp2 Plus(in Fp2 t, in Fp2 z) => (t + z).Double() + t;
    }

    internal bool Same(in Fp12 other) => A.Same(other.A) && B.Same(other.B);

    private static void SquareFp4(in Fp2 x, in Fp2 y, out Fp2 real, out Fp2 imaginary)
    {
        var xx = x.Square();
        var yy = y.Square();
        real = yy.TimesXi() + xx;
        imaginary = (x + y).Square() - xx - yy;
    }
}

/// <summary>Powers of (1 + u)^((p − 1)/6), by which the Frobenius map turns the coefficients of w.</summary>
internal static class Frobenii
{
    private static readonly Fp2[] Gammas = Build();

    internal static ref readonly Fp2 Gamma(int power) => ref Gammas[power];

    private static Fp2[] Build()
    {
        var gamma = new Fp2(Fp.One, Fp.One).Power(Convert.FromHexString(
            "045582fc5eeaa66f0c849bf3b5e1f223e613e1eb7deb831fe688231ad3c82906051caaaa72e3555549aa7ffffffff1c7"));
        var powers = new Fp2[6];
        powers[0] = Fp2.One;
        for (var i = 1; i < powers.Length; i++)
        {
            powers[i] = powers[i - 1] * gamma;
        }

        return powers;
    }
}
