using Decent.Api;
using Decent.Postgres;
using Decent.Postgres.Clusters;
using Decent.Replica.Time;
using Decent.Sandbox.Processes;
using Npgsql;

namespace Decent.Sandbox.Supervision;

/// <summary>
/// The whole sandbox: PostgreSQL, replica, emulators and host, each in a process of its own, in one state folder.
/// What is started is stopped in reverse order; children end with this process however it ends.
/// </summary>
internal sealed class Supervisor : IAsyncDisposable
{
    private readonly StateDirectory _state;
    private readonly SandboxPorts _ports;
    private readonly Action<string> _say;
    private readonly SandboxLock _lock;
    private readonly SandboxSecrets _secrets;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly Keeper _replica;
    private readonly Keeper _emulators;
    private readonly Keeper _host;
    private PrivateCluster? _cluster;

    private Supervisor(StateDirectory state, SandboxPorts ports, SandboxLock held, Action<string> say)
    {
        _state = state;
        _ports = ports;
        _lock = held;
        _say = say;
        _secrets = SandboxSecrets.Of(state);
        _replica = Keep("replica", state.ReplicaSettings, new Uri(Local(ports.Replica), "/api/v2/status"));
        _emulators = Keep("emulators", state.EmulatorSettings, new Uri(Local(ports.ICPay), "/control/idle"));
        _host = Keep("host", state.HostSettings, new Uri(Local(ports.Host), "/health/ready"));
    }

    /// <summary>The API keys.</summary>
    public SandboxKeys Keys { get; private set; } = null!;

    /// <summary>What runs where.</summary>
    public RunFile Run => new(
        Environment.ProcessId, Local(_ports.Host), Local(_ports.Replica), Local(_ports.ICPay), Local(_ports.Stripe),
        _host.ProcessId,
        _ports.Postgres, SandboxSecrets.Account(_secrets.PlatformKey));

    /// <summary>Starts everything and returns when the host is ready.</summary>
    /// <param name="root">State folder.</param>
    /// <param name="ports">Ports to use.</param>
    /// <param name="say">Takes messages for the person who started it.</param>
    /// <param name="cancellationToken">Stops starting; what was started is stopped again.</param>
    /// <exception cref="SandboxException">It cannot run; says why.</exception>
    public static async Task<Supervisor> StartAsync(
        string root, SandboxPorts ports, Action<string> say, CancellationToken cancellationToken)
    {
        var state = StateDirectory.Open(root);
        var held = SandboxLock.Take(state);
        try
        {
            ports.RequireFree();
        }
        catch
        {
            held.Dispose();
            throw;
        }

        var supervisor = new Supervisor(state, ports, held, say);
        try
        {
            await supervisor.StartAllAsync(cancellationToken);
            return supervisor;
        }
        catch
        {
            await supervisor.DisposeAsync();
            throw;
        }
    }

    /// <summary>Keeps everything running.</summary>
    /// <param name="cancellationToken">Returns when cancelled.</param>
    /// <exception cref="SandboxException">A part died too often, or PostgreSQL ended.</exception>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var first = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] watches =
        [
            _replica.WatchAsync(WriteRun, first.Token),
            _emulators.WatchAsync(WriteRun, first.Token),
            _host.WatchAsync(WriteRun, first.Token),
            WatchClusterAsync(first.Token),
        ];
        var ended = await Task.WhenAny(watches);
        await first.CancelAsync();
        if (!cancellationToken.IsCancellationRequested)
        {
            await ended;
        }

        await Task.WhenAll(watches).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        File.Delete(_state.Run);
        await _host.StopAsync();
        await _emulators.StopAsync();
        await _replica.StopAsync();
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        _host.Dispose();
        _emulators.Dispose();
        _replica.Dispose();
        _http.Dispose();
        _lock.Dispose();
    }

    private static Uri Local(int port) => new($"http://127.0.0.1:{port}");

    private async Task StartAllAsync(CancellationToken cancellationToken)
    {
        EmulatorFile.Write(_state, _ports, _secrets);
        ReplicaFile.Write(_state, _ports);
        SandboxSecrets.Write(_state.HostSettings, HostSettings.Text(HostSettings.Build(_state, _ports, _secrets)));
        using var clock = new SandboxClock(_state.Clock);
        await Task.WhenAll(StartDatabaseAsync(clock, cancellationToken), StartOutsideAsync(cancellationToken));
        _say("Starting the host.");
        await _host.StartAsync(cancellationToken);
        WriteRun();
    }

    private async Task StartDatabaseAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        _say("Starting PostgreSQL.");
        try
        {
            _cluster = await PrivateCluster.StartAsync(
                new ClusterOptions { Directory = _state.Postgres, Port = _ports.Postgres }, cancellationToken);
        }
        catch (ClusterException e)
        {
            throw new SandboxException(e.Message);
        }

        if (_cluster.Notice is { } notice)
        {
            _say(notice);
        }

        var passwords = _secrets.Database;
        await new Provisioner(_cluster.ConnectionString("postgres"))
            .ProvisionAsync(HostSettings.Database, passwords, cancellationToken);
        await using var owner = NpgsqlDataSource.Create(
            HostSettings.Connection(_ports, Provisioner.OwnerRole, passwords.Owner));
        await Migrator.RunAsync(owner, ApiHost.Modules, cancellationToken);
        Keys = await SandboxKeys.EnsureAsync(_secrets, owner, clock, cancellationToken);
    }

    private async Task StartOutsideAsync(CancellationToken cancellationToken)
    {
        _say("Starting the local Internet Computer.");
        await _replica.StartAsync(cancellationToken);
        _say("Starting the ICPay and Stripe emulators.");
        await _emulators.StartAsync(cancellationToken);
    }

    private async Task WatchClusterAsync(CancellationToken cancellationToken)
    {
        await _cluster!.Ended.WaitAsync(cancellationToken);
        throw new SandboxException($"PostgreSQL ended by itself; see {_cluster.Directory}/log.");
    }

    private void WriteRun() => Run.Write(_state);

    private Keeper Keep(string role, string settings, Uri ready) => new(
        role,
        SandboxCommand.Of(role, settings),
        Path.Combine(_state.Logs, role + ".log"),
        new Dictionary<string,
        string>(StringComparer.Ordinal)
        { ["ASPNETCORE_ENVIRONMENT"] = "Sandbox", ["DOTNET_ENVIRONMENT"] = "Sandbox" },
        ready,
        _http,
        _say);
}
