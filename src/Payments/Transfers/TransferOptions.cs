namespace Decent.Payments.Transfers;

/// <summary>How transfers are sent and resolved. Durations are business time unless said otherwise.</summary>
internal sealed record TransferOptions
{
    /// <summary>False holds back transfers of kind <c>payout</c> that were never sent.</summary>
    public bool PayoutsEnabled { get; init; }

    /// <summary>No attempt is made later than this after <c>created_at_time</c>; below the ledgers' 24 hours.</summary>
    public TimeSpan SendWindow { get; init; } = TimeSpan.FromHours(23);

    /// <summary>Lifetime of an attempt, whole seconds.</summary>
    public TimeSpan AttemptLifetime { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>Pause between looks at a request in flight.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pause after a fault, and between scans that could not decide.</summary>
    public TimeSpan LongPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a transfer may stay undecided after its last expiry before a person is told.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Attempts after which an answer that proves nothing is no longer met with another attempt.</summary>
    public int MaxDoubtfulAttempts { get; init; } = 3;

    /// <summary>Machine time one worker keeps a transfer.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Machine time one network call may take.</summary>
    public TimeSpan CallBudget { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Transfers worked on side by side.</summary>
    public int Lanes { get; init; } = 4;
}

/// <summary>Machine time: leases and the second clock of every transition. Never moved by the sandbox.</summary>
/// <param name="Time">The machine's own clock.</param>
internal sealed record MachineClock(TimeProvider Time)
{
    /// <summary>Now, microseconds, UTC.</summary>
    public DateTimeOffset Now => Time.GetUtcNow().ToMicroseconds();
}

/// <summary>Instants as the database keeps them.</summary>
internal static class LedgerTime
{
    /// <summary>Cut to microseconds, UTC.</summary>
    public static DateTimeOffset ToMicroseconds(this DateTimeOffset value) =>
        new(value.UtcTicks - (value.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    /// <summary>Nanoseconds since 1970.</summary>
    public static ulong ToUnixNanoseconds(this DateTimeOffset value) =>
        checked((ulong)(value.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100);

    /// <summary>The instant of nanoseconds since 1970, cut to 100 ns.</summary>
    public static DateTimeOffset FromUnixNanoseconds(ulong nanoseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(checked((long)(nanoseconds / 100)));
}
