using Decent.Testing;

namespace Decent.Candid.Tests.Fuzz;

public sealed class DecoderFuzzTests
{
    // Tight, so that what a message may cost follows from its length alone.
    private static readonly CandidLimits Tight = new()
    {
        BaseWork = 500,
        WorkPerByte = 4,
        MaxZeroSizedElements = 500,
    };

    private static readonly (byte[] Message, CandidType[] Types)[] Originals = [.. Honest(), .. Hostile()];

    [Fact]
    public void A_damaged_message_is_refused_with_its_place_or_read_at_a_cost_within_its_length()
    {
        var campaign = new Fuzzing(
            "Candid decoder", [.. Originals.Select(static o => o.Message)], static e => e is CandidDecodeException);
        campaign.Run(usual: 120_000, deep: 6_000_000, static (original, bytes) =>
        {
            CandidDecodeException? refusal = null;
            try
            {
                _ = CandidArg.Decode(bytes, Tight);
            }
            catch (CandidDecodeException fault)
            {
                Assert.InRange(fault.Offset, 0, bytes.Length);
                refusal = fault;
            }

            _ = CandidArg.Decode(bytes, Originals[original].Types, Tight);
            Assert.True(refusal is null || IsLimit(refusal), "A message malformed by its own types was read at others.");
        });
    }

    [Fact]
    public void What_was_read_from_a_damaged_message_can_be_printed_and_written_and_read_again()
    {
        var campaign = new Fuzzing(
            "Candid round trip",
            [.. Originals.Select(static o => o.Message)],
            static e => e is CandidDecodeException)
        {
            BaseAllocation = 16 * 1024 * 1024,
        };
        campaign.Run(usual: 30_000, deep: 1_000_000, static (origin, bytes) =>
        {
            var arg = CandidArg.Decode(bytes, Tight);
            _ = arg.ToString();
            _ = string.Concat(arg.Types);
            if (arg.Types.Any(ContainsFuture))
            {
                return;
            }

            var written = arg.Encode();
            Assert.Equal(arg, CandidArg.Decode(written, arg.Types, CandidLimits.Default));
        });
    }

    /// <summary>Passing over a value may cost less than reading it, so only one of the two may meet a limit.</summary>
    private static bool IsLimit(CandidDecodeException refusal) =>
        refusal.Reason.Contains("too ", StringComparison.Ordinal)
        || refusal.Reason.Contains("deeper", StringComparison.Ordinal);

    /// <summary>Values of future types are passed over, so there is nothing to write.</summary>
    private static bool ContainsFuture(CandidType type) => type.ToString().Contains("future", StringComparison.Ordinal);

    private static IEnumerable<(byte[] Message, CandidType[] Types)> Honest()
    {
        yield return Of((Icrc3Blocks.ResponseType, CandidArg.Decode(Icrc3Blocks.Message(3), Icrc3Blocks.ResponseType)[0]));
        yield return Of((Icrc3Blocks.TransferArg, Icrc3Blocks.Transfer));
        yield return Of((CandidType.Vec(CandidType.Tuple(CandidType.Text, CandidType.Float64)), new CandidValue.Vec(
            [CandidValue.Tuple(new CandidValue.Text("a"), new CandidValue.Float64(1.5))])));
        yield return Of(
            (CandidType.Service(("m", CandidType.Func([CandidType.Nat], [CandidType.Text]))),
                new CandidValue.Service(Principal.Anonymous)),
            (CandidType.Func([], []), new CandidValue.Func(Principal.Anonymous, "x")));
        yield return Of(
            (CandidType.Nat, new CandidValue.Nat(System.Numerics.BigInteger.Pow(10, 40))),
            (CandidType.Int, new CandidValue.Int(-System.Numerics.BigInteger.Pow(10, 40))),
            (CandidType.Nat64, new CandidValue.Nat64(ulong.MaxValue)),
            (CandidType.Bool, CandidValue.Bool.True),
            (CandidType.Blob, new CandidValue.Blob(new byte[40])),
            (CandidType.Opt(CandidType.Opt(CandidType.Text)), CandidValue.Some(CandidValue.Some(new CandidValue.Text("é")))));
        var list = CandidType.Rec(self => CandidType.Opt(CandidType.Record(("head", CandidType.Nat), ("tail", self))));
        var value = CandidValue.None;
        for (var i = 0; i < 12; i++)
        {
            value = CandidValue.Some(new CandidValue.Record(("head", new CandidValue.Nat(i)), ("tail", value)));
        }

        yield return Of((list, value));
        static (byte[] Message, CandidType[] Types) Of(params (CandidType Type, CandidValue Value)[] values) =>
            (CandidArg.Of(values).Encode(), [.. values.Select(static v => v.Type)]);
    }

    /// <summary>Messages whose cost is not in their length: repetition of nothing, doubling, nesting, wide tables.</summary>
    private static IEnumerable<(byte[] Message, CandidType[] Types)> Hostile()
    {
        // vec null and vec vec null, a hundred million long.
        yield return (Hex("4449444c016d7f010080c2d72f"), [CandidType.Vec(CandidType.Reserved)]);
        yield return (Hex("4449444c026d016d7f01000580c2d72f"), [CandidType.Vec(CandidType.Vec(CandidType.Null))]);

        // A record of two records of two records ... of nothing: 2^30 values in no bytes.
        var doubling = new List<byte>("DIDL"u8.ToArray()) { 31 };
        for (byte i = 1; i <= 30; i++)
        {
            doubling.AddRange([0x6c, 2, 0, i, 1, i]);
        }

        yield return ([.. doubling, 0x6c, 0, 1, 0], [CandidType.Reserved]);
        yield return ([.. doubling, 0x6c, 0, 1, 0], [CandidType.Opt(CandidType.Text)]);

        // opt opt opt ... and a record that contains itself.
        yield return ([.. "DIDL"u8, 1, 0x6e, 0, 1, 0, .. Enumerable.Repeat((byte)1, 600), 0], [CandidType.Reserved]);
        yield return (Hex("4449444c016c0100000100"), [CandidType.Reserved]);

        // Expected fields that the message lacks, many times over.
        var wide = CandidType.Record([.. Enumerable.Range(0, 40).Select(
            static i => ($"field{i}", CandidType.Opt(CandidType.Text)))]);
        yield return (Hex("4449444c026d016c000100c801"), [CandidType.Vec(wide)]);
    }

    private static byte[] Hex(string text) => Convert.FromHexString(text);
}
