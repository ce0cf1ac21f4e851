using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Decent.Clients.Payloads;

namespace Decent.Benchmarks.Candid;

/// <summary>
/// Encoding and decoding of three messages by generated codecs: CPU time and bytes allocated per operation, and next to
/// them the JavaScript stack when Node is there.
/// </summary>
internal sealed class CandidCodecs : IBenchmark
{
    private const double NanosecondsPerTick = 100;

    // Measured once on a machine of this kind: the C# peer and the JavaScript stack, ns; the peer, bytes per operation.
    private static readonly Dictionary<string, (double PeerNs, double JavaScriptNs, double PeerBytes)> Baselines =
        new(StringComparer.Ordinal)
        {
            ["encode.transfer"] = (14_600, 158_000, 12_300),
            ["decode.transfer"] = (24_300, 91_000, 31_400),
            ["encode.blocks1000"] = (59_900_000, 106_000_000, 30_900_000),
            ["decode.blocks1000"] = (148_000_000, 103_000_000, 63_900_000),
            ["encode.records1000"] = (3_300_000, 10_700_000, 3_000_000),
            ["decode.records1000"] = (8_000_000, 8_700_000, 9_000_000),
        };

    /// <inheritdoc />
    public string Group => "candid";

    /// <inheritdoc />
    public async IAsyncEnumerable<BenchmarkRow> RunAsync(
        Action<string> progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var work = Prepare();
        var script = await CandidJavaScript.PrepareAsync(progress, cancellationToken);
        foreach (var (name, act) in work)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress($"candid: {name}");
            var (ns, bytes) = Measure(act);
            yield return new BenchmarkRow($"candid.{name}.ns", ns, "ns/op", "generated codec, best batch by CPU time");
            yield return new BenchmarkRow($"candid.{name}.bytes", bytes, "B/op", "allocated by the thread");
            var (peerNs, javaScriptThere, peerBytes) = Baselines[name];
            yield return new BenchmarkRow(
                $"candid.{name}.bytes.ratio", peerBytes / bytes, "x", "EdjCase there / ours; aim 10");
            if (script is not null && await script.MeasureAsync(name, cancellationToken) is { } javaScript)
            {
                yield return new BenchmarkRow(
                    $"candid.{name}.javascript.ns",
                    javaScript,
                    "ns/op",
                    "@icp-sdk/core in this run, best batch by CPU time");
                yield return new BenchmarkRow(
                    $"candid.{name}.ns.ratio",
                    javaScript / ns * (peerNs / javaScriptThere),
                    "x",
                    "(JavaScript now / ours) x (EdjCase / JavaScript there); aim 20");
            }
        }
    }

    private static List<(string Name, Action Act)> Prepare()
    {
        var transfer = CandidPayloads.Transfer();
        var (blocks, records) = (CandidPayloads.Blocks(), CandidPayloads.Records());
        var a = PayloadsCanister.EncodeTransferArguments(transfer);
        var b = PayloadsCanister.EncodeBlocksArguments(blocks);
        var c = PayloadsCanister.EncodeRecordsArguments(records);
        if (Hash(a) != CandidPayloads.TransferHash || Hash(c) != CandidPayloads.RecordsHash
            || b.Length != CandidPayloads.BlocksLength)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture, $"other bytes than expected: {Hash(a)}, {b.Length} bytes, {Hash(c)}"));
        }

        return
        [
            ("encode.transfer", () => PayloadsCanister.EncodeTransferArguments(transfer)),
            ("decode.transfer", () => PayloadsCanister.DecodeTransferArguments(a)),
            ("encode.blocks1000", () => PayloadsCanister.EncodeBlocksArguments(blocks)),
            ("decode.blocks1000", () => PayloadsCanister.DecodeBlocksArguments(b)),
            ("encode.records1000", () => PayloadsCanister.EncodeRecordsArguments(records)),
            ("decode.records1000", () => PayloadsCanister.DecodeRecordsArguments(c)),
        ];
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>CPU time and allocation of one operation: the best of many batches of some 30 ms.</summary>
    private static (double Ns, double Bytes) Measure(Action act)
    {
        var perBatch = 1;
        while (Batch(act, perBatch).Ns * perBatch < 30_000_000)
        {
            perBatch *= 2;
        }

        var best = Batch(act, perBatch);
        for (var i = 0; i < 40; i++)
        {
            var one = Batch(act, perBatch);
            best = (Math.Min(best.Ns, one.Ns), Math.Min(best.Bytes, one.Bytes));
        }

        return best;
    }

    private static (double Ns, double Bytes) Batch(Action act, int count)
    {
        GC.Collect();
        var (time, bytes) = (Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread());
        for (var i = 0; i < count; i++)
        {
            act();
        }

        return (
            (Environment.CpuUsage.TotalTime - time).Ticks * NanosecondsPerTick / count,
            (double)(GC.GetAllocatedBytesForCurrentThread() - bytes) / count);
    }
}
