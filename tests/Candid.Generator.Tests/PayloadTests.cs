using System.Security.Cryptography;
using Decent.Benchmarks.Candid;
using Decent.Clients.Payloads;

namespace Decent.Candid.Generator.Tests;

/// <summary>The messages of the benchmark, two of which other implementations encode to the same bytes.</summary>
public sealed class PayloadTests
{
    [Fact]
    public void Two_messages_are_byte_for_byte_those_of_other_implementations()
    {
        Assert.Equal(
            CandidPayloads.TransferHash, Hash(PayloadsCanister.EncodeTransferArguments(CandidPayloads.Transfer())));
        Assert.Equal(
            CandidPayloads.RecordsHash, Hash(PayloadsCanister.EncodeRecordsArguments(CandidPayloads.Records())));
    }

    [Fact]
    public void Blocks_come_back_as_they_were()
    {
        var bytes = PayloadsCanister.EncodeBlocksArguments(CandidPayloads.Blocks());
        Assert.Equal(CandidPayloads.BlocksLength, bytes.Length);
        Assert.Equal(bytes, PayloadsCanister.EncodeBlocksArguments(PayloadsCanister.DecodeBlocksArguments(bytes)));
    }

    [Fact]
    public void Writing_allocates_the_message_and_next_to_nothing_more()
    {
        var blocks = CandidPayloads.Blocks();
        PayloadsCanister.EncodeBlocksArguments(blocks);
        PayloadsCanister.EncodeBlocksArguments(blocks);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var bytes = PayloadsCanister.EncodeBlocksArguments(blocks);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, bytes.Length, bytes.Length + 1_000);
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
