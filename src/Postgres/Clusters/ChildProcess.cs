using System.Diagnostics;

namespace Decent.Postgres.Clusters;

/// <summary>Runs server programs.</summary>
internal static class ChildProcess
{
    /// <summary>What a finished program left.</summary>
    public sealed record Finished(int ExitCode, string Output, string Errors)
    {
        public string LastWords => string.Join(
            " | ", (Errors + "\n" + Output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(4));
    }

    /// <summary>Runs a program to its end and takes what it printed. A cancelled wait kills it.</summary>
    public static async Task<Finished> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = Describe(command) };
        process.StartInfo.RedirectStandardOutput = true;
        process.StartInfo.RedirectStandardError = true;
        process.StartInfo.RedirectStandardInput = true;
        process.Start();
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new Finished(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>
    /// Starts a program on a thread that lives as long as the program does. The kernel's parent-death signal follows
    /// the thread that forked, so a thread of the pool would end the server when it is retired.
    /// </summary>
    public static Task<Process> StartOnOwnThreadAsync(IReadOnlyList<string> command)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            Process process;
            try
            {
                process = new Process { StartInfo = Describe(command) };
                process.Start();
            }
            catch (Exception e)
            {
                started.SetException(e);
                return;
            }

            started.SetResult(process);
            process.WaitForExit();
        })
        {
            IsBackground = true,
            Name = "postgres-parent",
        };
        thread.Start();
        return started.Task;
    }

    private static ProcessStartInfo Describe(IReadOnlyList<string> command)
    {
        var info = new ProcessStartInfo(command[0]) { UseShellExecute = false, WorkingDirectory = "/" };
        foreach (var argument in command.Skip(1))
        {
            info.ArgumentList.Add(argument);
        }

        // The caller's own PostgreSQL settings and locale are not for this cluster.
        foreach (var name in info.Environment.Keys.Where(k => k.StartsWith("PG", StringComparison.Ordinal)).ToList())
        {
            info.Environment.Remove(name);
        }

        info.Environment["LC_ALL"] = "C";
        return info;
    }
}
