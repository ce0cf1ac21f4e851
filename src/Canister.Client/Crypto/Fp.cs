using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Decent.Canister.Client.Crypto;

/// <summary>
/// An element of the base field of BLS12-381: six 64-bit limbs, least significant first, in Montgomery form (value
/// times 2^384), always below the modulus. Not constant in time: it serves verification and test keys.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
[SuppressMessage("Performance", "CA1815", Justification = "Compared with Same.")]
internal readonly partial struct Fp : IField<Fp>
{
    internal const int Limbs = 6;

    // The modulus.
    private const ulong P0 = 0xb9feffffffffaaab;
    private const ulong P1 = 0x1eabfffeb153ffff;
    private const ulong P2 = 0x6730d2a0f6b0f624;
    private const ulong P3 = 0x64774b84f38512bf;
    private const ulong P4 = 0x4b1ba7b6434bacd7;
    private const ulong P5 = 0x1a0111ea397fe69a;

    // Minus the inverse of the modulus, modulo 2^64.
    private const ulong Reduction = 0x89f3fffcfffcfffd;

    private readonly ulong l0;
    private readonly ulong l1;
    private readonly ulong l2;
    private readonly ulong l3;
    private readonly ulong l4;
    private readonly ulong l5;

    internal Fp(ulong l0, ulong l1, ulong l2, ulong l3, ulong l4, ulong l5)
    {
        this.l0 = l0;
        this.l1 = l1;
        this.l2 = l2;
        this.l3 = l3;
        this.l4 = l4;
        this.l5 = l5;
    }

    public static Fp Zero => default;

    public static Fp One { get; } = new(
        0x760900000002fffd, 0xebf4000bc40c0002, 0x5f48985753c758ba,
        0x77ce585370525745, 0x5c071a97a256ec6d, 0x15f65ec3fa80e493);

    public bool IsZero => (l0 | l1 | l2 | l3 | l4 | l5) == 0;

    public static Fp operator +(in Fp a, in Fp b)
    {
        ulong carry = 0;
        var r0 = AddCarry(a.l0, b.l0, ref carry);
        var r1 = AddCarry(a.l1, b.l1, ref carry);
        var r2 = AddCarry(a.l2, b.l2, ref carry);
        var r3 = AddCarry(a.l3, b.l3, ref carry);
        var r4 = AddCarry(a.l4, b.l4, ref carry);
        var r5 = AddCarry(a.l5, b.l5, ref carry);

        // The modulus leaves three bits free, so the sum of two elements never carries out.
        return ReduceOnce(r0, r1, r2, r3, r4, r5);
    }

    public static Fp operator -(in Fp a, in Fp b)
    {
        ulong borrow = 0;
        var r0 = SubtractBorrow(a.l0, b.l0, ref borrow);
        var r1 = SubtractBorrow(a.l1, b.l1, ref borrow);
        var r2 = SubtractBorrow(a.l2, b.l2, ref borrow);
        var r3 = SubtractBorrow(a.l3, b.l3, ref borrow);
        var r4 = SubtractBorrow(a.l4, b.l4, ref borrow);
        var r5 = SubtractBorrow(a.l5, b.l5, ref borrow);
        var mask = unchecked(0 - borrow);
        ulong carry = 0;
        return new Fp(
            AddCarry(r0, P0 & mask, ref carry),
            AddCarry(r1, P1 & mask, ref carry),
            AddCarry(r2, P2 & mask, ref carry),
            AddCarry(r3, P3 & mask, ref carry),
            AddCarry(r4, P4 & mask, ref carry),
            AddCarry(r5, P5 & mask, ref carry));
    }

    public static Fp operator -(in Fp a) => default(Fp) - a;

    /// <summary>
    /// Montgomery product, one row of the schoolbook product and one step of the reduction at a time. The loop over the
    /// rows is kept on purpose: unrolled, the compiler runs out of registers and is three times slower.
    /// </summary>
    public static Fp operator *(in Fp a, in Fp b)
    {
        ulong t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0, t5 = 0;
        ref var row = ref Unsafe.AsRef(in b.l0);
        for (var i = 0; i < Limbs; i++)
        {
            var factor = Unsafe.Add(ref row, i);
            var carry = MultiplyAdd(a.l0, factor, t0, 0, out var low);
            var m = unchecked(low * Reduction);
            var reduced = MultiplyAdd(m, P0, low, 0, out _);
            carry = MultiplyAdd(a.l1, factor, t1, carry, out low);
            reduced = MultiplyAdd(m, P1, low, reduced, out t0);
            carry = MultiplyAdd(a.l2, factor, t2, carry, out low);
            reduced = MultiplyAdd(m, P2, low, reduced, out t1);
            carry = MultiplyAdd(a.l3, factor, t3, carry, out low);
            reduced = MultiplyAdd(m, P3, low, reduced, out t2);
            carry = MultiplyAdd(a.l4, factor, t4, carry, out low);
            reduced = MultiplyAdd(m, P4, low, reduced, out t3);
            carry = MultiplyAdd(a.l5, factor, t5, carry, out low);
            reduced = MultiplyAdd(m, P5, low, reduced, out t4);
            t5 = unchecked(carry + reduced);
        }

        return ReduceOnce(t0, t1, t2, t3, t4, t5);
    }

    public Fp Square() => this * this;

    public Fp Double() => this + this;

    public bool Same(in Fp other) =>
        ((l0 ^ other.l0) | (l1 ^ other.l1) | (l2 ^ other.l2)
         | (l3 ^ other.l3) | (l4 ^ other.l4) | (l5 ^ other.l5)) == 0;

    /// <summary>The value itself, out of Montgomery form.</summary>
    internal Fp Plain() => this * new Fp(1, 0, 0, 0, 0, 0);

    /// <summary>The parity of the value.</summary>
    internal bool IsOdd() => (Plain().l0 & 1) != 0;

    /// <summary>Whether the value is larger than its negative.</summary>
    internal bool IsLarge()
    {
        var plain = Plain();
        ulong borrow = 0;
        SubtractBorrow(0xdcff7fffffffd555, plain.l0, ref borrow);
        SubtractBorrow(0x0f55ffff58a9ffff, plain.l1, ref borrow);
        SubtractBorrow(0xb39869507b587b12, plain.l2, ref borrow);
        SubtractBorrow(0xb23ba5c279c2895f, plain.l3, ref borrow);
        SubtractBorrow(0x258dd3db21a5d66b, plain.l4, ref borrow);
        SubtractBorrow(0x0d0088f51cbff34d, plain.l5, ref borrow);
        return borrow != 0;
    }

    private ulong Limb(int index) => Unsafe.Add(ref Unsafe.AsRef(in l0), index);

    private bool IsBelowModulus()
    {
        ulong borrow = 0;
        SubtractBorrow(l0, P0, ref borrow);
        SubtractBorrow(l1, P1, ref borrow);
        SubtractBorrow(l2, P2, ref borrow);
        SubtractBorrow(l3, P3, ref borrow);
        SubtractBorrow(l4, P4, ref borrow);
        SubtractBorrow(l5, P5, ref borrow);
        return borrow != 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Fp ReduceOnce(ulong r0, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        ulong borrow = 0;
        var s0 = SubtractBorrow(r0, P0, ref borrow);
        var s1 = SubtractBorrow(r1, P1, ref borrow);
        var s2 = SubtractBorrow(r2, P2, ref borrow);
        var s3 = SubtractBorrow(r3, P3, ref borrow);
        var s4 = SubtractBorrow(r4, P4, ref borrow);
        var s5 = SubtractBorrow(r5, P5, ref borrow);
        return borrow != 0 ? new Fp(r0, r1, r2, r3, r4, r5) : new Fp(s0, s1, s2, s3, s4, s5);
    }

    /// <summary>a·b + c + d, which always fits in 128 bits; returns the high half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong MultiplyAdd(ulong a, ulong b, ulong c, ulong d, out ulong low)
    {
        unchecked
        {
            ulong high;
            ulong sum;
            if (Bmi2.X64.IsSupported)
            {
                high = Bmi2.X64.MultiplyNoFlags(a, b);
                sum = a * b;
            }
            else
            {
                high = Math.BigMul(a, b, out sum);
            }

            sum += c;
            high += sum < c ? 1UL : 0UL;
            sum += d;
            high += sum < d ? 1UL : 0UL;
            low = sum;
            return high;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong AddCarry(ulong a, ulong b, ref ulong carry)
    {
        unchecked
        {
            var sum = a + b;
            var result = sum + carry;
            carry = (sum < a ? 1UL : 0UL) + (result < sum ? 1UL : 0UL);
            return result;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong SubtractBorrow(ulong a, ulong b, ref ulong borrow)
    {
        unchecked
        {
            var difference = a - b;
            var result = difference - borrow;
            borrow = (a < b ? 1UL : 0UL) + (difference < borrow ? 1UL : 0UL);
            return result;
        }
    }
}
