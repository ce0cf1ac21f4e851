using System.Diagnostics;

namespace Decent.Candid.Tests.Binary;

public sealed class BlockDecodingTests
{
    [Fact]
    public void A_thousand_ledger_blocks_decode_with_lean_values()
    {
        var message = Icrc3Blocks.Message(1000);
        Assert.InRange(message.Length, 200_000, 300_000);
        var fastest = TimeSpan.MaxValue;
        long allocated = 0;
        for (var i = 0; i < 20; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var watch = Stopwatch.StartNew();
            var response = CandidArg.Decode(message, Icrc3Blocks.ResponseType)[0];
            fastest = watch.Elapsed < fastest ? watch.Elapsed : fastest;
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Equal(1000, response["blocks"].AsVec().Count);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{message.Length} bytes in {fastest.TotalMilliseconds:f2} ms, {allocated} allocated");
        Assert.InRange(allocated, 1, 20L * message.Length);
    }
}
