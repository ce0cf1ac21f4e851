using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dapper;
using Decent.Postgres.Clusters;
using Decent.Testing;
using Npgsql;

namespace Decent.Postgres.Tests.Clusters;

public sealed class PrivateClusterTests : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "decent-test-" + Guid.NewGuid().ToString("n")[..12]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ClusterOptions Options => new() { Directory = _folder, Durable = false };

    public async ValueTask InitializeAsync()
    {
        try
        {
            await PostgresBinaries.FindAsync(null, Token);
        }
        catch (ClusterException e)
        {
            Missing.Stop(e.Message);
        }
    }

    public ValueTask DisposeAsync()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Data_survive_a_stop_and_the_password_is_asked_for()
    {
        await using (var first = await PrivateCluster.StartAsync(Options, Token))
        {
            await ExecuteAsync(first, "create table kept (id int)");
            var anybody = new NpgsqlConnectionStringBuilder(first.ConnectionString("postgres")) { Password = "guess", Pooling = false };
            await using var connection = new NpgsqlConnection(anybody.ConnectionString);
            await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(Token));
        }

        await using var second = await PrivateCluster.StartAsync(Options, Token);
        await ExecuteAsync(second, "select * from kept");
        Assert.NotEqual("0", await UserOfAsync(second.ProcessId), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_second_start_in_the_same_folder_says_it_is_in_use()
    {
        await using var first = await PrivateCluster.StartAsync(Options, Token);

        var refused = await Assert.ThrowsAsync<ClusterException>(() => PrivateCluster.StartAsync(Options, Token));

        Assert.Equal(ClusterFault.InUse, refused.Fault);
    }

    [Fact]
    public async Task A_taken_port_is_reported_by_its_number()
    {
        using var squatter = new TcpListener(IPAddress.Loopback, 0);
        squatter.Start();
        var port = ((IPEndPoint)squatter.LocalEndpoint).Port;

        var refused = await Assert.ThrowsAsync<ClusterException>(
            () => PrivateCluster.StartAsync(Options with { Port = port }, Token));

        Assert.Equal(ClusterFault.PortTaken, refused.Fault);
        Assert.Equal(port, refused.Port);
        Assert.Contains(port.ToString(CultureInfo.InvariantCulture), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_server_is_recovered_with_what_was_committed()
    {
        var durable = new ClusterOptions { Directory = _folder };
        await using (var first = await PrivateCluster.StartAsync(durable, Token))
        {
            await ExecuteAsync(first, "create table kept as select 42 as answer");
            using var server = Process.GetProcessById(first.ProcessId);
            server.Kill();
            await first.Ended;
        }

        Assert.True(File.Exists(Path.Combine(_folder, "data", "postmaster.pid")));
        await using var second = await PrivateCluster.StartAsync(durable, Token);
        await ExecuteAsync(second, "select answer from kept");
    }

    [Fact]
    public async Task A_pid_file_that_names_a_stranger_does_not_stop_a_start()
    {
        await using (await PrivateCluster.StartAsync(Options, Token))
        {
        }

        await File.WriteAllTextAsync(
            Path.Combine(_folder, "data", "postmaster.pid"),
            FormattableString.Invariant($"{Environment.ProcessId}\n{_folder}/data\n1\n5432\n\n127.0.0.1\n\nready   \n"),
            Token);

        await using var second = await PrivateCluster.StartAsync(Options, Token);
        await ExecuteAsync(second, "select 1");
    }

    [Fact]
    public async Task A_server_whose_parent_lost_it_is_taken_over()
    {
        await using var first = await PrivateCluster.StartAsync(Options, Token);
        var binaries = await PostgresBinaries.FindAsync(null, Token);
        var account = await ServerAccount.ChooseAsync(Token);
        var folder = await ClusterFolder.PrepareAsync(_folder, account, Token);

        // What a restarted process sees after its predecessor was killed: a live server and no claim.
        await new ClusterServer(folder, binaries, Options).RecoverAsync(Token);

        await first.Ended.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.False(File.Exists(Path.Combine(_folder, "data", "postmaster.pid")));
    }

    [Fact]
    public async Task A_folder_that_the_server_cannot_reach_is_replaced_and_said_so()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Skip("Only root hands the server to another account.");
        }

        var home = Directory.CreateDirectory(_folder + "-home");
        File.SetUnixFileMode(home.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            await using var cluster = await PrivateCluster.StartAsync(
                Options with { Directory = Path.Combine(home.FullName, "postgres") }, Token);

            Assert.NotNull(cluster.Notice);
            Assert.Contains(cluster.Directory, cluster.Notice, StringComparison.Ordinal);
            await ExecuteAsync(cluster, "select 1");
            await cluster.StopAsync(Token);
            Directory.Delete(cluster.Directory, recursive: true);
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_server_dies_with_the_process_that_started_it()
    {
        if (!File.Exists("/usr/bin/setpriv"))
        {
            Assert.Skip("setpriv is needed to follow the death of a parent.");
        }

        var account = await ServerAccount.ChooseAsync(Token);
        var log = Path.Combine(Path.GetTempPath(), "decent-test-death-" + Guid.NewGuid().ToString("n")[..8]);
        await File.WriteAllTextAsync(log, "", Token);
        await account.GiveAsync(log, Token);

        // A shell stands for the host: it starts the guarded command and is killed without a chance to clean up.
        // Whoever started the tests may have ignored the signal for all below; a shell cannot trap what it inherits like
        // that, unlike PostgreSQL.
        var guarded = account.WrapServer(log, ["env", "--default-signal=INT", "sh", "-c", "trap 'echo gone; exit' INT; echo \"started\"; while :; do sleep 0.05; done"]);
        var host = new Process { StartInfo = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, UseShellExecute = false } };
        host.StartInfo.ArgumentList.Add("-c");
        host.StartInfo.ArgumentList.Add("\"$@\"; exit 0");
        host.StartInfo.ArgumentList.Add("host");
        foreach (var part in guarded)
        {
            host.StartInfo.ArgumentList.Add(part);
        }

        host.Start();
        await LogSaysAsync(log, "started");
        host.Kill();
        await LogSaysAsync(log, "gone");
        File.Delete(log);
    }

    private static async Task LogSaysAsync(string log, string word)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (!(await File.ReadAllTextAsync(log, patience.Token)).Contains(word, StringComparison.Ordinal))
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private static async Task<string> UserOfAsync(int pid)
    {
        if (!Directory.Exists("/proc/self"))
        {
            return "unknown";
        }

        var lines = await File.ReadAllLinesAsync(FormattableString.Invariant($"/proc/{pid}/status"), Token);
        return lines.First(l => l.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];
    }

    private static async Task ExecuteAsync(PrivateCluster cluster, string sql)
    {
        var settings = new NpgsqlConnectionStringBuilder(cluster.ConnectionString("postgres")) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(Token);
        await connection.ExecuteAsync(sql);
    }
}
