using Decent.Api;

namespace Decent.Architecture.Tests;

/// <summary>The scheduler's tables are ours to migrate; an upgrade of the package must not change them unseen.</summary>
public sealed class SchedulerSchemaTests
{
    [Fact]
    public void The_migration_has_every_statement_of_the_package()
    {
        using var stream = typeof(Quartz.IJob).Assembly.GetManifestResourceStream("Quartz.Impl.AdoJobStore.Schema.create_postgres.sql");
        Assert.NotNull(stream);
        using var reader = new StreamReader(stream);
        var package = Statements(reader.ReadToEnd().Replace("{0}", "quartz.qrtz_", StringComparison.Ordinal)
            .Replace("{1}", "qrtz_", StringComparison.Ordinal));
        using var own = typeof(ApiHost).Assembly.GetManifestResourceStream("quartz/0001_quartz_4_7.sql");
        Assert.NotNull(own);
        using var ownReader = new StreamReader(own);
        var migration = Statements(ownReader.ReadToEnd());

        Assert.NotEmpty(package);
        Assert.All(package, s => Assert.Contains(s, migration));
    }

    private static List<string> Statements(string script) =>
        [.. string.Join('\n', script.Split('\n').Where(l => !l.TrimStart().StartsWith("--", StringComparison.Ordinal)))
            .Split(';')
            .Select(s => string.Join(' ', s.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))
            .Where(s => s.Length > 0)];
}
