using Decent.Candid;
using Polly;
using Polly.Retry;

namespace Decent.Canister.Client;

/// <summary>
/// An agent over the HTTP interface: call v4 (or v2 when chosen), query v3, read_state v3, status. Under a root key
/// every certificate and every signature of a node is verified. Safe for concurrent use.
/// </summary>
public sealed partial class HttpAgent : IAgent
{
    private const int NonceLength = 16;

    private readonly IIdentity identity;
    private readonly AgentOptions options;
    private readonly TimeProvider businessTime;
    private readonly TimeProvider machineTime;
    private readonly IRandomBytes random;
    private readonly Routes routes;
    private readonly Exchange exchange;
    private readonly RootOfTrust? trust;
    private readonly ResiliencePipeline<Answer> resend;
    private readonly SubnetDirectory subnets;
    private readonly ClockWatch clock = new();

    /// <summary>An agent.</summary>
    /// <param name="http">Sends; its own time-out should be longer than the configured exchange time-out.</param>
    /// <param name="identity">Signs.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="businessTime">Makes expiries and judges the age of certificates.</param>
    /// <param name="machineTime">Drives waits and time-outs.</param>
    /// <param name="random">Makes nonces and jitter.</param>
    /// <exception cref="IdentityFormatException">The configured root key is not a key.</exception>
    public HttpAgent(
        HttpClient http,
        IIdentity identity,
        AgentOptions options,
        TimeProvider businessTime,
        TimeProvider machineTime,
        IRandomBytes random)
        : this(() => http, identity, options, businessTime, machineTime, random) =>
        ArgumentNullException.ThrowIfNull(http);

