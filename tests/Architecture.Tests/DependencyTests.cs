namespace Decent.Architecture.Tests;

/// <summary>Which project may know which.</summary>
public sealed class DependencyTests
{
    private static readonly Dictionary<string, int> Levels = new(StringComparer.Ordinal)
    {
        ["Candid"] = 0,
        ["Postgres"] = 0,
        ["Candid.Generator"] = 0,
        ["Canister.Client"] = 1,
        ["Ledger"] = 2,
        ["Replica"] = 2,
        ["PriceOracle"] = 3,
        ["Payments"] = 4,
        ["AdminConsole"] = 5,
        ["Api"] = 6,
        ["Sandbox"] = 7,
    };

    [Fact]
    public void Every_project_of_src_has_a_level()
    {
        var projects = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(Path.GetFileName)
            .Where(p => File.Exists(Path.Combine(Repository.Root, "src", p!, p + ".csproj")));

        Assert.All(projects, p => Assert.Contains(p!, Levels.Keys));
    }

    [Fact]
    public void A_project_refers_only_to_lower_levels()
    {
        foreach (var (project, level) in Levels.Where(l => Directory.Exists(Path.Combine(Repository.Root, "src", l.Key))))
        {
            Assert.All(Repository.References(project), r => Assert.True(Levels[r] < level, $"{project} refers to {r}."));
        }
    }

    [Fact]
    public void The_oracle_knows_money_and_nothing_else_of_the_ledger() => Assert.All(
        Repository.Files("src/PriceOracle", ".cs"),
        f => Assert.False(f.Text.Contains("Decent.Ledger.", StringComparison.Ordinal), $"{f.Path} reads more than money."));

    [Fact]
    public void The_books_and_the_oracle_do_not_know_each_other_or_the_replica()
    {
        Assert.DoesNotContain("PriceOracle", Repository.References("Ledger"));
        Assert.DoesNotContain("Replica", Repository.References("Payments"));
        Assert.DoesNotContain("Replica", Repository.References("Api"));
    }

    [Theory]
    [InlineData("Stripe", "src/Payments/Providers/Stripe/")]
    [InlineData("Quartz", "src/Api/Jobs/", "src/Api/Composition/")]
    [InlineData("MudBlazor", "src/AdminConsole/")]
    [InlineData("Org.BouncyCastle", "src/Canister.Client/")]
    public void A_library_stays_in_its_place(string library, params string[] places)
    {
        var users = Repository.Files("src", ".cs")
            .Where(f => f.Text.Contains($"using {library};", StringComparison.Ordinal)
                || f.Text.Contains($"using {library}.", StringComparison.Ordinal))
            .Select(f => f.Path)
            .ToList();

        Assert.NotEmpty(users);
        Assert.All(users, u => Assert.Contains(places, p => u.StartsWith(p, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("src/Ledger/Money")]
    [InlineData("src/Ledger/Journal")]
    [InlineData("src/PriceOracle/Aggregation")]
    [InlineData("src/Payments/Facts")]
    public void A_pure_folder_knows_no_database_no_network_and_no_clock(string folder)
    {
        var files = Repository.Files(folder, ".cs").ToList();

        Assert.NotEmpty(files);
        foreach (var (path, text) in files)
        {
            var code = Repository.CodeOnly(text);
            foreach (var word in new[] { "Npgsql", "Dapper", "HttpClient", "TimeProvider" })
            {
                Assert.False(code.Contains(word, StringComparison.Ordinal), $"{path} uses {word}.");
            }
        }
    }

    [Fact]
    public void The_console_speaks_no_SQL()
    {
        Assert.All(
            Repository.Files("src/AdminConsole", ".cs").Concat(Repository.Files("src/AdminConsole", ".razor")),
            f => Assert.False(
                f.Text.Contains("Npgsql", StringComparison.Ordinal) || f.Text.Contains("Dapper", StringComparison.Ordinal), f.Path));
    }
}
