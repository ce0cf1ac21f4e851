using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Decent.Postgres.Clusters;

/// <summary>
/// A PostgreSQL cluster of our own in one folder: made when missing, recovered when a crash left it behind, stopped
/// with this object or when this process dies. It listens on 127.0.0.1 only and never runs as root.
/// </summary>
public sealed class PrivateCluster : IAsyncDisposable
{
    /// <summary>Name of the superuser.</summary>
    public const string Superuser = "postgres";

    private readonly ClusterFolder _folder;
    private readonly ClusterServer _server;
    private readonly FileStream _claim;
    private readonly string? _password;
    private int _stopped;

    private PrivateCluster(ClusterFolder folder, ClusterServer server, FileStream claim, string? password)
    {
        _folder = folder;
        _server = server;
        _claim = claim;
        _password = password;
    }

    /// <summary>TCP port on 127.0.0.1.</summary>
    public int Port => _server.Port;

    /// <summary>Folder in use; differs from the one asked for when <see cref="Notice" /> is set.</summary>
    public string Directory => _folder.Root;

    /// <summary>Process id of the server.</summary>
    public int ProcessId => _server.ProcessId;

    /// <summary>What an operator should know about the place of the data; null when it is where it was asked for.</summary>
    public string? Notice => _folder.Notice;

    /// <summary>Completes when the server ends, whoever ended it.</summary>
    public Task Ended => _server.Ended;

    /// <summary>Starts the cluster of a folder.</summary>
    /// <param name="options">What it should be.</param>
    /// <param name="cancellationToken">Stops starting; whatever was started is stopped again.</param>
    /// <exception cref="ClusterException">Not installed, port taken, in use, unreachable, or a program failed.</exception>
    public static async Task<PrivateCluster> StartAsync(ClusterOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var account = await ServerAccount.ChooseAsync(cancellationToken);
        var folder = await ClusterFolder.PrepareAsync(options.Directory, account, cancellationToken);
        var claim = folder.Claim();
        try
        {
            var binaries = await PostgresBinaries.FindAsync(folder.MadeByMajor, cancellationToken);
            var password = await folder.EnsureDataAsync(binaries, options, cancellationToken);
            var server = new ClusterServer(folder, binaries, options);
            await server.RecoverAsync(cancellationToken);
            await StartOnPortAsync(server, options, cancellationToken);
            return new PrivateCluster(folder, server, claim, password);
        }
        catch
        {
            await claim.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection string.</summary>
    /// <param name="database">Database.</param>
    /// <param name="user">Role; the superuser by default.</param>
    /// <param name="password">Its password; for the superuser the cluster's own is taken.</param>
    public string ConnectionString(string database, string user = Superuser, string? password = null)
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Port,
            Database = database,
            Username = user,
        };
        if ((password ?? (user == Superuser ? _password : null)) is { } secret)
        {
            settings.Password = secret;
        }

        return settings.ConnectionString;
    }

    /// <summary>Stops the server: connections are cut, everything committed stays. Later calls do nothing.</summary>
    /// <exception cref="ClusterException">It did not stop in time.</exception>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 1)
        {
            return;
        }

        try
        {
            await _server.StopAsync(cancellationToken);
        }
        finally
        {
            await _claim.DisposeAsync();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private static async Task StartOnPortAsync(ClusterServer server, ClusterOptions options, CancellationToken cancellationToken)
    {
        // A free port may be taken between finding and using it; with a wanted port there is nothing to try again.
        const int tries = 8;
        for (var attempt = 1; ; attempt++)
        {
            var port = options.Port == 0 ? FreePort() : options.Port;
            try
            {
                if (!IsFree(port))
                {
                    throw Taken(port);
                }

                await server.StartAsync(port, cancellationToken);
                return;
            }
            catch (ClusterException e) when (e.Fault == ClusterFault.PortTaken && options.Port == 0 && attempt < tries)
            {
                continue;
            }
        }
    }

    internal static ClusterException Taken(int port) => new(
        ClusterFault.PortTaken,
        string.Create(CultureInfo.InvariantCulture, $"Port {port} on 127.0.0.1 is taken; PostgreSQL needs another one."),
        port);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
