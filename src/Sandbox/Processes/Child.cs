using System.Diagnostics;

namespace Decent.Sandbox.Processes;

/// <summary>One running child with a lifeline; its output goes to a log file.</summary>
internal sealed class Child : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly Process _process;

    private Child(string name, string log, Process process)
    {
        Name = name;
        Log = log;
        _process = process;
    }

    /// <summary>Name for messages.</summary>
    public string Name { get; }

    /// <summary>Its log file.</summary>
    public string Log { get; }

    /// <summary>Process id.</summary>
    public int Id => _process.Id;

    /// <summary>True when it ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Completes when it ends, with its exit code (128 + signal when a signal ended it).</summary>
    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Starts a child.</summary>
    /// <param name="name">Name for messages.</param>
    /// <param name="command">Program and arguments.</param>
    /// <param name="log">File its output is appended to.</param>
    /// <param name="environment">Variables to set.</param>
    public static Child Start(
        string name, IReadOnlyList<string> command, string log, IReadOnlyDictionary<string, string> environment)
    {
        // The shell only redirects and is replaced by the program: no pipe has to be drained, no output is lost.
        var info = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in (string[])["-c", "exec \"$@\" >>\"$0\" 2>&1", log, .. command])
        {
            info.ArgumentList.Add(argument);
        }

        foreach (var (key, value) in environment)
        {
            info.Environment[key] = value;
        }

        return new Child(name, log, Process.Start(info)!);
    }

    /// <summary>Asks it to stop, waits, and ends it by force when it does not.</summary>
    public async Task StopAsync()
    {
        if (_process.HasExited)
        {
            return;
        }

        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>The last lines it wrote.</summary>
    public string LastWords()
    {
        try
        {
            using var stream = new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            stream.Seek(-Math.Min(stream.Length, 4000), SeekOrigin.End);
            using var reader = new StreamReader(stream);
            return string.Join(Environment.NewLine, reader.ReadToEnd().Split('\n').TakeLast(12));
        }
        catch (IOException)
        {
            return string.Empty;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _process.Dispose();
}
