namespace Decent.Canister.Client;

/// <summary>
/// Measures how far the subnet's certified time is from this machine's. A certificate older than one seen before says
/// nothing about the clock, so a replayed one cannot move the measure back. Safe for concurrent use.
/// </summary>
internal sealed class ClockWatch
{
    private readonly Lock gate = new();
    private ulong newest;
    private TimeSpan? offset;

    /// <summary>Certified time minus own time at the newest reading; null before the first.</summary>
    internal TimeSpan? Offset
    {
        get
        {
            lock (gate)
            {
                return offset;
            }
        }
    }

    /// <summary>Takes a verified time.</summary>
    internal void Observe(ulong certifiedNs, ulong ownNs)
    {
        lock (gate)
        {
            if (certifiedNs < newest)
            {
                return;
            }

            newest = certifiedNs;
            offset = certifiedNs >= ownNs
                ? TimeSpan.FromTicks((long)((certifiedNs - ownNs) / 100))
                : -TimeSpan.FromTicks((long)((ownNs - certifiedNs) / 100));
            Telemetry.ClockOffset.Record(offset.Value.TotalSeconds);
        }
    }
}
