using System.Diagnostics;
using Decent.Sandbox.Processes;

namespace Decent.Sandbox.Supervision;

/// <summary>Keeps one child running: starts it, waits until it answers, starts it again when it dies.</summary>
internal sealed class Keeper(
    string name, IReadOnlyList<string> command, string log, IReadOnlyDictionary<string, string> environment, Uri ready,
    HttpClient http,
    Action<string> say) : IDisposable
{
    private const int MostRestarts = 10;
    private static readonly TimeSpan RestartWindow = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    private readonly Queue<long> _restarts = new();
    private Child? _child;
    private volatile bool _stopping;

    /// <summary>Process id of the present child; 0 when none runs.</summary>
    public int ProcessId => _child is { HasExited: false } child ? child.Id : 0;

    /// <summary>Starts the child and waits until it answers.</summary>
    /// <exception cref="SandboxException">It ended or did not answer; the message has its last words.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _child?.Dispose();
        _child = Child.Start(name, command, log, environment);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(ReadyWithin);
        try
        {
            while (!await AnswersAsync(patience.Token))
            {
                if (_child.HasExited)
                {
                    throw new SandboxException(
                        $"The {name} ended while it started; see {log}:{Environment.NewLine}{_child.LastWords()}");
                }

                await Task.Delay(LookAgain, TimeProvider.System, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SandboxException($"The {name} did not answer within {ReadyWithin.TotalSeconds:0} s; see {log}.");
        }
    }

    /// <summary>Restarts the child whenever it dies, until it is stopped.</summary>
    /// <param name="restarted">Called after each restart.</param>
    /// <param name="cancellationToken">Ends watching; the child goes on.</param>
    /// <exception cref="SandboxException">It died too often.</exception>
    public async Task WatchAsync(Action restarted, CancellationToken cancellationToken)
    {
        while (true)
        {
            var code = await _child!.WaitAsync().WaitAsync(cancellationToken);
            if (_stopping || cancellationToken.IsCancellationRequested)
            {
                return;
            }

            CountRestart(code);
            say($"The {name} died (exit code {code}); starting it again.");
            await StartAgainAsync(cancellationToken);
            restarted();
        }
    }

    /// <summary>Stops the child.</summary>
    public async Task StopAsync()
    {
        _stopping = true;
        if (_child is not null)
        {
            await _child.StopAsync();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _child?.Dispose();

    private async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await StartAsync(cancellationToken);
                return;
            }
            catch (SandboxException) when (_child is { HasExited: true } && !_stopping)
            {
                // It may have been killed again while it started.
                CountRestart(await _child.WaitAsync());
            }
        }
    }

    private void CountRestart(int code)
    {
        var now = Stopwatch.GetTimestamp();
        _restarts.Enqueue(now);
        while (Stopwatch.GetElapsedTime(_restarts.Peek(), now) > RestartWindow)
        {
            _restarts.Dequeue();
        }

        if (_restarts.Count > MostRestarts)
        {
            throw new SandboxException(
                $"The {name} died {_restarts.Count} times within a minute (last exit code {code}); giving up. "
                + $"See {log}:"
                + Environment.NewLine + _child!.LastWords());
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(ready, cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
