using Decent.Testing;
using Xunit.Sdk;

namespace Decent.Candid.Tests.Fuzz;

/// <summary>The campaign itself must notice what it looks for.</summary>
public sealed class FuzzingTests
{
    private static readonly byte[][] Originals = [[1, 2, 3, 4, 5, 6, 7, 8]];

    [Fact]
    public void An_error_that_is_not_the_readers_own_is_reported_with_what_repeats_it()
    {
        var report = Assert.ThrowsAny<XunitException>(() => Campaign().Run(
            1_000, 1_000, static (origin, bytes) => _ = bytes.Length == 8 ? bytes.Length : bytes[100_000]));
        Assert.Contains(Fuzzing.SeedVariable, report.Message, StringComparison.Ordinal);
        Assert.Contains(Fuzzing.InputVariable, report.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(IndexOutOfRangeException), report.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_that_costs_more_than_its_length_allows_is_reported() =>
        Assert.Contains("bytes allocated", Assert.ThrowsAny<XunitException>(() => Campaign().Run(
            10, 10, static (origin, bytes) => GC.KeepAlive(new byte[50_000_000]))).Message, StringComparison.Ordinal);

    [Fact]
    public void The_readers_own_errors_are_what_is_expected() => Campaign().Run(
        100, 100, static (origin, bytes) => throw new FormatException());

    private static Fuzzing Campaign() => new("nothing", Originals, static e => e is FormatException);
}
