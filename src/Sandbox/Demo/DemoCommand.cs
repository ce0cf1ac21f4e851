using System.Globalization;
using System.Security.Cryptography;
using Decent.Sandbox.Processes;
using Decent.Sandbox.Supervision;

namespace Decent.Sandbox.Demo;

/// <summary>Plays one marketplace day, in a sandbox of its own or in a running one, and prints the statement.</summary>
internal static class DemoCommand
{
    /// <summary>Runs the demo.</summary>
    /// <returns>0 when everything reconciles, 1 otherwise.</returns>
    public static async Task<int> RunAsync(Arguments arguments)
    {
        using var terminal = Lifeline.OfTerminal();
        var seed = arguments.Number("--seed") ?? RandomNumberGenerator.GetInt32(int.MaxValue);
        var options = new DemoOptions("demo", arguments.Number("--redeliver") ?? 0, seed);
        if (options.Redeliveries > 0)
        {
            Say($"Seed of the redeliveries: {seed}");
        }

        return arguments["--attach"] is { } attach
            ? await AttachAsync(attach, options, arguments.Has("--json"), terminal.Ended)
            : await OwnAsync(arguments["--state"], options, arguments.Has("--json"), terminal.Ended);
    }

    private static async Task<int> AttachAsync(
        string directory, DemoOptions options, bool json, CancellationToken cancellationToken)
    {
        var state = StateDirectory.Open(directory);
        var run = RunFile.TryRead(state)
            ?? throw new SandboxException($"No sandbox runs in {state.Root}; start it with './decent up'.");
        var keys = SandboxKeys.Read(SandboxSecrets.Of(state));
        using (var world = new DemoWorld(run, keys))
        {
            // The judgement is about the whole of the books, so the day has to be the first thing in them.
            var contracts = await world.Treasurer.GetAsync("/api/v1/contracts?limit=1", cancellationToken);
            if (contracts.Items().Count > 0)
            {
                throw new SandboxException(
                    $"The sandbox of {state.Root} has contracts already; the demo needs a fresh one: stop it, delete the "
                    + "folder, start it again, or play the demo without --attach.");
            }
        }

        return await PlayAsync(run, keys, options, json, cancellationToken);
    }

    private static async Task<int> OwnAsync(
        string? directory, DemoOptions options, bool json, CancellationToken cancellationToken)
    {
        var root = directory ?? Path.Combine(
            Path.GetTempPath(), "decent-demo-" + RandomNumberGenerator.GetHexString(12, lowercase: true));
        var keep = directory is not null;
        try
        {
            await using var supervisor = await Supervisor.StartAsync(root, SandboxPorts.Free(), Say, cancellationToken);
            using var finished = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var watch = supervisor.WatchAsync(finished.Token);
            var play = PlayAsync(supervisor.Run, supervisor.Keys, options, json, finished.Token);
            if (await Task.WhenAny(play, watch) == watch && !cancellationToken.IsCancellationRequested)
            {
                // A part of the sandbox is gone for good: the day cannot go on.
                await finished.CancelAsync();
                await ((Task)play).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await watch;
            }

            var code = await play;
            keep |= code != 0;
            await finished.CancelAsync();
            await watch;
            return code;
        }
        catch
        {
            keep = true;
            throw;
        }
        finally
        {
            if (keep)
            {
                Say($"The sandbox's state is kept in {root}.");
            }
            else
            {
                Directory.Delete(root, recursive: true);
            }
        }
    }

    private static async Task<int> PlayAsync(
        RunFile run, SandboxKeys keys, DemoOptions options, bool json, CancellationToken cancellationToken)
    {
        using var world = new DemoWorld(run, keys);
        var day = new MarketplaceDay(world, options, Say);
        var reader = new StatementReader(world, day, options);
        try
        {
            await day.PlayAsync(cancellationToken);
            Say("Reconciling");
            var statement = await reader.ReadAsync("final", cancellationToken);
            if (options.Redeliveries > 0)
            {
                statement = await SameAfterRedeliveryAsync(world, reader, statement, options, cancellationToken);
            }

            Console.WriteLine(json ? statement.ToJson() : StatementTable.Of(statement));
            Say(statement.Reconciles ? "Everything reconciles." : "It does not reconcile.");
            return statement.Reconciles ? 0 : 1;
        }
        catch (Exception e) when (e is DemoException or HttpRequestException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            await Console.Error.WriteLineAsync($"The demo failed: {e.Message}");
            return 1;
        }
    }

    private static async Task<Statement> SameAfterRedeliveryAsync(
        DemoWorld world, StatementReader reader, Statement before, DemoOptions options,
        CancellationToken cancellationToken)
    {
        var sent = await world.RedeliverAsync(options.Redeliveries, options.Seed ^ 0x5eed, cancellationToken);
        Say(
            $"Every webhook of the day was delivered {options.Redeliveries} more times ({sent} deliveries); "
            + "reading the statement again");
        var after = await reader.ReadAsync("again", cancellationToken);
        var same = before.ToJson() == after.ToJson();
        return after with
        {
            Judgements =
            [
                .. after.Judgements,
                new Judgement(
                    string.Create(
                        CultureInfo.InvariantCulture, $"the statement is the same after {sent} more deliveries"), same,
                    same ? "" : $"before: {before.ToJson()}"),
            ],
        };
    }

    private static void Say(string message) => Console.Error.WriteLine(message);
}
