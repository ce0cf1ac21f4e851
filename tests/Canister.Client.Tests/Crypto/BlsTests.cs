using System.Numerics;
using System.Text;
using CsCheck;
using Decent.Canister.Client.Crypto;

namespace Decent.Canister.Client.Tests.Crypto;

public sealed class BlsTests
{
    private static readonly BigInteger Modulus = BigInteger.Parse(
        "01a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab",
        System.Globalization.NumberStyles.HexNumber);

    private static readonly Gen<Fp> Elements = Gen.OneOf(
        Gen.Byte.Array[48].Select(b => Of(new BigInteger(b, isUnsigned: true) % Modulus)),
        Gen.Int[0, 3].Select(i => Of(i)),
        Gen.Int[1, 3].Select(i => Of(Modulus - i)));

    [Fact]
    public void Field_arithmetic_is_arithmetic_modulo_the_prime() =>
        Gen.Select(Elements, Elements).Sample(
            (a, b) =>
            {
                BigInteger x = Value(a), y = Value(b);
                Assert.Equal((x + y) % Modulus, Value(a + b));
                Assert.Equal((x - y + Modulus) % Modulus, Value(a - b));
                Assert.Equal(x * y % Modulus, Value(a * b));
                Assert.Equal((Modulus - x) % Modulus, Value(-a));
                Assert.Equal(x > Modulus / 2, a.IsLarge());
                Assert.Equal(!x.IsEven, a.IsOdd());
                Assert.Equal(x == y, a.Same(b));
            },
            iter: Testing.Deep.Count(2000));

    [Fact]
    public void Inverses_and_roots_are_what_they_say() =>
        Gen.Select(Elements, Elements).Sample(
            (a, b) =>
            {
                Assert.Equal(BigInteger.ModPow(Value(a), Modulus - 2, Modulus), Value(a.Inverse()));
                Assert.True(a.Square().TryRoot(out var root) && root.Square().Same(a.Square()));
                Assert.Equal(
                    BigInteger.ModPow(Value(a), (Modulus - 1) / 2, Modulus) <= 1, a.TryRoot(out _));
                var z = new Fp2(a, b);
                Assert.True(z.Square().TryRoot(out var complex) && complex.Square().Same(z.Square()));
                Assert.True(z.IsZero || (z * z.Inverse()).Same(Fp2.One));
                Assert.False((z.IsZero ? Fp2.Zero : z.Square().TimesXi()).TryRoot(out _) && !z.IsZero);
            },
            iter: Testing.Deep.Count(60));

    [Fact]
    public void Sixty_four_bytes_are_reduced_modulo_the_prime() =>
        Gen.Byte.Array[64].Sample(
            wide => Assert.Equal(
                new BigInteger(wide, isUnsigned: true, isBigEndian: true) % Modulus, Value(Fp.Reduce(wide))),
            iter: Testing.Deep.Count(300));

    [Fact]
    public void The_tower_multiplies_inverts_and_turns_consistently() =>
        Elements.Array[24].Sample(
            e =>
            {
                var x = Twelve(e, 0);
                var y = Twelve(e, 12);
                Assert.True((x * y).Same(y * x));
                Assert.True((x * x).Same(x.Square()));
                Assert.True((x * y).Square().Same(x.Square() * y.Square()));
                Assert.True(x.IsZeroLike() || (x * x.Inverse()).IsOne);
                Assert.True((x * y).Frobenius().Same(x.Frobenius() * y.Frobenius()));
                var turned = x;
                for (var i = 0; i < 6; i++)
                {
                    turned = turned.Frobenius();
                }

                Assert.True(turned.Same(x.Conjugate()));
                if (!x.IsZeroLike())
                {
                    var unit = x.Conjugate() * x.Inverse();
                    unit = unit.Frobenius().Frobenius() * unit;
                    Assert.True(unit.CyclotomicSquare().Same(unit.Square()));
                }

                var line = new Fp12(new Fp6(y.A.A, y.A.B, default), new Fp6(default, y.B.B, default));
                Assert.True(x.TimesLine(y.A.A, y.A.B, y.B.B).Same(x * line));
            },
            iter: Testing.Deep.Count(40));

