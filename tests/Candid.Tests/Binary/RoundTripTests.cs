using System.Numerics;
using CsCheck;
using Decent.Testing;

namespace Decent.Candid.Tests.Binary;

public sealed class RoundTripTests
{
    private static readonly int Count = Deep.Count(400);

    [Fact]
    public void Any_value_comes_back_from_its_bytes() => RandomCandid.Typed.Sample(
        one =>
        {
            var bytes = CandidArg.Of(one).Encode();
            Assert.Equal(one.Value, CandidArg.Decode(bytes, one.Type)[0]);
            Assert.Equal(one.Value, CandidArg.Decode(bytes)[0]);
            Assert.True(CandidTypes.AreEqual(one.Type, CandidArg.Decode(bytes).Types[0]));
            Assert.Empty(CandidArg.Decode(bytes, []).Values);
            return true;
        },
        iter: Count);

    [Fact]
    public void Any_value_comes_back_from_its_text() => RandomCandid.Typed.Sample(
        one => CandidText.Parse(CandidText.Print(one.Value), one.Type).Equals(one.Value), iter: Count);

    [Fact]
    public void A_value_fits_every_supertype() => RandomCandid.AnyType
        .SelectMany(t => Gen.Select(Gen.Const(t), RandomCandid.Supertype(t), RandomCandid.ValueOf(t, 0)))
        .Sample(
            (type, wider, value) =>
            {
                Assert.True(CandidTypes.IsSubtype(type, wider, out var why), why);
                var bytes = CandidArg.Of((type, value)).Encode();
                var seen = CandidArg.Decode(bytes, wider)[0];
                CandidArg.Decode(CandidArg.Of((wider, seen)).Encode(), wider);
                return true;
            },
            iter: Count);

    [Fact]
    public void Anything_reads_at_an_option_and_at_reserved() => Gen.Select(RandomCandid.Typed, RandomCandid.AnyType)
        .Sample(
            (one, expected) =>
            {
                var bytes = CandidArg.Of(one, (CandidType.Nat8, new CandidValue.Nat8(9))).Encode();
                var read = CandidArg.Decode(bytes, CandidType.Opt(expected), CandidType.Nat8);
                Assert.Equal(9, read[1].AsNat());
                Assert.IsType<CandidValue.Opt>(read[0]);
                CandidArg.Decode(bytes, CandidType.Reserved, CandidType.Nat8);
                return true;
            },
            iter: Count);

    [Fact]
    public void What_is_no_option_reads_there_as_it_reads_alone() => Gen
        .Select(RandomCandid.Typed, RandomCandid.AnyType)
        .Where((one, expected) =>
            one.Type.Kind is not (CandidKind.Opt or CandidKind.Null or CandidKind.Reserved)
            && expected.Kind is not (CandidKind.Opt or CandidKind.Reserved))
        .Sample(
            (one, expected) =>
            {
                var bytes = CandidArg.Of(one).Encode();
                CandidValue? alone = null;
                try
                {
                    alone = CandidArg.Decode(bytes, expected)[0];
                }
                catch (CandidDecodeException)
                {
                    // Does not fit, so that the option must be absent.
                }

                Assert.Equal(CandidValue.Optional(alone), CandidArg.Decode(bytes, CandidType.Opt(expected))[0]);
                return true;
            },
            iter: Count);

    [Fact]
    public void Numbers_of_any_size_come_back_in_their_shortest_form()
    {
        RandomCandid.AnyNat.Sample(
            value =>
            {
                var bytes = Leb128.Unsigned(value);
                Assert.True(Leb128.TryReadUnsigned(bytes, out var back, out var length));
                Assert.Equal(Math.Max(1, (value.GetBitLength() + 6) / 7), bytes.Length);
                return back == value && length == bytes.Length;
            },
            iter: Count);
        RandomCandid.AnyInt.Sample(
            value =>
            {
                var bytes = Leb128.Signed(value);
                Assert.True(Leb128.TryReadSigned(bytes, out var back, out var length));
                Assert.Equal((value.GetBitLength() + 7) / 7, bytes.Length);
                return back == value && length == bytes.Length;
            },
            iter: Count);
    }

    [Theory]
    [InlineData("0", "00", "00")]
    [InlineData("127", "7f", "ff00")]
    [InlineData("128", "8001", "8001")]
    [InlineData("624485", "e58e26", "e58e26")]
    [InlineData("18446744073709551615", "ffffffffffffffffff01", "ffffffffffffffffff01")]
    [InlineData("18446744073709551616", "80808080808080808002", "80808080808080808002")]
    public void Leb128_has_the_known_bytes(string value, string unsigned, string signed)
    {
        Assert.Equal(unsigned, Convert.ToHexStringLower(Leb128.Unsigned(BigInteger.Parse(value))));
        Assert.Equal(signed, Convert.ToHexStringLower(Leb128.Signed(BigInteger.Parse(value))));
    }

    [Theory]
    [InlineData("-1", "7f")]
    [InlineData("-64", "40")]
    [InlineData("-65", "bf7f")]
    [InlineData("-123456", "c0bb78")]
    [InlineData("-9223372036854775808", "8080808080808080807f")]
    [InlineData("-9223372036854775809", "ffffffffffffffffff7e")]
    public void Negative_leb128_has_the_known_bytes(string value, string signed) =>
        Assert.Equal(signed, Convert.ToHexStringLower(Leb128.Signed(BigInteger.Parse(value))));
}
