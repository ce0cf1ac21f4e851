namespace Decent.Sandbox.Supervision;

/// <summary>Only one supervisor per state folder. The kernel drops the lock with the process, however it
/// ends.</summary>
internal sealed class SandboxLock : IDisposable
{
    private readonly FileStream _file;

    private SandboxLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="SandboxException">Another supervisor runs; says where.</exception>
    public static SandboxLock Take(StateDirectory state)
    {
        try
        {
            return new SandboxLock(
                new FileStream(state.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            var run = RunFile.TryRead(state);
            throw new SandboxException(run is null
                ? $"A sandbox is already starting in {state.Root}."
                : $"The sandbox of {state.Root} is already running: {run.Host} (process {run.ProcessId}).");
        }
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();
}
