using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Decent.Canister.Client.Crypto;

/// <summary>a + b·u with u² = −1.</summary>
[StructLayout(LayoutKind.Sequential)]
[SuppressMessage("Performance", "CA1815", Justification = "Compared with Same.")]
internal readonly struct Fp2(in Fp a, in Fp b) : IField<Fp2>
{
    internal readonly Fp A = a;
    internal readonly Fp B = b;

    private static readonly Fp Half = (Fp.One + Fp.One).Inverse();

    public static Fp2 Zero => default;

    public static Fp2 One => new(Fp.One, default);

    public bool IsZero => A.IsZero && B.IsZero;

    public static Fp2 operator +(in Fp2 x, in Fp2 y) => new(x.A + y.A, x.B + y.B);

    public static Fp2 operator -(in Fp2 x, in Fp2 y) => new(x.A - y.A, x.B - y.B);

    public static Fp2 operator -(in Fp2 x) => new(-x.A, -x.B);

    public static Fp2 operator *(in Fp2 x, in Fp2 y)
    {
        var aa = x.A * y.A;
        var bb = x.B * y.B;
        var mixed = (x.A + x.B) * (y.A + y.B);
        return new Fp2(aa - bb, mixed - aa - bb);
    }

    public static Fp2 operator *(in Fp2 x, in Fp y) => new(x.A * y, x.B * y);

    public Fp2 Square()
    {
        var product = A * B;
        return new Fp2((A + B) * (A - B), product + product);
    }

    public Fp2 Double() => this + this;

    public Fp2 Inverse()
    {
        var norm = (A.Square() + B.Square()).Inverse();
        return new Fp2(A * norm, -(B * norm));
    }

    public bool Same(in Fp2 other) => A.Same(other.A) && B.Same(other.B);

    internal Fp2 Conjugate() => new(A, -B);

    /// <summary>Times 1 + u, the element from which the next extension is made.</summary>
    internal Fp2 TimesXi() => new(A - B, A + B);

    /// <summary>Whether the value is larger than its negative: by its imaginary part, then by its real part.</summary>
    internal bool IsLarge() => B.IsZero ? A.IsLarge() : B.IsLarge();

    internal Fp2 Power(ReadOnlySpan<byte> exponent)
    {
        var result = One;
        foreach (var eight in exponent)
        {
            for (var bit = 7; bit >= 0; bit--)
            {
                result = result.Square();
                if (((eight >> bit) & 1) != 0)
                {
                    result *= this;
                }
            }
        }

        return result;
    }

    /// <summary>A square root, if there is one.</summary>
    internal bool TryRoot(out Fp2 root)
    {
        root = default;
        if (!(A.Square() + B.Square()).TryRoot(out var norm))
        {
            return false;
        }

        // (s + t·u)² = A + B·u gives s² = (A ± norm) / 2 and t = B / 2s; one of the two signs is a square.
        if (!((A + norm) * Half).TryRoot(out var s) && !((A - norm) * Half).TryRoot(out s))
        {
            return false;
        }

        if (s.IsZero)
        {
            var real = (-A).TryRoot(out var t);
            root = new Fp2(default, t);
            return real && root.Square().Same(this);
        }

        root = new Fp2(s, B * Half * s.Inverse());
        return root.Square().Same(this);
    }
}
