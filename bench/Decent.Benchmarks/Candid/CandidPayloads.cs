using Decent.Candid;
using Decent.Clients.Payloads;

namespace Decent.Benchmarks.Candid;

/// <summary>The messages that are measured. The encodings of two are known byte for byte.</summary>
internal static class CandidPayloads
{
    /// <summary>SHA-256 of the encoded transfer, 182 bytes.</summary>
    internal const string TransferHash = "0923fb0e34e6e3d3773da465c6a1bb1c94b469559cb6d50c6d258fa8dbd16a16";

    /// <summary>SHA-256 of the encoded records, 73,390 bytes.</summary>
    internal const string RecordsHash = "3b4938e38b0c2b85053c9a847a7f56d7ed59df7d8f6716d6569abf926aa630d7";

    /// <summary>
    /// Length of the encoded blocks. Their type table may be in any order, so they have no one hash; others write
    /// the one vector type twice, which takes two bytes more.
    /// </summary>
    internal const int BlocksLength = 244_056;

    private const int Many = 1_000;

    internal static TransferArg Transfer() => new(
        Bytes(32, 2),
        new Account(Principal.SelfAuthenticating(Bytes(44, 1)), null),
        123_456_789_012,
        10_000,
        Bytes(32, 3),
        1_700_000_000_000_000_000);

    internal static IReadOnlyList<Value> Blocks() => [.. Enumerable.Range(0, Many).Select(Block)];

    internal static IReadOnlyList<Entry> Records() => [.. Enumerable.Range(0, Many).Select(i => new Entry(
        Principal.SelfAuthenticating(Bytes(44, i)),
        1_000_000_000L * i,
        FormattableString.Invariant($"account number {i}"),
        i % 2 == 0 ? Bytes(32, i) : (ReadOnlyMemory<byte>?)null))];

    private static Value.Map Block(int i) => new(
    [
        ("phash", new Value.Blob(Bytes(32, i))),
        ("btype", new Value.Text("1xfer")),
        ("ts", new Value.Nat(1_700_000_000_000_000_000 + i)),
        ("fee", new Value.Nat(10_000)),
        ("tx", new Value.Map(
        [
            ("op", new Value.Text("xfer")),
            ("amt", new Value.Nat(1_000_000 + i)),
            ("from", new Value.Array([new Value.Blob(Bytes(29, i + 1))])),
            ("to", new Value.Array([new Value.Blob(Bytes(29, i + 2)), new Value.Blob(Bytes(32, i + 3))])),
            ("memo", new Value.Blob(Bytes(32, i + 4))),
        ])),
    ]);

    private static byte[] Bytes(int count, int seed) =>
        [.. Enumerable.Range(0, count).Select(i => (byte)(((i * 7) + seed) % 256))];
}
