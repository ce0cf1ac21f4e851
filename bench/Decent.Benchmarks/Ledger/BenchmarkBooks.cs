using Decent.Ledger;
using Decent.Postgres;
using Decent.Postgres.Clusters;
using Npgsql;

namespace Decent.Benchmarks.Ledger;

/// <summary>Empty books in a durable cluster of their own, gone afterwards.</summary>
internal sealed class BenchmarkBooks : IAsyncDisposable
{
    private readonly PrivateCluster _cluster;

    private BenchmarkBooks(PrivateCluster cluster, NpgsqlDataSource app)
    {
        _cluster = cluster;
        App = app;
    }

    /// <summary>Connections as the host has them.</summary>
    public NpgsqlDataSource App { get; }

    /// <summary>Starts a cluster and migrates a database.</summary>
    public static async Task<BenchmarkBooks> StartAsync(int connections, CancellationToken cancellationToken)
    {
        DapperSetup.Register();
        var folder = Path.Combine(Path.GetTempPath(), $"decent-bench-{Environment.ProcessId}");
        var cluster = await PrivateCluster.StartAsync(new ClusterOptions { Directory = folder }, cancellationToken);
        try
        {
            var passwords = RolePasswords.Generate();
            await new Provisioner(cluster.ConnectionString("postgres")).ProvisionAsync("decent", passwords, cancellationToken);
            await using var owner = NpgsqlDataSource.Create(cluster.ConnectionString("decent", Provisioner.OwnerRole, passwords.Owner));
            await Migrator.RunAsync(owner, [LedgerModule.Migrations], cancellationToken);
            var settings = new NpgsqlConnectionStringBuilder(cluster.ConnectionString("decent", Provisioner.AppRole, passwords.App))
            {
                MaxAutoPrepare = 32,
                MaxPoolSize = connections,
            };
            return new BenchmarkBooks(cluster, NpgsqlDataSource.Create(settings.ConnectionString));
        }
        catch
        {
            await StopAsync(cluster);
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await StopAsync(_cluster);
    }

    private static async Task StopAsync(PrivateCluster cluster)
    {
        await cluster.StopAsync(CancellationToken.None);
        Directory.Delete(cluster.Directory, recursive: true);
    }
}
