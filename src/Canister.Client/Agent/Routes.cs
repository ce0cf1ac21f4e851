namespace Decent.Canister.Client;

/// <summary>
/// The addresses an agent may send to. A failure moves on to the next one; one that asked for rest gets it.
/// Safe for concurrent use.
/// </summary>
internal sealed class Routes
{
    private readonly Lock gate = new();
    private readonly TimeProvider machineTime;
    private readonly Uri[] endpoints;
    private readonly long[] restUntil;
    private int current;

    internal Routes(AgentOptions options, TimeProvider machineTime)
    {
        this.machineTime = machineTime;
        endpoints = [options.Endpoint, .. options.FurtherEndpoints];
        restUntil = new long[endpoints.Length];
        Array.Fill(restUntil, machineTime.GetTimestamp());
    }

    /// <summary>The index of the address to use now: the preferred one unless it rests and another does not.</summary>
    internal int Choose()
    {
        lock (gate)
        {
            var now = machineTime.GetTimestamp();
            var best = current;
            for (var i = 0; i < endpoints.Length && restUntil[best] > now; i++)
            {
                var candidate = (current + i) % endpoints.Length;
                best = restUntil[candidate] < restUntil[best] ? candidate : best;
            }

            return best;
        }
    }

    /// <summary>The full address of a path under one of the endpoints.</summary>
    internal Uri Address(int route, string path) => new(endpoints[route], path);

    /// <summary>Notes that an address failed, so that the next attempt goes to another one.</summary>
    /// <param name="route">Which address.</param>
    /// <param name="rest">How long it asked to be left alone; null when it did not say.</param>
    internal void Failed(int route, TimeSpan? rest)
    {
        lock (gate)
        {
            if (rest is { } wanted && wanted > TimeSpan.Zero)
            {
                var ticks = (long)(wanted.TotalSeconds * machineTime.TimestampFrequency);
                restUntil[route] = machineTime.GetTimestamp() + ticks;
            }

            if (current == route)
            {
                current = (route + 1) % endpoints.Length;
            }
        }
    }

    /// <summary>How long to wait until some address may be used; zero when one is free.</summary>
    internal TimeSpan WaitNeeded()
    {
        lock (gate)
        {
            var now = machineTime.GetTimestamp();
            var first = restUntil.Min();
            return first > now ? machineTime.GetElapsedTime(now, first) : TimeSpan.Zero;
        }
    }
}
