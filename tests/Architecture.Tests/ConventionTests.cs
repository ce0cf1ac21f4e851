using System.Text.RegularExpressions;

namespace Decent.Architecture.Tests;

/// <summary>House rules that a compiler does not hold.</summary>
public sealed partial class ConventionTests
{
    private const int MaxLines = 600;

    [Fact]
    public void No_source_file_is_longer_than_600_lines()
    {
        Assert.All(
            Repository.Files("src", ".cs"),
            f => Assert.True(f.Text.Count(c => c == '\n') <= MaxLines, $"{f.Path} is too long."));
    }

    [Theory]
    [InlineData("src/Ledger")]
    [InlineData("src/Payments")]
    [InlineData("src/PriceOracle/Aggregation")]
    [InlineData("src/PriceOracle/Quotes")]
    public void Money_is_never_floating_point(string folder)
    {
        Assert.All(
            Repository.Files(folder, ".cs").Where(f => !f.Path.Contains("/Telemetry", StringComparison.Ordinal)),
            f => Assert.False(FloatingPoint().IsMatch(Repository.CodeOnly(f.Text)), $"{f.Path} uses a floating or decimal type."));
    }

    [Fact]
    public void No_SQL_asks_the_database_for_the_time()
    {
        var files = Repository.Files("src", ".cs").Concat(Repository.Files("src", ".sql"))
            .Where(f => !f.Path.Contains("quartz", StringComparison.OrdinalIgnoreCase));

        Assert.All(files, f => Assert.False(DatabaseClock().IsMatch(f.Text), $"{f.Path} asks the database for the time."));
    }

    [Fact]
    public void Migrations_are_numbered_without_repeats_within_a_module()
    {
        var modules = Repository.Files("src", ".sql").Where(f => f.Path.Contains("/Migrations/", StringComparison.Ordinal))
            .GroupBy(f => Path.GetDirectoryName(f.Path)!, StringComparer.Ordinal).ToList();

        Assert.NotEmpty(modules);
        foreach (var module in modules)
        {
            var names = module.Select(f => Path.GetFileName(f.Path)).ToList();
            Assert.All(names, n => Assert.Matches("^[0-9]{4}_[a-z0-9_]+\\.sql$", n));
            Assert.Equal(names.Count, names.Select(n => n[..4]).Distinct(StringComparer.Ordinal).Count());
        }
    }

    [Fact]
    public void Nothing_names_a_path_of_a_machine()
    {
        var files = new[] { "src", "tests", "bench", "docs", "eng", "candid" }
            .Where(d => Directory.Exists(Path.Combine(Repository.Root, d)))
            .SelectMany(d => new[] { ".cs", ".razor", ".sql", ".md", ".sh", ".json", ".did", ".js" }.SelectMany(e => Repository.Files(d, e)))
            .Where(f => !f.Path.EndsWith("ConventionTests.cs", StringComparison.Ordinal));

        Assert.All(files, f => Assert.False(MachinePath().IsMatch(f.Text), $"{f.Path} names a path of a machine."));
    }

    [GeneratedRegex(@"\b(double|float|decimal)\b|Convert\.To(Double|Decimal|Single)", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex FloatingPoint();

    [GeneratedRegex(@"\b(now|clock_timestamp|statement_timestamp|transaction_timestamp)\s*\(\s*\)|\bcurrent_timestamp\b", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 5000)]
    private static partial Regex DatabaseClock();

    [GeneratedRegex(@"(?<![A-Za-z0-9.])/(work|root|home)/[a-z]", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex MachinePath();
}
