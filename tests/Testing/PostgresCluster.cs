using Decent.Postgres;
using Decent.Postgres.Clusters;
using Npgsql;
using Xunit;

namespace Decent.Testing;

/// <summary>
/// The PostgreSQL of a test process: started when the first test asks for it, stopped when the assembly is done.
/// Write <c>[assembly: AssemblyFixture(typeof(PostgresCluster))]</c> once per test project.
/// </summary>
/// <remarks>
/// With <c>DECENT_TEST_PG</c> (connection string of a superuser) that server is used and left running.
/// </remarks>
public sealed class PostgresCluster : IAsyncLifetime
{
    /// <summary>Environment variable with the connection string of a superuser.</summary>
    public const string Variable = "DECENT_TEST_PG";

    private const string FolderPrefix = "decent-test-";

    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static Task<PostgresCluster>? _shared;
    private PrivateCluster? _cluster;
    private string _superuser = "";

    /// <summary>Connection string of a superuser, database <c>postgres</c>.</summary>
    public string SuperuserConnectionString => _superuser;

    /// <summary>The cluster of this process; skips the test (fails where CI=true) when PostgreSQL is not installed.</summary>
    public static async Task<PostgresCluster> SharedAsync()
    {
        await Gate.WaitAsync();
        try
        {
            _shared ??= StartAsync();
        }
        finally
        {
            Gate.Release();
        }

        try
        {
            return await _shared;
        }
        catch (ClusterException e) when (e.Fault == ClusterFault.NotInstalled)
        {
            Missing.Stop(e.Message);
            throw;
        }
    }

    /// <summary>Connection string of a role to a database.</summary>
    public string ConnectionString(string database, string role)
    {
        var settings = new NpgsqlConnectionStringBuilder(_superuser) { Database = database, Username = role };
        if (_cluster is null && role != new NpgsqlConnectionStringBuilder(_superuser).Username)
        {
            settings.Password = ForeignServerPassword;
        }

        return settings.ConnectionString;
    }

    /// <inheritdoc />
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Gate.WaitAsync();
        try
        {
            if (_shared is { IsCompletedSuccessfully: true } running)
            {
                NpgsqlConnection.ClearAllPools();
                await (await running).StopAsync();
            }

            _shared = null;
        }
        finally
        {
            Gate.Release();
        }
    }

    // Roles of a server we did not make get a password that is no secret: they only ever own throw-away databases.
    private const string ForeignServerPassword = "decent-test";

    private static async Task<PostgresCluster> StartAsync()
    {
        DapperSetup.Register();
        var shared = new PostgresCluster();
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            shared._superuser = new NpgsqlConnectionStringBuilder(given) { Database = "postgres" }.ConnectionString;
            await new Provisioner(shared._superuser).EnsureRolesAsync(
                new RolePasswords(ForeignServerPassword, ForeignServerPassword), CancellationToken.None);
            return shared;
        }

        SweepLeftovers();
        shared._cluster = await PrivateCluster.StartAsync(
            new ClusterOptions
            {
                Directory = Path.Combine(Path.GetTempPath(), FolderPrefix + Guid.NewGuid().ToString("n")[..12]),
                Durable = false,
                AskPassword = false,
            },
            CancellationToken.None);
        shared._superuser = shared._cluster.ConnectionString("postgres");
        await new Provisioner(shared._superuser).EnsureRolesAsync(null, CancellationToken.None);
        return shared;
    }

    private async Task StopAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.StopAsync(CancellationToken.None);
            Directory.Delete(_cluster.Directory, recursive: true);
        }
    }

    private static void SweepLeftovers()
    {
        // A killed test process leaves its folder; its server died with it, so nobody holds the claim any more.
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), FolderPrefix + "*"))
        {
            try
            {
                if (Directory.GetCreationTimeUtc(folder) > DateTime.UtcNow.AddMinutes(-15))
                {
                    continue;
                }

                using (File.Open(Path.Combine(folder, "owner.lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                {
                }

                Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // In use, or somebody else's.
            }
        }
    }
}
