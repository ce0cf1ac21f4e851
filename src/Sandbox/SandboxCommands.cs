using Decent.Api.Composition;
using Decent.Sandbox.Demo;
using Decent.Sandbox.Emulators;
using Decent.Sandbox.Hosting;
using Decent.Sandbox.Processes;
using Decent.Sandbox.Supervision;

namespace Decent.Sandbox;

/// <summary>
/// The roles of this program: <c>up</c> and <c>demo</c> for people; <c>replica</c>, <c>emulators</c> and <c>host</c>
/// are started by them.
/// </summary>
internal static class SandboxCommands
{
    private const string Usage = """
        usage: up [--port N] [--state DIR]
               demo [--json] [--redeliver N] [--seed N] [--state DIR] [--attach DIR]
        """;

    /// <summary>Runs the command line.</summary>
    /// <returns>Exit code: 0 done, 1 failed with a message on standard error, 2 wrong arguments.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            return args switch
            {
                ["up", .. var rest] => await UpCommand.RunAsync(Arguments.Parse(rest, ["--port", "--state"], [])),
                ["demo", .. var rest] => await DemoCommand.RunAsync(
                    Arguments.Parse(rest, ["--redeliver", "--seed", "--state", "--attach"], ["--json"])),
                ["replica", var settings] => await ChildAsync(settings, ReplicaProcess.RunAsync),
                ["emulators", var settings] => await ChildAsync(settings, EmulatorProcess.RunAsync),
                ["host", var settings] => await ChildAsync(settings, HostProcess.RunAsync),
                _ => throw new ArgumentsException(Usage),
            };
        }
        catch (ArgumentsException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
        catch (Exception e) when (e is SandboxException or DemoException or StartRefusedException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped.");
            return 130;
        }
    }

    private static async Task<int> ChildAsync(string settings, Func<string, Lifeline, Task> role)
    {
        using var lifeline = Lifeline.OfChild();
        await role(settings, lifeline);
        return 0;
    }
}
