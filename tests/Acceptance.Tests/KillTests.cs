using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Decent.Testing;

namespace Decent.Acceptance.Tests;

/// <summary>The host is killed with signal 9 while a day is played; the day must come out as if nothing had
/// happened.</summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const string DctLedger = "ggi4a-wyaaa-aaaai-actqq-cai";
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    private const int MostPerDay = 7;

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task A_day_survives_kill_9_of_the_host_at_every_dangerous_moment()
    {
        await RequiresPostgres.CheckAsync();
        var seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine($"seed of the moments: {seed}");
        var random = new Random(seed);
        var kills = await PlayAsync(random, seed, async (demo, _) =>
        {
            // Stored but not answered; committed but not sent; executed but the answer lost; answered but not
            // committed.
            await AtPointAsync(demo, "webhook_stored", random.Next(1, 12));
            await demo.UntilAsync(
                () => demo.HasExited || demo.Progress.Contains("(noon)", StringComparison.Ordinal), "at the first payout");
            await AtPointAsync(demo, "attempt_committed", 1);
            await WhenExecutedAsync(demo);
            await AtPointAsync(demo, "answer_received", 1);
            return 4;
        });
        while (kills < (Deep.IsOn ? 20 : 4))
        {
            kills += await PlayAsync(random, seed, AtRandomAsync);
        }

        output.WriteLine($"{kills} kills survived");
    }

    private async Task<int> PlayAsync(Random random, int seed, Func<SandboxProcess, Random, Task<int>> disturb)
    {
        var state = SandboxProcess.NewState();
        await using var demo = SandboxProcess.Start(state, "demo", "--json");
        await demo.ReadyAsync();
        var kills = await disturb(demo, random);
        var code = await demo.EndAsync();
        output.WriteLine(demo.Progress);
        Assert.True(code == 0, $"seed {seed}, exit code {code}; state kept in {state}\n{demo.Progress}\n{demo.Output}");
        SandboxProcess.Remove(state);

        // The statement's judgement compares the replica's blocks with the payouts: one block each, no other debit.
        var judgements = JsonNode.Parse(demo.Output)!["judgements"]!.AsArray();
        Assert.Contains(
            judgements, j => j!["what"]!.GetValue<string>().Contains("exactly one block", StringComparison.Ordinal));
        Assert.All(judgements, j => Assert.True(j!["holds"]!.GetValue<bool>(), j.ToJsonString()));
        return kills;
    }

    private async Task AtPointAsync(SandboxProcess demo, string point, int nth)
    {
        var host = await LivingHostAsync(demo);
        using var armed = await _http.PostAsJsonAsync(
            Host(demo, "/sandbox/crash"), new { point, nth }, TestContext.Current.CancellationToken);
        Assert.True(armed.IsSuccessStatusCode);
        await demo.UntilAsync(() => !Lives(host), $"killed at {point}");
        Assert.False(
            demo.HasExited,
            $"The day ended before the host came to '{point}' for the {nth}. time.\n{demo.Progress}\n{demo.Output}");
        output.WriteLine($"killed at {point}, passing {nth}");
    }

    private async Task WhenExecutedAsync(SandboxProcess demo)
    {
        var host = await LivingHostAsync(demo);
        var before = await ExecutedAsync(demo);
        using var armed = await _http.PostAsJsonAsync(
            Replica(demo, "/control/faults"),
            new
            {
                kind = "DelayAnswer",
                target = "Call",
                canister = DctLedger,
                method = "icrc1_transfer",
                delayMs = 20_000
            },
            TestContext.Current.CancellationToken);
        Assert.True(armed.IsSuccessStatusCode);
        while (await ExecutedAsync(demo) == before)
        {
            Assert.False(
                demo.HasExited, $"The day ended before another transfer was executed.\n{demo.Progress}\n{demo.Output}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        SandboxProcess.Signal(host, 9);
        await demo.UntilAsync(() => !Lives(host), "killed");
        output.WriteLine("killed after the transfer was executed, before its answer arrived");
    }

    private static async Task<int> AtRandomAsync(SandboxProcess demo, Random random)
    {
        var kills = 0;
        while (kills < MostPerDay && !demo.HasExited)
        {
            await Task.Delay(random.Next(0, 6000), TestContext.Current.CancellationToken);
            await demo.UntilAsync(() => demo.HasExited || Lives(demo.HostId), "restarted");
            if (!demo.HasExited && demo.HostId is var host and not 0)
            {
                SandboxProcess.Signal(host, 9);
                kills++;
                await demo.UntilAsync(() => !Lives(host), "killed");
            }
        }

        return kills;
    }

    private async Task<long> ExecutedAsync(SandboxProcess demo)
    {
        var answer = await _http.GetFromJsonAsync<JsonNode>(
            Replica(demo, "/control/executed"), TestContext.Current.CancellationToken);
        return answer!["byMethod"]![$"{DctLedger}.icrc1_transfer"]?.GetValue<long>() ?? 0;
    }

    // The run file names the host that answers; right after a kill it still names the dead one.
    private async Task<int> LivingHostAsync(SandboxProcess demo)
    {
        await demo.UntilAsync(() => demo.HasExited || Lives(demo.HostId), "restarted");
        Assert.False(demo.HasExited, demo.Progress);
        return demo.HostId;
    }

    private static bool Lives(int processId) => processId != 0 && File.Exists($"/proc/{processId}/exe");

    private static Uri Host(SandboxProcess demo, string path) =>
        new(new Uri(demo.Run!["host"]!.GetValue<string>()), path);

    private static Uri Replica(SandboxProcess demo, string path) =>
        new(new Uri(demo.Run!["replica"]!.GetValue<string>()), path);
}
