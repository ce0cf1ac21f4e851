namespace Decent.Canister.Client;

/// <summary>How an agent behaves. Waiting is in machine time, expiries are in business time.</summary>
public sealed record AgentOptions
{
    /// <summary>
    /// An agent for the Internet Computer: certificates and node signatures must verify under the pinned mainnet key.
    /// </summary>
    /// <param name="endpoints">At least one address of a boundary node or gateway; it need not be trusted.</param>
    /// <exception cref="ArgumentException">No address.</exception>
    public static AgentOptions ForMainnet(params IReadOnlyList<Uri> endpoints) =>
        ForNetwork(RootOfTrust.MainnetKeyDer, endpoints);

    /// <summary>An agent for another network, such as a local replica, under that network's root key.</summary>
    /// <param name="rootKeyDer">The network's root key in DER, from whoever runs it.</param>
    /// <param name="endpoints">At least one address.</param>
    /// <exception cref="ArgumentException">No address.</exception>
    public static AgentOptions ForNetwork(ReadOnlyMemory<byte> rootKeyDer, params IReadOnlyList<Uri> endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return endpoints.Count > 0
            ? new AgentOptions
            {
                Endpoint = endpoints[0],
                FurtherEndpoints = [.. endpoints.Skip(1)],
                RootKeyDer = rootKeyDer,
            }
            : throw new ArgumentException("At least one endpoint is needed.", nameof(endpoints));
    }

    /// <summary>Base address of the replica or gateway.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>
    /// More addresses of the same network. After a failure the same bytes go to the next address in turn.
    /// </summary>
    public IReadOnlyList<Uri> FurtherEndpoints { get; init; } = [];

    /// <summary>How calls are submitted; never changed by the agent itself.</summary>
    public CallEndpoint CallEndpoint { get; init; } = CallEndpoint.Synchronous;

    /// <summary>
    /// The root key, in DER, under which certificates must verify: <see cref="RootOfTrust.MainnetKeyDer" /> for the
    /// Internet Computer, a local replica's own key otherwise. Null verifies nothing, and every outcome says
    /// <see cref="Proof.Unproven" />. Never take it from the status of a replica one does not own.
    /// </summary>
    public ReadOnlyMemory<byte>? RootKeyDer { get; init; }

    /// <summary>From building a request to its expiry, in whole seconds; the network takes 5 minutes at most.</summary>
    public TimeSpan RequestLifetime { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>How long one HTTP exchange may take.</summary>
    public TimeSpan ExchangeTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often the same bytes are sent again after a network error, 429 or 5xx.</summary>
    public int Resends { get; init; } = 4;

    /// <summary>Wait before the first resend; doubles each time.</summary>
    public TimeSpan ResendDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Longest rest (<c>Retry-After</c>) of every address that is waited for before a resend; when more is asked, the
    /// answer counts as a refusal.
    /// </summary>
    public TimeSpan RetryAfterMaximum { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long certified node keys of a subnet are used before they are read again.</summary>
    public TimeSpan NodeKeysKeptFor { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Oldest delegation of a subnet that is believed; the network renews them within days.</summary>
    public TimeSpan DelegationMaximumAge { get; init; } = TimeSpan.FromDays(30);

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
