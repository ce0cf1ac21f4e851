using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Decent.Canister.Client.Crypto;

/// <summary>A point of y² = x³ + b as x = X/Z², y = Y/Z³; Z = 0 is the point at infinity.</summary>
[StructLayout(LayoutKind.Sequential)]
[SuppressMessage("Performance", "CA1815", Justification = "Compared with Same.")]
internal readonly struct Jacobian<T>(in T x, in T y, in T z)
    where T : struct, IField<T>
{
    internal readonly T X = x;
    internal readonly T Y = y;
    internal readonly T Z = z;

    internal static Jacobian<T> Infinity => new(T.One, T.One, T.Zero);

    internal bool IsInfinity => Z.IsZero;

    internal static Jacobian<T> OfAffine(in T x, in T y) => new(x, y, T.One);

    internal Jacobian<T> Negate() => new(X, -Y, Z);

    internal Jacobian<T> Double()
    {
        var a = X.Square();
        var b = Y.Square();
        var c = b.Square();
        var d = ((X + b).Square() - a - c).Double();
        var e = a.Double() + a;
        var sumX = e.Square() - d.Double();
        return new Jacobian<T>(sumX, (e * (d - sumX)) - c.Double().Double().Double(), (Y * Z).Double());
    }

    internal Jacobian<T> Add(in Jacobian<T> other)
    {
        if (IsInfinity)
        {
            return other;
        }

        if (other.IsInfinity)
        {
            return this;
        }

        var zz = Z.Square();
        var otherZz = other.Z.Square();
        var u1 = X * otherZz;
        var s1 = Y * other.Z * otherZz;
        var h = (other.X * zz) - u1;
        var r = (other.Y * Z * zz) - s1;
        if (h.IsZero)
        {
            return r.IsZero ? Double() : Infinity;
        }

        var hh = h.Square();
        var hhh = h * hh;
        var v = u1 * hh;
        var sumX = r.Square() - hhh - v.Double();
        return new Jacobian<T>(sumX, (r * (v - sumX)) - (s1 * hhh), Z * other.Z * h);
    }

    /// <summary>Times a big-endian number.</summary>
    internal Jacobian<T> Multiply(ReadOnlySpan<byte> scalar)
    {
        var result = Infinity;
        foreach (var b in scalar)
        {
            for (var bit = 7; bit >= 0; bit--)
            {
                result = result.Double();
                if (((b >> bit) & 1) != 0)
                {
                    result = result.Add(this);
                }
            }
        }

        return result;
    }

    /// <summary>x and y; both zero for the point at infinity.</summary>
    internal void ToAffine(out T x, out T y)
    {
        var inverse = Z.Inverse();
        var square = inverse.Square();
        x = X * square;
        y = Y * square * inverse;
    }

    internal bool Same(in Jacobian<T> other)
    {
        if (IsInfinity || other.IsInfinity)
        {
            return IsInfinity == other.IsInfinity;
        }

        var zz = Z.Square();
        var otherZz = other.Z.Square();
        return (X * otherZz).Same(other.X * zz) && (Y * other.Z * otherZz).Same(other.Y * Z * zz);
    }
}
