using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Decent.Testing;

/// <summary>
/// A campaign of damaged inputs against something that reads what strangers send: it may refuse an input only with its
/// own exceptions, must come back, and must not allocate more than the input's length allows.
/// </summary>
/// <remarks>
/// Every run takes a fresh seed and prints it. <c>DECENT_FUZZ_SEED</c> repeats a run, <c>DECENT_FUZZ_INPUT</c> only one
/// input of it; the report of a failure names both.
/// </remarks>
public sealed class Fuzzing
{
    /// <summary>Environment variable with the seed of a run to repeat.</summary>
    public const string SeedVariable = "DECENT_FUZZ_SEED";

    /// <summary>Environment variable with the number of the one input to repeat.</summary>
    public const string InputVariable = "DECENT_FUZZ_INPUT";

    // Far above what any input takes. It only turns a hang into a report; what bounds the work is in the readers.
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(3);

    private readonly string _subject;
    private readonly IReadOnlyList<byte[]> _originals;
    private readonly Func<Exception, bool> _isTyped;

    /// <summary>A campaign.</summary>
    /// <param name="subject">What is attacked, for reports.</param>
    /// <param name="originals">Valid inputs that are damaged.</param>
    /// <param name="isTyped">Whether an exception is one of the reader's own.</param>
    public Fuzzing(string subject, IReadOnlyList<byte[]> originals, Func<Exception, bool> isTyped)
    {
        _subject = subject;
        _originals = originals;
        _isTyped = isTyped;
    }

    /// <summary>Bytes any input may cost to read or to refuse; most of it is the trace of an exception.</summary>
    public long BaseAllocation { get; init; } = 256 * 1024;

    /// <summary>Bytes an input may cost on top for each of its own bytes.</summary>
    public long AllocationPerByte { get; init; } = 2048;

    /// <summary>Runs the campaign on this thread.</summary>
    /// <param name="usual">Inputs of the default run.</param>
    /// <param name="deep">Inputs under <c>DECENT_DEEP=1</c>.</param>
    /// <param name="read">
    /// Reads an input; the first argument is the number of the original it came from.
    /// </param>
    public void Run(int usual, int deep, Action<int, byte[]> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        var seed = Number(SeedVariable) ?? (ulong)Stopwatch.GetTimestamp();
        var only = Number(InputVariable);
        var count = Deep.IsOn ? deep : usual;
        var at = -1L;
        using var watch = new Timer(_ => GiveUpOnHang(seed, ref at), null, Hang, Hang);
        var accepted = 0L;
        long highest = 0;
        for (var input = (long)(only ?? 0); input < (only is null ? count : (long)only + 1); input++)
        {
            Volatile.Write(ref at, input);
            var (original, bytes) = Make(seed, input);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(original, bytes);
                accepted++;
            }
            catch (Exception fault) when (_isTyped(fault))
            {
                // Refused as it should be.
            }
            catch (Exception fault)
            {
                Assert.Fail($"{Name(seed, input)}: {fault}\n{Convert.ToHexString(bytes)}");
            }

            var spent = GC.GetAllocatedBytesForCurrentThread() - before;
            highest = Math.Max(highest, spent);
            if (spent > BaseAllocation + (AllocationPerByte * bytes.Length))
            {
                Assert.Fail(
                    $"{Name(seed, input)}: {spent} bytes allocated for {bytes.Length}\n{Convert.ToHexString(bytes)}");
            }
        }

        Volatile.Write(ref at, -1);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{_subject}: seed {seed}, {count} inputs, {accepted} accepted, {highest} bytes allocated at most");
    }

    private static ulong? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? ulong.Parse(text, CultureInfo.InvariantCulture)
            : null;

    private string Name(ulong seed, long input) =>
        $"{_subject}: {SeedVariable}={seed} {InputVariable}={input}";

    private (int Original, byte[] Bytes) Make(ulong seed, long input)
    {
        var dice = new Dice(unchecked((seed * 0x9E37_79B9_7F4A_7C15) ^ (ulong)input));
        var original = dice.Below(_originals.Count);
        return (original, Mutator.Damage(_originals[original], _originals[dice.Below(_originals.Count)], ref dice));
    }

    private long _lastSeen = -1;

    private void GiveUpOnHang(ulong seed, ref long at)
    {
        var now = Volatile.Read(ref at);
        if (now >= 0 && now == _lastSeen)
        {
            Environment.FailFast($"{Name(seed, now)} does not come back: {Convert.ToHexString(Make(seed, now).Bytes)}");
        }

        _lastSeen = now;
    }
}
