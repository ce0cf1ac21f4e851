using Decent.Testing;

namespace Decent.Candid.Tests.Binary;

public sealed class MutationTests
{
    [Fact]
    public void Damaged_messages_are_refused_or_read_but_nothing_else_happens()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var types = Icrc3Blocks.ResponseType;
        byte[][] originals =
        [
            Icrc3Blocks.Message(3),
            CandidArg.Of((Icrc3Blocks.TransferArg, Icrc3Blocks.Transfer)).Encode(),
            CandidArg.Of((CandidType.Vec(CandidType.Tuple(CandidType.Text, CandidType.Float64)), new CandidValue.Vec(
                [CandidValue.Tuple(new CandidValue.Text("a"), new CandidValue.Float64(1.5))]))).Encode(),
            CandidArg.Of(
                (CandidType.Service(("m", CandidType.Func([CandidType.Nat], [CandidType.Text]))),
                    new CandidValue.Service(Principal.Anonymous)),
                (CandidType.Func([], []), new CandidValue.Func(Principal.Anonymous, "x"))).Encode(),
        ];
        for (var round = 0; round < Deep.Count(5_000); round++)
        {
            var bytes = Damage(originals[round % originals.Length], random);
            try
            {
                Try(() => CandidArg.Decode(bytes));
                Try(() => CandidArg.Decode(bytes, types));
                Try(() => CandidArg.Decode(bytes, Icrc3Blocks.TransferArg));
                Try(() => CandidArg.Decode(bytes, CandidType.Opt(types), CandidType.Reserved));
            }
            catch (Exception fault) when (fault is not CandidDecodeException)
            {
                Assert.Fail($"seed {seed}, round {round}, {Convert.ToHexString(bytes)}: {fault}");
            }
        }
    }

    private static byte[] Damage(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var i = random.Next(1, 4); i > 0 && bytes.Count > 0; i--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveAt(at);
                    break;
                case 3:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }

    private static void Try(Func<CandidArg> decode)
    {
        try
        {
            var arg = decode();
            _ = arg.ToString();
            _ = string.Concat(arg.Types);
        }
        catch (CandidDecodeException fault)
        {
            Assert.True(fault.Offset >= 0);
        }
    }
}
