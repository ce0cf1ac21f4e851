using Dapper;
using Decent.Testing;
using Npgsql;

namespace Decent.Postgres.Tests;

public sealed class MigratorTests : IAsyncLifetime
{
    private static readonly MigrationFile First = MigrationFile.Of("shop/0001_first", "create table public.first (id int);");
    private static readonly MigrationFile Second = MigrationFile.Of("shop/0002_second", "insert into public.first values (1);");
    private TestDatabase? _database;

    private NpgsqlDataSource Owner => _database!.Owner;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    [Fact]
    public async Task Eight_hosts_that_start_together_apply_each_file_once()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Migrator.RunAsync(Owner, [First, Second], Token)));

        Assert.Single(results, r => r.Count == 2);
        Assert.Equal(7, results.Count(r => r.Count == 0));
        Assert.Equal(1, await CountAsync("select count(*) from public.first"));
    }

    [Fact]
    public async Task A_changed_file_is_refused_by_its_name()
    {
        await Migrator.RunAsync(Owner, [First], Token);

        var changed = First with { Sha256 = Second.Sha256 };
        var refused = await Assert.ThrowsAsync<MigrationException>(() => Migrator.RunAsync(Owner, [changed, Second], Token));

        Assert.Contains("shop/0001_first", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync("select count(*) from public.first"));
    }

    [Fact]
    public async Task A_file_that_fails_leaves_nothing_of_its_neighbours()
    {
        var broken = MigrationFile.Of("shop/0002_broken", "select 1 / 0;");

        var refused = await Assert.ThrowsAsync<MigrationException>(() => Migrator.RunAsync(Owner, [First, broken], Token));

        Assert.Contains("shop/0002_broken", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync("select count(*) from pg_tables where schemaname = 'public'"));
    }

    [Fact]
    public async Task A_newer_database_is_refused()
    {
        await Migrator.RunAsync(Owner, [First, Second], Token);

        var refused = await Assert.ThrowsAsync<MigrationException>(() => Migrator.RunAsync(Owner, [First], Token));

        Assert.Contains("shop/0002_second", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Line_endings_of_a_checkout_do_not_change_a_file()
    {
        await Migrator.RunAsync(Owner, [MigrationFile.Of("shop/0001_a", "select 1;\nselect 2;\n")], Token);

        Assert.Empty(await Migrator.RunAsync(Owner, [MigrationFile.Of("shop/0001_a", "select 1;\r\nselect 2;\r\n")], Token));
    }

    [Fact]
    public async Task Pending_files_are_named_and_not_applied()
    {
        var assembly = typeof(Migrator).Assembly;

        Assert.Equal(["ops/0001_leases"], await Migrator.PendingAsync(Owner, [], Token));
        Assert.Equal(["ops/0001_leases"], await Migrator.RunAsync(Owner, [assembly], Token));
        Assert.Empty(await Migrator.PendingAsync(_database!.App, [assembly], Token));
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var connection = await Owner.OpenConnectionAsync(Token);
        return await connection.QuerySingleAsync<long>(sql);
    }
}
