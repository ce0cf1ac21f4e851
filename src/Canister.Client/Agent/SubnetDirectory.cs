using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>
/// Remembers the certified nodes of each subnet. Reads them once for all who wait, and again when they may be out of
/// date. Safe for concurrent use.
/// </summary>
internal sealed class SubnetDirectory(
    Func<Principal, CancellationToken, Task<SubnetNodes>> read, TimeProvider machineTime, TimeSpan keptFor)
{
    private readonly Lock gate = new();
    private readonly Dictionary<Principal, Entry> subnets = [];
    private readonly Dictionary<Principal, Task<SubnetNodes>> underWay = [];

    /// <summary>The nodes of the subnet that hosts a canister.</summary>
    /// <param name="canister">The canister.</param>
    /// <param name="unlike">Nodes that turned out not to do; others are read.</param>
    /// <param name="ct">Stops waiting; the reading itself goes on for whoever else waits.</param>
    internal Task<SubnetNodes> FindAsync(Principal canister, SubnetNodes? unlike, CancellationToken ct)
    {
        lock (gate)
        {
            foreach (var entry in subnets.Values)
            {
                if (!ReferenceEquals(entry.Nodes, unlike) && entry.Nodes.Hosts(canister)
                    && machineTime.GetElapsedTime(entry.ReadAt) < keptFor)
                {
                    return Task.FromResult(entry.Nodes);
                }
            }

            if (!underWay.TryGetValue(canister, out var reading))
            {
                underWay[canister] = reading = ReadAsync(canister);
            }

            return reading.WaitAsync(ct);
        }
    }

    private async Task<SubnetNodes> ReadAsync(Principal canister)
    {
        // Leaves the caller's lock first, so that the entry is there before it is removed again.
        await Task.Yield();
        try
        {
            var nodes = await read(canister, CancellationToken.None);
            lock (gate)
            {
                subnets[nodes.SubnetId] = new Entry(nodes, machineTime.GetTimestamp());
            }

            return nodes;
        }
        finally
        {
            lock (gate)
            {
                underWay.Remove(canister);
            }
        }
    }

    private sealed record Entry(SubnetNodes Nodes, long ReadAt);
}
