using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Decent.Testing;

namespace Decent.Architecture.Tests.Conformance;

/// <summary>
/// Every published case, run against the public and inner parts of the client, and the report of it in
/// <c>docs/conformance.md</c>.
/// </summary>
public sealed class ConformanceTests
{
    private const string Report = "docs/conformance.md";
    private const string RewriteVariable = "DECENT_WRITE_APPROVED";

    private static readonly Lazy<ConformanceRun> All = new(RunAll);

    [Fact]
    public void Every_published_case_passes()
    {
        Assert.NotEmpty(All.Value.Sections);
        var faults = All.Value.Sections.SelectMany(static s => s.Faults).ToList();
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void No_section_of_a_vector_file_is_left_out()
    {
        foreach (var file in All.Value.Sections.Where(static s => s.File.EndsWith(".json", StringComparison.Ordinal))
                     .GroupBy(static s => s.File, StringComparer.Ordinal))
        {
            var run = file.Select(static s => s.Section.Split(':')[0]).ToHashSet(StringComparer.Ordinal);
            var there = Vector.File(file.Key).EnumerateObject()
                .Where(static p => p.Value.ValueKind == JsonValueKind.Array)
                .Select(static p => p.Name);
            Assert.All(there, section => Assert.Contains(section, run));
            Assert.All(file, static s => Assert.True(s.Cases > 0, $"{s.File}, {s.Section} has no cases"));
        }
    }

    /// <summary>
    /// The report names each file's digest, so that a machine with more of the published data than ours is told apart
    /// from a report that is out of date.
    /// </summary>
    [Fact]
    public void The_report_says_what_was_run()
    {
        var path = Path.Combine(Repository.Root, Report);
        var rows = Rows();
        if (Environment.GetEnvironmentVariable(RewriteVariable) == "1")
        {
            File.WriteAllText(path, Write(rows));
            return;
        }

        var written = File.ReadAllText(path);
        var known = rows.Where(r => written.Contains(r.Digest, StringComparison.Ordinal)).ToList();
        if (known.Count == rows.Count)
        {
            Assert.Equal(Write(rows), written);
        }
        else
        {
            Assert.NotEmpty(known);
            Assert.All(known, r => Assert.Contains(r.Line, written, StringComparison.Ordinal));
        }
    }

    private static ConformanceRun RunAll()
    {
        var report = new ConformanceRun();
        CandidVectors.Run(report);
        RequestVectors.Run(report);
        CertificateVectors.Run(report);
        IdentityVectors.Run(report);
        LedgerVectors.Run(report);
        return report;
    }

    private static List<(string Digest, int Cases, int Passed, string Line)> Rows() =>
    [
        .. All.Value.Sections.Select(static s =>
        {
            var digest = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Vectors.Path(s.File))))[..12];
            var passed = s.Cases - s.Faults.Count;
            return (digest, s.Cases, passed, string.Create(
                CultureInfo.InvariantCulture, $"| {s.File} | {s.Section} | {s.Cases} | {passed} | `{digest}` |"));
        }),
    ];

    private static string Write(List<(string Digest, int Cases, int Passed, string Line)> rows)
    {
        var text = new StringBuilder();
        text.Append(
            """
            # Conformance

            What the client passes of the published test vectors: each row is a section of a file, counted while its cases
            ran. The digest is the first six bytes of the file's SHA-256. A test compares this page with a fresh run;
            `DECENT_WRITE_APPROVED=1 ./decent test Architecture.Tests` writes it anew.

            | file | section | cases | passed | digest |
            |---|---|---:|---:|---|

            """);
        foreach (var row in rows)
        {
            text.Append(row.Line).Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $"| **all** | | **{rows.Sum(static r => r.Cases)}** ");
        text.Append(CultureInfo.InvariantCulture, $"| **{rows.Sum(static r => r.Passed)}** | |\n");
        return text.ToString();
    }
}