    [Fact]
    public void The_cheap_subgroup_checks_agree_with_multiplication_by_the_order()
    {
        Assert.True(G2.IsInSubgroup(G2.Generator));
        Assert.True(G2.Generator.Multiply(Curve.Order).IsInfinity);
        G2.Generator.ToAffine(out var gx, out var gy);
        Assert.True(G2.IsOnCurve(gx, gy));
        var inside = 0;
        var outside = 0;
        for (var i = 1; outside < 6; i++)
        {
            var x = Of(i);
            if (((x.Square() * x) + Of(4)).TryRoot(out var y))
            {
                Assert.True(G1.IsOnCurve(x, y));
                var point = Jacobian<Fp>.OfAffine(x, y);
                Assert.Equal(point.Multiply(Curve.Order).IsInfinity, G1.IsInSubgroup(point));
                var cleared = point.Multiply(Curve.G1Cofactor);
                Assert.True(G1.IsInSubgroup(cleared) && cleared.Multiply(Curve.Order).IsInfinity);
                inside++;
            }

            var x2 = new Fp2(Of(i), Of(1));
            var right = (x2.Square() * x2) + new Fp2(Of(4), Of(4));
            if (right.TryRoot(out var y2))
            {
                var point = Jacobian<Fp2>.OfAffine(x2, y2);
                Assert.Equal(point.Multiply(Curve.Order).IsInfinity, G2.IsInSubgroup(point));
                Assert.False(G2.TryRead(G2.Write(point), out _));
                outside++;
            }
        }

        Assert.True(inside > 0);
    }

    [Fact]
    public void Messages_hash_to_the_published_points()
    {
        foreach (var item in Json.File("bls.json").Items("hash_to_curve_g1"))
        {
            var message = item.TextOrNull("message_utf8") is { } text
                ? Encoding.UTF8.GetBytes(text)
                : item.Hex("message");
            HashToG1.Hash(message, Encoding.UTF8.GetBytes(item.Text("dst"))).ToAffine(out var x, out var y);
            Assert.Equal((item.Text("x"), item.Text("y")), (Hex(x), Hex(y)));
        }
    }

    [Fact]
    public void Signatures_are_judged_as_published()
    {
        foreach (var item in Json.File("bls.json").Items("verify"))
        {
            var accepted = BlsPublicKey.TryRead(item.Hex("public_key"), out var key)
                           && key.Verify(item.Hex("message"), item.Hex("signature"));
            Assert.Equal((item.Text("id"), item.GetProperty("expect").GetBoolean()), (item.Text("id"), accepted));
        }
    }

    [Fact]
    public void Signatures_are_made_as_published()
    {
        foreach (var item in Json.File("bls.json").Items("sign"))
        {
            var key = BlsSecretKey.FromBytes(item.Hex("secret_key"));
            Assert.Equal(item.Text("public_key"), Convert.ToHexStringLower(key.PublicKey.ToArray()));
            var signature = key.Sign(item.Hex("message"));
            Assert.Equal(item.Text("signature"), Convert.ToHexStringLower(signature));
            Assert.True(key.PublicKey.Verify(item.Hex("message"), signature));
        }
    }

    [Fact]
    public void A_signature_holds_for_its_key_and_message_alone() =>
        Gen.Select(Gen.Byte.Array[32], Gen.Byte.Array[0, 80], Gen.Byte, Gen.Int[0, 47]).Sample(
            (secret, message, flip, at) =>
            {
                secret[0] &= 0x3f;
                secret[31] |= 1;
                var key = BlsSecretKey.FromBytes(secret);
                var signature = key.Sign(message);
                Assert.True(key.PublicKey.Verify(message, signature));
                Assert.False(key.PublicKey.Verify([.. message, flip], signature));
                signature[at] ^= (byte)(flip | 1);
                Assert.False(key.PublicKey.Verify(message, signature));
                Assert.True(BlsPublicKey.TryReadDer(key.PublicKey.ToDer(), out var read));
                Assert.Equal(key.PublicKey.ToArray(), read.ToArray());
            },
            iter: Testing.Deep.Count(10));

    [Fact]
    public void A_secret_of_zero_or_above_the_order_is_refused()
    {
        Assert.Throws<IdentityFormatException>(() => BlsSecretKey.FromBytes(new byte[32]));
        Assert.Throws<IdentityFormatException>(() => BlsSecretKey.FromBytes(new byte[31]));
        Assert.Throws<IdentityFormatException>(() => BlsSecretKey.FromBytes(Curve.Order));
    }

    private static Fp12 Twelve(Fp[] e, int from)
    {
        Fp2 At(int i) => new(e[from + (2 * i)], e[from + (2 * i) + 1]);
        return new Fp12(new Fp6(At(0), At(1), At(2)), new Fp6(At(3), At(4), At(5)));
    }

    private static Fp Of(BigInteger value)
    {
        var bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        var padded = new byte[48];
        bytes.CopyTo(padded, 48 - bytes.Length);
        Assert.True(Fp.TryRead(padded, out var element));
        return element;
    }

    private static BigInteger Value(Fp element)
    {
        var bytes = new byte[48];
        element.Write(bytes);
        return new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
    }

    private static string Hex(Fp element)
    {
        var bytes = new byte[48];
        element.Write(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}

internal static class Fp12Facts
{
    internal static bool IsZeroLike(this in Fp12 x) => x.A.IsZero && x.B.IsZero;
}
