using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Decent.Postgres;
using Npgsql;

namespace Decent.Testing;

/// <summary>A database of its own, migrated, with the two roles the product connects as.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static readonly HashSet<string> Templates = new(StringComparer.Ordinal);
    private static readonly string Process = Guid.NewGuid().ToString("n")[..10];
    private static int _count;

    private readonly PostgresCluster _cluster;

    private TestDatabase(PostgresCluster cluster, string name)
    {
        _cluster = cluster;
        Name = name;
        OwnerConnectionString = cluster.ConnectionString(name, Provisioner.OwnerRole);
        AppConnectionString = cluster.ConnectionString(name, Provisioner.AppRole);
        SuperuserConnectionString = new NpgsqlConnectionStringBuilder(cluster.SuperuserConnectionString) { Database = name }.ConnectionString;
        Owner = NpgsqlDataSource.Create(OwnerConnectionString);
        App = NpgsqlDataSource.Create(AppConnectionString);
    }

    /// <summary>Name of the database.</summary>
    public string Name { get; }

    /// <summary>Connections as <c>decent_owner</c>, who runs migrations.</summary>
    public NpgsqlDataSource Owner { get; }

    /// <summary>Connections as <c>decent_app</c>, who the host is.</summary>
    public NpgsqlDataSource App { get; }

    /// <summary>Connection string of <see cref="Owner" />.</summary>
    public string OwnerConnectionString { get; }

    /// <summary>Connection string of <see cref="App" />.</summary>
    public string AppConnectionString { get; }

    /// <summary>Connection string of a superuser.</summary>
    public string SuperuserConnectionString { get; }

    /// <summary>
    /// Makes a database with the migrations of the modules applied; copies of a template, so the second is cheap.
    /// Without modules it is provisioned and empty.
    /// </summary>
    /// <param name="modules">Assemblies in the order of application.</param>
    public static async Task<TestDatabase> CreateAsync(params Assembly[] modules)
    {
        var cluster = await PostgresCluster.SharedAsync();
        var provisioner = new Provisioner(cluster.SuperuserConnectionString);
        await Gate.WaitAsync();
        try
        {
            string? template = null;
            if (modules.Length > 0)
            {
                template = TemplateName(modules);
                if (Templates.Add(template))
                {
                    await MakeTemplateAsync(cluster, provisioner, template, modules);
                }
            }

            var name = FormattableString.Invariant($"t_{Process}_{++_count}");
            await provisioner.EnsureDatabaseAsync(name, CancellationToken.None, template);
            return new TestDatabase(cluster, name);
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Owner.DisposeAsync();
        await App.DisposeAsync();
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(_cluster.SuperuserConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await connection.ExecuteAsync($"drop database if exists {Name} with (force)");
    }

    private static async Task MakeTemplateAsync(
        PostgresCluster cluster, Provisioner provisioner, string template, Assembly[] modules)
    {
        await provisioner.EnsureDatabaseAsync(template, CancellationToken.None);

        // Unpooled: a template that somebody is connected to cannot be copied.
        var settings = new NpgsqlConnectionStringBuilder(cluster.ConnectionString(template, Provisioner.OwnerRole)) { Pooling = false };
        await using var owner = NpgsqlDataSource.Create(settings.ConnectionString);
        await Migrator.RunAsync(owner, modules, CancellationToken.None);
    }

    private static string TemplateName(Assembly[] modules)
    {
        var names = string.Join(',', modules.Select(m => m.GetName().Name));
        return $"tpl_{Process}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(names)))[..8]}";
    }
}
