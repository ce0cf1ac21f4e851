using Decent.Sandbox.Processes;

namespace Decent.Sandbox.Supervision;

/// <summary>Runs a sandbox until it is told to stop; everything in it survives to the next time.</summary>
internal static class UpCommand
{
    /// <summary>Default state folder, under the present one.</summary>
    public const string DefaultState = ".decent";

    /// <summary>Runs until Ctrl-C, SIGTERM or a part that cannot be kept alive.</summary>
    public static async Task<int> RunAsync(Arguments arguments)
    {
        using var terminal = Lifeline.OfTerminal();
        var ports = SandboxPorts.Read(arguments["--port"], Environment.GetEnvironmentVariable);
        await using var supervisor = await Supervisor.StartAsync(
            arguments["--state"] ?? DefaultState, ports, Console.Error.WriteLine, terminal.Ended);
        Console.WriteLine(Greeting(supervisor));
        await supervisor.WatchAsync(terminal.Ended);
        await Console.Error.WriteLineAsync("Stopping.");
        return 0;
    }

    private static string Greeting(Supervisor supervisor)
    {
        var run = supervisor.Run;
        var keys = supervisor.Keys;
        return $"""

            Decent sandbox. Everything here is local and made up; no real money moves.

              Console    {new Uri(run.Host, "/console")}
                         sign in with  {keys.Operator}
              REST       {new Uri(run.Host, "/api/v1")}   (documentation: {new Uri(run.Host, "/scalar")})
                         marketplace   {keys.Marketplace}
                         treasurer     {keys.Treasurer}
                         approver      {keys.Approver}
              Replica    {run.Replica}
              ICPay      {run.ICPay}
              Stripe     {run.Stripe}
              PostgreSQL 127.0.0.1:{run.PostgresPort}
              Wallet     {run.PlatformAccount}

            Ctrl-C stops it; its data stay.
            """;
    }
}
