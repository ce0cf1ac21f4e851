using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Decent.Sandbox.Processes;

/// <summary>
/// Ties a child process to its supervisor. The child's standard input is a pipe the supervisor never writes to: when
/// it ends, the supervisor stopped the child or died, however it died. Ctrl-C at a terminal reaches every process of
/// the group at once, so children ignore it and wait for their turn.
/// </summary>
internal sealed class Lifeline : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _ended = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private Timer? _lastResort;

    private Lifeline()
    {
    }

    /// <summary>Cancelled when this process has to stop.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Watches standard input and signals of a child.</summary>
    public static Lifeline OfChild()
    {
        var line = new Lifeline();
        line._signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true));
        line._signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, line.Stop));
        line.Ended.Register(line.EndByForceLater);
        new Thread(line.ReadToEnd) { IsBackground = true, Name = "lifeline" }.Start();
        return line;
    }

    /// <summary>Watches the signals of a process that a person started.</summary>
    public static Lifeline OfTerminal()
    {
        var line = new Lifeline();
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
        {
            line._signals.Add(PosixSignalRegistration.Create(signal, line.Stop));
        }

        return line;
    }

    /// <summary>Completes when this process has to stop.</summary>
    public Task WaitAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Ended.Register(done.SetResult);
        return done.Task;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _signals.ForEach(s => s.Dispose());
        _lastResort?.Dispose();
        _ended.Dispose();
    }

    // When the supervisor was killed the database may be gone already, and an orderly end may wait for it for ever.
    private void EndByForceLater() => _lastResort = new Timer(
        static _ =>
        {
            using var self = Process.GetCurrentProcess();
            self.Kill();
        },
        null,
        Patience,
        Timeout.InfiniteTimeSpan);

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        End();
    }

    private void ReadToEnd()
    {
        try
        {
            using var input = Console.OpenStandardInput();
            Span<byte> buffer = stackalloc byte[64];
            while (input.Read(buffer) > 0)
            {
                // Nobody writes; whatever comes is ignored.
            }
        }
        catch (IOException)
        {
            // A broken pipe says the same as its end.
        }

        End();
    }

    private void End()
    {
        try
        {
            _ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The process is already on its way out.
        }
    }
}
