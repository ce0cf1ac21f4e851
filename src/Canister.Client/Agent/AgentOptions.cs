namespace Decent.Canister.Client;

/// <summary>How an agent behaves. Waiting is in machine time, expiries are in business time.</summary>
public sealed record AgentOptions
{
    /// <summary>Base address of the replica or gateway.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>
    /// The root key, in DER, under which certificates must verify: <see cref="RootOfTrust.MainnetKeyDer" /> for the
    /// Internet Computer, a local replica's own key otherwise. Null verifies nothing, and every outcome says
    /// <see cref="Proof.Unproven" />. Never take it from the status of a replica one does not own.
    /// </summary>
    public ReadOnlyMemory<byte>? RootKeyDer { get; init; }

    /// <summary>From building a request to its expiry, cut to whole seconds; the network takes at most 5 minutes.</summary>
    public TimeSpan RequestLifetime { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>How long one HTTP exchange may take.</summary>
    public TimeSpan ExchangeTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often the same bytes are sent again after a network error, 429 or 5xx.</summary>
    public int Resends { get; init; } = 4;

    /// <summary>Wait before the first resend; doubles each time.</summary>
    public TimeSpan ResendDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Wait before the second reading of a status; at least 500 ms against a real network.</summary>
    public TimeSpan PollDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Factor by which the wait between readings grows.</summary>
    public double PollGrowth { get; init; } = 1.4;

    /// <summary>Longest wait between readings.</summary>
    public TimeSpan PollDelayMaximum { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a resolution waits in all when the caller does not say.</summary>
    public TimeSpan PollPatience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Largest answer that is read, in bytes.</summary>
    public int MaximumAnswer { get; init; } = 4 * 1024 * 1024;
}
