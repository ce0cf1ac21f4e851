using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Decent.Acceptance.Tests;

/// <summary>Starting, stopping and dying, as the machine sees it.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task Whatever_ends_the_sandbox_leaves_no_process_and_the_next_start_finds_everything_again()
    {
        await RequiresPostgres.CheckAsync();
        var state = SandboxProcess.NewState();
        string keys;
        await using (var first = SandboxProcess.Start(state, "up"))
        {
            await first.ReadyAsync();
            keys = first.Keys.ToJsonString();
            Assert.Contains("already running", await SecondStartAsync(state), StringComparison.Ordinal);

            // Killed like this the supervisor cannot tell anybody.
            SandboxProcess.Signal(first.Id, 9);
            await first.EndAsync();
            await first.UntilAsync(
                () => Processes(state).Count == 0, "without orphans", () => string.Join(", ", Processes(state)));
        }

        await using var second = SandboxProcess.Start(state, "up");
        File.Delete(Path.Combine(state, "run.json"));
        await second.ReadyAsync();
        Assert.Equal(keys, second.Keys.ToJsonString());
        var killed = second.HostId;
        SandboxProcess.Signal(killed, 9);
        await second.UntilAsync(() => second.HostId is not 0 && second.HostId != killed, "restarted");
        Assert.Contains("starting it again", second.Progress, StringComparison.Ordinal);
        SandboxProcess.Signal(second.Id, 2);
        Assert.Equal(0, await second.EndAsync());
        Assert.Empty(Processes(state));
        Assert.False(File.Exists(Path.Combine(state, "run.json")));
        SandboxProcess.Remove(state);
    }

    [Fact]
    public async Task A_taken_port_is_named_before_anything_starts()
    {
        await RequiresPostgres.CheckAsync();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var state = SandboxProcess.NewState();
        await using var refused = SandboxProcess.Start(state, "up", "--port", port);
        Assert.Equal(1, await refused.EndAsync());
        Assert.Contains($"Port {port} is taken", refused.Progress, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(state, "postgres")));
        SandboxProcess.Remove(state);
    }

    private static async Task<string> SecondStartAsync(string state)
    {
        await using var second = SandboxProcess.Start(state, "up");
        Assert.Equal(1, await second.EndAsync());
        return second.Progress;
    }

    // Every process of a sandbox has its state folder on its command line.
    private static List<string> Processes(string state)
    {
        var found = new List<string>();
        foreach (var directory in Directory.GetDirectories("/proc").Where(
            d => int.TryParse(Path.GetFileName(d), out _)))
        {
            try
            {
                var command = File.ReadAllText(Path.Combine(directory, "cmdline")).Replace('\0', ' ');
                if (command.Contains(state, StringComparison.Ordinal))
                {
                    found.Add($"{Path.GetFileName(directory)} {command}");
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Gone in the meantime.
            }
        }

        return found;
    }
}
