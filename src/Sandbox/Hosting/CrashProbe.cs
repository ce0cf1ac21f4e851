using System.Diagnostics;
using Decent.Postgres;

namespace Decent.Sandbox.Hosting;

/// <summary>
/// Ends this process with SIGKILL the n-th time it reaches a named point, so that nothing can be tidied up: what a
/// restart finds is what was durable.
/// </summary>
internal sealed class CrashProbe : IFaultProbe
{
    private readonly Lock _gate = new();
    private string? _point;
    private int _left;

    /// <summary>Arms the probe; an earlier order is forgotten.</summary>
    /// <param name="point">Name of the point, or null to disarm.</param>
    /// <param name="nth">Which passing of it counts; 1 is the next.</param>
    public void Arm(string? point, int nth)
    {
        lock (_gate)
        {
            _point = point;
            _left = nth;
        }
    }

    /// <inheritdoc />
    public void Reached(string point)
    {
        lock (_gate)
        {
            if (point != _point || --_left > 0)
            {
                return;
            }
        }

        Die();
    }

    /// <summary>Ends this process at once.</summary>
    public static void Die()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();

        // The signal is on its way; nothing may happen after the point.
        new ManualResetEventSlim(false).Wait();
    }
}