    /// <summary>An agent that asks for its HTTP client at every exchange, so that a factory can renew it.</summary>
    /// <param name="http">Gives the client to send with.</param>
    /// <param name="identity">Signs.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="businessTime">Makes expiries and judges the age of certificates.</param>
    /// <param name="machineTime">Drives waits and time-outs.</param>
    /// <param name="random">Makes nonces and jitter.</param>
    /// <exception cref="IdentityFormatException">The configured root key is not a key.</exception>
    public HttpAgent(
        Func<HttpClient> http,
        IIdentity identity,
        AgentOptions options,
        TimeProvider businessTime,
        TimeProvider machineTime,
        IRandomBytes random)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(options);
        this.identity = identity;
        this.options = options;
        this.businessTime = businessTime;
        this.machineTime = machineTime;
        this.random = random;
        routes = new Routes(options, machineTime);
        exchange = new Exchange(http, options, routes, machineTime);
        trust = options.RootKeyDer is { } rootKey ? RootOfTrust.FromDer(rootKey.Span) : null;
        resend = BuildResend();
        subnets = new SubnetDirectory(ReadNodesAsync, machineTime, options.NodeKeysKeptFor);
    }

    /// <inheritdoc />
    public Principal Sender => identity.Sender;

    /// <inheritdoc />
    public TimeSpan? ClockOffset => clock.Offset;

    /// <inheritdoc />
    public SignedRequest BuildCall(
        Principal canister, string method, ReadOnlyMemory<byte> arg, TimeSpan? lifetime = null)
    {
        ArgumentNullException.ThrowIfNull(canister);
        foreach (var link in identity.Delegations)
        {
            if (link.FindRestriction(RequestKind.Call, canister) is { } restriction)
            {
                throw new InvalidOperationException(restriction);
            }
        }

        var nonce = new byte[NonceLength];
        random.Fill(nonce);
        return Sign(
            RequestContent.ForMethod(
                RequestKind.Call, identity.Sender, canister, method, arg, ExpiryNs(lifetime), nonce),
            canister,
            identity);
    }

    /// <inheritdoc />
    public Task<CallOutcome> SubmitAsync(SignedRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Kind != RequestKind.Call)
        {
            throw new ArgumentException("Only calls are submitted.", nameof(request));
        }

        return Telemetry.RunAsync(
            "submit",
            request.EffectiveCanisterId,
            null,
            request.Id,
            machineTime,
            () => SubmitBytesAsync(request, ct),
            Telemetry.OutcomeOf);
    }

    /// <inheritdoc />
    public Task<CallOutcome> ResolveAsync(SignedRequest request, CancellationToken ct) =>
        ResolveAsync(request, options.PollPatience, ct);

    /// <inheritdoc />
    public Task<CallOutcome> ResolveAsync(SignedRequest request, TimeSpan patience, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        var poll = new StatusPoll(ReadForPollAsync, request, options, trust, NowNs, machineTime, random);
        return Telemetry.RunAsync(
            "resolve",
            request.EffectiveCanisterId,
            null,
            request.Id,
            machineTime,
            () => poll.RunAsync(patience, ct),
            Telemetry.OutcomeOf);

        Task<StateReading> ReadForPollAsync(IReadOnlyList<StatePath> paths, CancellationToken token) =>
            ReadCanisterStateAsync(request.EffectiveCanisterId, paths, identity, repeat: false, token);
    }

    /// <inheritdoc />
    public Task<CallOutcome> CallAsync(
        Principal canister, string method, ReadOnlyMemory<byte> arg, CancellationToken ct)
    {
        var request = BuildCall(canister, method, arg);
        return Telemetry.RunAsync(
            "call", canister, method, request.Id, machineTime, RunAsync, Telemetry.OutcomeOf);

        async Task<CallOutcome> RunAsync()
        {
            var outcome = await SubmitAsync(request, ct);
            return outcome is CallOutcome.Unknown ? await ResolveAsync(request, ct) : outcome;
        }
    }

    /// <inheritdoc />
    public async Task<ReplicaStatus> StatusAsync(CancellationToken ct)
    {
        var answer = await exchange.GetAsync("api/v2/status", ct);
        return (int)answer.Status == 200
            ? AnswerCbor.ReadStatus(answer.Body)
            : throw new AgentException(UnknownReason.Refused, $"The replica answered {(int)answer.Status}.");
    }

    internal static CallOutcome.Unknown Unknown(SignedRequest request, UnknownReason reason, string why) =>
        new(why, request.DecidableUntilNs) { Reason = reason };

    private async Task<CallOutcome> SubmitBytesAsync(SignedRequest request, CancellationToken ct)
    {
        var version = options.CallEndpoint == CallEndpoint.Asynchronous ? "v2" : "v4";
        var path = $"api/{version}/canister/{request.EffectiveCanisterId}/call";
        try
        {
            // Expired bytes are never sent, neither first nor again: no subnet would take them up.
            var answer = await resend.ExecuteAsync(
                async token => NowNs() > request.IngressExpiryNs
                    ? throw new AgentException(
                        UnknownReason.Expired, "The request expired before it could be sent (again).")
                    : await exchange.PostAsync(path, request.Bytes, token),
                ct);
            return ReadCallAnswer(request, answer);
        }
        catch (AgentException e)
        {
            return Unknown(request, e.Reason, e.Message);
        }
    }

    private CallOutcome ReadCallAnswer(SignedRequest request, Answer answer)
    {
        if ((int)answer.Status == 202)
        {
            return Unknown(request, UnknownReason.Running, "The request was taken up and is still running.");
        }

        var fields = ReadOk(answer);
        if (fields is { Status: "replied", Certificate: { } certificate })
        {
            var reading = AcceptForCanister(certificate, request.EffectiveCanisterId);
            return RequestStatus.Of(reading.Certificate.Tree, request.Id) switch
            {
                RequestStatus.Replied r => new CallOutcome.Replied(r.Reply, reading.Evidence),
                RequestStatus.Rejected r =>
                    new CallOutcome.Rejected(r.Code, r.Message, r.ErrorCode, reading.Evidence),
                RequestStatus.Running r => Unknown(request, UnknownReason.Running, $"The request is {r.Name}."),
                RequestStatus.Done => Unknown(
                    request, UnknownReason.Done, "The request executed; its answer is no longer kept."),
                RequestStatus.Absent => Unknown(
                    request, UnknownReason.NotListed, "The certificate does not list the request yet."),
                RequestStatus.Unusable u => Unknown(request, UnknownReason.BadAnswer, u.Why),
                _ => throw new InvalidOperationException("A request status was not handled."),
            };
        }

        // One node's refusal is not the subnet's: another node may have taken the same bytes up.
        return fields.RejectCode is { } code
            ? Unknown(
                request,
                UnknownReason.Refused,
                $"A node refused the request: {code} {fields.ErrorCode} {fields.RejectMessage}")
            : Unknown(request, UnknownReason.BadAnswer, "The answer to the call has no known status.");
    }

    private static SignedRequest Sign(RequestContent content, Principal effective, IIdentity signer) =>
        new(
            content.Id,
            effective,
            content.IngressExpiryNs,
            RequestEnvelope.Sign(content, signer).ToCbor(),
            content.Kind);

    private ulong NowNs() => NanosecondsOf(businessTime.GetUtcNow());

    private ulong ExpiryNs(TimeSpan? lifetime)
    {
        var expiry = businessTime.GetUtcNow() + (lifetime ?? options.RequestLifetime);
        return (ulong)expiry.ToUnixTimeSeconds() * 1_000_000_000;
    }

    private static ulong NanosecondsOf(DateTimeOffset time) =>
        (ulong)(time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100;

    private ResiliencePipeline<Answer> BuildResend()
    {
        var retry = new RetryStrategyOptions<Answer>
        {
            ShouldHandle = new PredicateBuilder<Answer>()
                .Handle<AgentException>(static e => e.Reason == UnknownReason.NoAnswer)
                .HandleResult(a => a.IsTransient && routes.WaitNeeded() <= options.RetryAfterMaximum),
            MaxRetryAttempts = Math.Max(1, options.Resends),
            BackoffType = DelayBackoffType.Exponential,
            Delay = options.ResendDelay,
            UseJitter = true,
            Randomizer = () => Jitter.Next(random),
            DelayGenerator = _ => ValueTask.FromResult<TimeSpan?>(
                routes.WaitNeeded() is var rest && rest > TimeSpan.Zero ? rest : null),
            OnRetry = static _ =>
            {
                Telemetry.Resends.Add(1);
                return ValueTask.CompletedTask;
            },
        };
        var builder = new ResiliencePipelineBuilder<Answer> { TimeProvider = machineTime };
        return options.Resends > 0 ? builder.AddRetry(retry).Build() : builder.Build();
    }
}
