namespace Decent.Canister.Client.Tests.Agent;

/// <summary>
/// Machine time without waiting: a short timer (a wait between attempts) moves the clock and fires at once, a long one
/// (a time limit) fires only when the test says so.
/// </summary>
internal sealed class VirtualTime : TimeProvider
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly List<VirtualTimer> limits = [];
    private readonly List<TimeSpan> waits = [];
    private TimeSpan elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The waits so far.</summary>
    internal IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (gate)
            {
                return [.. waits];
            }
        }
    }

    public override long GetTimestamp()
    {
        lock (gate)
        {
            return elapsed.Ticks;
        }
    }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + new TimeSpan(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets every time limit in force pass.</summary>
    internal void PassLimits()
    {
        VirtualTimer[] due;
        lock (gate)
        {
            due = [.. limits];
            limits.Clear();
        }

        foreach (var timer in due)
        {
            timer.Fire();
        }
    }

    private void Schedule(VirtualTimer timer, TimeSpan dueTime)
    {
        if (dueTime < TimeSpan.Zero)
        {
            return;
        }

        lock (gate)
        {
            if (dueTime >= Long)
            {
                limits.Add(timer);
                return;
            }

            waits.Add(dueTime);
            elapsed += dueTime;
        }

        ThreadPool.QueueUserWorkItem(_ => timer.Fire());
    }

    private sealed class VirtualTimer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private bool disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time.Schedule(this, dueTime);
            return true;
        }

        public void Dispose()
        {
            disposed = true;
            lock (time.gate)
            {
                time.limits.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        internal void Fire()
        {
            if (!disposed)
            {
                callback(state);
            }
        }
    }
}
