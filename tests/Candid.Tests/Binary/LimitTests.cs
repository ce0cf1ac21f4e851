using System.Buffers;
using System.Diagnostics;

namespace Decent.Candid.Tests.Binary;

public sealed class LimitTests
{
    /// <summary>Small messages that unfold to far more than they weigh. Each is a header and a vector length.</summary>
    public static TheoryData<string, string> Bombs => new()
    {
        { "a vector of nulls", "4449444c016d7f0100" + "8094ebdc03" },
        { "a vector of reserved", "4449444c016d700100" + "8094ebdc03" },
        { "a vector of empty records", "4449444c026d016c000100" + "8094ebdc03" },
        { "a length beyond 64 bits", "4449444c016d7f0100" + "ffffffffffffffffffff01" },
        { "the greatest length", "4449444c016d7f0100" + "ffffffffffffffffff01" },
        {
            "vectors of vectors of nulls",
            "4449444c026d016d7f0100" + "05" + string.Concat(Enumerable.Repeat("80b518", 5))
        },
        {
            "wide records of wide empty records",
            "4449444c046c08" + Fields(8, 1) + "6c08" + Fields(8, 2) + "6c08" + Fields(8, 0x7f)
                + "6d00" + "0103" + "80f107"
        },
        { "text of four gigabytes", "4449444c000171" + "ffffffff0f" },
        { "blob of four gigabytes", "4449444c016d7b0100" + "ffffffff0f" },
        { "numbers that are not there", "4449444c016d780100" + "8080808001" },
        { "options that are not there", "4449444c026d016e7c0100" + "ffffffff07" },
        { "a type table of a billion entries", "4449444c" + "8094ebdc03" },
        { "a record of a billion fields", "4449444c016c" + "8094ebdc03" },
        { "a function of a billion arguments", "4449444c016a" + "8094ebdc03" },
        { "a recursive record without end", "4449444c016c0100000100" },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void A_small_message_cannot_ask_for_much(string what, string hex)
    {
        var bytes = Convert.FromHexString(hex);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        Assert.Throws<CandidDecodeException>(() => CandidArg.Decode(bytes));
        Assert.Throws<CandidDecodeException>(() => CandidArg.Decode(bytes, []));
        Assert.Throws<CandidDecodeException>(() => CandidArg.Decode(bytes, CandidType.Reserved));
        Assert.Throws<CandidDecodeException>(
            () => CandidArg.Decode(bytes, CandidType.Opt(CandidType.Vec(CandidType.Opt(CandidType.Nat)))));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 150_000_000, what);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), what);
    }

    [Fact]
    public void A_thousand_values_without_size_are_fine() =>
        Assert.Equal(1000, CandidArg.Decode(Convert.FromHexString("4449444c016d7f0100e807"))[0].AsVec().Count);

    [Fact]
    public void Values_without_size_are_counted_over_the_whole_message()
    {
        // Two vectors of 1000 nulls.
        var bytes = Convert.FromHexString("4449444c016d7f020000e807e807");
        var types = new[] { CandidType.Vec(CandidType.Null), CandidType.Vec(CandidType.Null) };
        CandidArg.Decode(bytes, types, new CandidLimits { MaxZeroSizedElements = 2000 });
        Assert.Contains("without size", Assert.Throws<CandidDecodeException>(
            () => CandidArg.Decode(bytes, types, new CandidLimits { MaxZeroSizedElements = 1999 })).Message);
    }

    [Fact]
    public void Nesting_has_an_end_and_the_stack_survives()
    {
        var list = CandidType.Rec(CandidType.Opt);
        var output = new ArrayBufferWriter<byte>();
        var writer = new CandidWriter(output);
        writer.WriteBytes(Convert.FromHexString("4449444c016e000100"));
        writer.WriteBytes(Enumerable.Repeat((byte)1, 1_000_000).ToArray());
        writer.WriteByte(0);
        var bytes = output.WrittenSpan.ToArray();
        Assert.Contains("nested deeper", Assert.Throws<CandidDecodeException>(() => CandidArg.Decode(bytes)).Message);
        Assert.Throws<CandidDecodeException>(() => CandidArg.Decode(bytes, list));
        Assert.Throws<CandidDecodeException>(() => CandidArg.Decode(bytes, []));
    }

    [Fact]
    public void A_type_table_of_thousands_of_nested_types_reads()
    {
        // opt opt opt … as types, one value: absent.
        var output = new ArrayBufferWriter<byte>();
        var writer = new CandidWriter(output);
        writer.WriteBytes("DIDL"u8);
        writer.WriteLeb64(9_999);
        for (var i = 0; i < 9_998; i++)
        {
            writer.WriteSleb64(-18);
            writer.WriteSleb64(i + 1);
        }

        writer.WriteBytes([0x6e, 0x7d, 0x01, 0x00, 0x00]);
        var read = CandidArg.Decode(output.WrittenSpan);
        Assert.Equal(CandidValue.None, read[0]);
        Assert.True(read.Types[0].ToString().Length < 200_000);
        Assert.True(CandidTypes.AreEqual(read.Types[0], CandidArg.Decode(output.WrittenSpan).Types[0]));
        Assert.Throws<CandidDecodeException>(
            () => CandidArg.Decode(output.WrittenSpan.ToArray(), [], new CandidLimits { MaxTypes = 9_000 }));
    }

    [Fact]
    public void Work_is_limited_also_while_an_option_is_tried_again_and_again()
    {
        // vec record { opt … opt variant { unexpected } }: every level fails and is passed over again.
        var wire = CandidType.Variant(("New", CandidType.Nat));
        var expected = CandidType.Variant(("Old", CandidType.Nat));
        CandidValue value = new CandidValue.Variant("New", new CandidValue.Nat(1));
        for (var i = 0; i < 200; i++)
        {
            wire = CandidType.Tuple(CandidType.Opt(wire), CandidType.Nat);
            expected = CandidType.Tuple(CandidType.Opt(expected), CandidType.Text);
            value = CandidValue.Tuple(CandidValue.Some(value), new CandidValue.Nat(1));
        }

        var values = new CandidValue.Vec([.. Enumerable.Repeat(value, 500)]);
        var bytes = CandidArg.Of((CandidType.Vec(wire), values)).Encode();
        var watch = Stopwatch.StartNew();
        Assert.Contains("work", Assert.Throws<CandidDecodeException>(
            () => CandidArg.Decode(bytes, CandidType.Vec(CandidType.Opt(expected)))).Message);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10));
        Assert.Equal(500, CandidArg.Decode(bytes)[0].AsVec().Count);
    }

    [Fact]
    public void A_message_that_is_too_large_is_not_read() => Assert.Throws<CandidDecodeException>(
        () => CandidArg.Decode(new byte[101], new CandidLimits { MaxMessageBytes = 100 }));

    private static string Fields(int count, int type) =>
        string.Concat(Enumerable.Range(0, count).Select(i => $"{i:x2}{type:x2}"));
}
