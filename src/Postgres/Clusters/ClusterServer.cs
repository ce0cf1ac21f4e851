using System.Diagnostics;
using System.Globalization;

namespace Decent.Postgres.Clusters;

/// <summary>The server process of a cluster's folder.</summary>
internal sealed class ClusterServer(ClusterFolder folder, PostgresBinaries binaries, ClusterOptions options)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private Process? _process;

    public int Port { get; private set; }

    public int ProcessId => _process?.Id ?? 0;

    public Task Ended => _process?.WaitForExitAsync() ?? Task.CompletedTask;

    private string PidFile => Path.Combine(folder.Data, "postmaster.pid");

    /// <summary>Clears what a killed predecessor left: a server that still runs, or only its pid file.</summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        if (ReadPid() is not { } pid)
        {
            return;
        }

        if (await IsOurServerAsync(pid, cancellationToken))
        {
            await PgCtlStopAsync("fast", cancellationToken);
        }
        else
        {
            // The number now belongs to a stranger or to nobody; PostgreSQL itself would refuse in the first case.
            File.Delete(PidFile);
        }
    }

    public async Task StartAsync(int port, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.Patience);
        try
        {
            while (!await TryStartAsync(port, patience.Token))
            {
                // Children of a killed server still hold its shared memory; they end by themselves within moments.
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, patience.Token);
            }
        }
        catch (OperationCanceledException)
        {
            _process?.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new ClusterException(
                ClusterFault.Failed,
                string.Create(CultureInfo.InvariantCulture, $"PostgreSQL was not ready within {options.Patience.TotalSeconds:0} s; see {folder.Log}."));
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_process is not { HasExited: false } process)
        {
            return;
        }

        await PgCtlStopAsync("fast", cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
    }

    private async Task<bool> TryStartAsync(int port, CancellationToken cancellationToken)
    {
        var logged = LogLength();
        _process = await ChildProcess.StartOnOwnThreadAsync(folder.Account.WrapServer(folder.Log, ServerCommand(port)));
        while (!_process.HasExited)
        {
            if (IsReady(_process.Id))
            {
                Port = port;
                return true;
            }

            await Task.Delay(Poll, TimeProvider.System, cancellationToken);
        }

        var said = LogSince(logged);
        if (said.Contains("Address already in use", StringComparison.Ordinal))
        {
            throw PrivateCluster.Taken(port);
        }

        return said.Contains("shared memory block", StringComparison.Ordinal)
            ? false
            : throw new ClusterException(ClusterFault.Failed, $"PostgreSQL did not start in {folder.Data}: {LastLines(said)}");
    }

    private List<string> ServerCommand(int port)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = folder.Sockets ?? "",
            ["unix_socket_permissions"] = "0700",
            ["password_encryption"] = "scram-sha-256",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            ["max_connections"] = "200",
            ["shared_buffers"] = options.Durable ? "256MB" : "64MB",
            ["max_wal_size"] = "2GB",
            ["jit"] = "off",
        };
        if (!options.Durable)
        {
            settings["fsync"] = "off";
            settings["synchronous_commit"] = "off";
            settings["full_page_writes"] = "off";
        }

        foreach (var (name, value) in options.Settings)
        {
            settings[name] = value;
        }

        return [binaries["postgres"], "-D", folder.Data, .. settings.SelectMany(s => new[] { "-c", $"{s.Key}={s.Value}" })];
    }

    private async Task PgCtlStopAsync(string mode, CancellationToken cancellationToken)
    {
        var seconds = ((int)options.Patience.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var done = await ChildProcess.RunAsync(
            folder.Account.Wrap(binaries["pg_ctl"], "stop", "-D", folder.Data, "-m", mode, "-w", "-t", seconds), cancellationToken);

        // pg_ctl also fails when the server ended by itself in the meantime, which is what we want.
        if (done.ExitCode != 0 && ReadPid() is { } pid && await IsOurServerAsync(pid, cancellationToken))
        {
            throw new ClusterException(ClusterFault.Failed, $"PostgreSQL in {folder.Data} did not stop: {done.LastWords}");
        }
    }

    private int? ReadPid()
    {
        try
        {
            return int.TryParse(File.ReadLines(PidFile).FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                ? pid
                : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private async Task<bool> IsOurServerAsync(int pid, CancellationToken cancellationToken)
    {
        if (Directory.Exists("/proc/self"))
        {
            return WorkingFolderOf(pid) == folder.Data;
        }

        var status = await ChildProcess.RunAsync(
            folder.Account.Wrap(binaries["pg_ctl"], "status", "-D", folder.Data), cancellationToken);
        return status.ExitCode == 0;
    }

    private static string? WorkingFolderOf(int pid)
    {
        try
        {
            // The server's working folder is its data folder.
            var link = Directory.ResolveLinkTarget(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cwd"), false);
            return link is null ? null : Path.TrimEndingDirectorySeparator(link.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No such process, or one of another account: not a server of ours.
            return null;
        }
    }

    private bool IsReady(int pid)
    {
        try
        {
            // Eighth line of the pid file: "starting", "stopping" or "ready".
            var lines = File.ReadAllLines(PidFile);
            return lines.Length >= 8
                && lines[0] == pid.ToString(CultureInfo.InvariantCulture)
                && lines[7].StartsWith("ready", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private long LogLength() => File.Exists(folder.Log) ? new FileInfo(folder.Log).Length : 0;

    private string LogSince(long position)
    {
        if (!File.Exists(folder.Log))
        {
            return "";
        }

        using var stream = new FileStream(folder.Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Seek(Math.Min(position, stream.Length), SeekOrigin.Begin);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string LastLines(string text) => string.Join(
        " | ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(4));
}
