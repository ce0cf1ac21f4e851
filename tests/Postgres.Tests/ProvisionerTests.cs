using Dapper;
using Decent.Testing;
using Npgsql;

namespace Decent.Postgres.Tests;

public sealed class ProvisionerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Provisioning_from_several_places_at_once_ends_with_one_database()
    {
        var cluster = await PostgresCluster.SharedAsync();
        var name = "p_" + Guid.NewGuid().ToString("n")[..12];

        var made = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            var provisioner = new Provisioner(cluster.SuperuserConnectionString);
            await provisioner.EnsureRolesAsync(null, Token);
            return await provisioner.EnsureDatabaseAsync(name, Token);
        }));

        Assert.Single(made, m => m);
    }

    [Fact]
    public async Task The_application_role_can_make_nothing()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var connection = await database.App.OpenConnectionAsync(Token);

        foreach (var sql in new[] { "create schema mine", "create table public.mine (id int)", "create temp table mine (id int)", "create role mine", "create database mine" })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(sql));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    [Fact]
    public async Task A_new_function_is_not_executable_by_everybody()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using (var owner = await database.Owner.OpenConnectionAsync(Token))
        {
            await owner.ExecuteAsync(
                "create schema shop; grant usage on schema shop to decent_app; create function shop.f() returns int language sql as 'select 1'");
        }

        await using var app = await database.App.OpenConnectionAsync(Token);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => app.ExecuteAsync("select shop.f()"));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Decent")]
    [InlineData("1decent")]
    [InlineData("decent; drop database postgres")]
    public async Task A_name_that_needs_quoting_is_refused(string name)
    {
        var provisioner = new Provisioner("Host=127.0.0.1;Port=1");

        await Assert.ThrowsAsync<ArgumentException>(() => provisioner.EnsureDatabaseAsync(name, Token));
    }
}
