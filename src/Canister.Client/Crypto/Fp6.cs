using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Decent.Canister.Client.Crypto;

/// <summary>a + b·v + c·v² with v³ = 1 + u.</summary>
[StructLayout(LayoutKind.Sequential)]
[SuppressMessage("Performance", "CA1815", Justification = "Compared with Same.")]
internal readonly struct Fp6(in Fp2 a, in Fp2 b, in Fp2 c)
{
    internal readonly Fp2 A = a;
    internal readonly Fp2 B = b;
    internal readonly Fp2 C = c;

    internal bool IsZero => A.IsZero && B.IsZero && C.IsZero;

    public static Fp6 operator +(in Fp6 x, in Fp6 y) => new(x.A + y.A, x.B + y.B, x.C + y.C);

    public static Fp6 operator -(in Fp6 x, in Fp6 y) => new(x.A - y.A, x.B - y.B, x.C - y.C);

    public static Fp6 operator -(in Fp6 x) => new(-x.A, -x.B, -x.C);

    public static Fp6 operator *(in Fp6 x, in Fp6 y)
    {
        var aa = x.A * y.A;
        var bb = x.B * y.B;
        var cc = x.C * y.C;
        return new Fp6(
            (((x.B + x.C) * (y.B + y.C)) - bb - cc).TimesXi() + aa,
            ((x.A + x.B) * (y.A + y.B)) - aa - bb + cc.TimesXi(),
            ((x.A + x.C) * (y.A + y.C)) - aa - cc + bb);
    }

    internal Fp6 TimesV() => new(C.TimesXi(), A, B);

    /// <summary>Times a + b·v.</summary>
    internal Fp6 Times01(in Fp2 a, in Fp2 b)
    {
        var aa = A * a;
        var bb = B * b;
        return new Fp6(
            (((B + C) * b) - bb).TimesXi() + aa,
            ((A + B) * (a + b)) - aa - bb,
            ((A + C) * a) - aa + bb);
    }

    /// <summary>Times b·v.</summary>
    internal Fp6 Times1(in Fp2 b) => new((C * b).TimesXi(), A * b, B * b);

    internal Fp6 Inverse()
    {
        var first = A.Square() - (B * C).TimesXi();
        var second = C.Square().TimesXi() - (A * B);
        var third = B.Square() - (A * C);
        var scale = (((B * third) + (C * second)).TimesXi() + (A * first)).Inverse();
        return new Fp6(first * scale, second * scale, third * scale);
    }

    internal bool Same(in Fp6 other) => A.Same(other.A) && B.Same(other.B) && C.Same(other.C);
}
