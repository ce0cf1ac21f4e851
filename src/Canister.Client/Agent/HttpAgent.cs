using Decent.Candid;
using Polly;
using Polly.Retry;

namespace Decent.Canister.Client;

/// <summary>An agent over the HTTP interface: call v4, query v3, read_state v3, status.</summary>
public sealed class HttpAgent : IAgent
{
    private const int NonceLength = 16;

    private readonly IIdentity identity;
    private readonly AgentOptions options;
    private readonly TimeProvider businessTime;
    private readonly TimeProvider machineTime;
    private readonly IRandomBytes random;
    private readonly Exchange exchange;
    private readonly RootOfTrust? trust;
    private readonly ResiliencePipeline<Answer> resend;

    /// <summary>An agent.</summary>
    /// <param name="http">Sends; its own time-out should be longer than the configured exchange time-out.</param>
    /// <param name="identity">Signs.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="businessTime">Makes expiries and judges the age of certificates.</param>
    /// <param name="machineTime">Drives waits and time-outs.</param>
    /// <param name="random">Makes nonces and jitter.</param>
    public HttpAgent(
        HttpClient http,
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
        exchange = new Exchange(http, options, machineTime);
        trust = options.RootKeyDer is { } rootKey ? RootOfTrust.FromDer(rootKey.Span) : null;
        resend = BuildResend();
    }

    /// <inheritdoc />
    public Principal Sender => identity.Sender;

    /// <inheritdoc />
    public SignedRequest BuildCall(
        Principal canister, string method, ReadOnlyMemory<byte> arg, TimeSpan? lifetime = null)
    {
        ArgumentNullException.ThrowIfNull(canister);
        var nonce = new byte[NonceLength];
        random.Fill(nonce);
        return Sign(
            RequestContent.ForMethod(
                RequestKind.Call, identity.Sender, canister, method, arg, ExpiryNs(lifetime), nonce),
            canister);
    }

    /// <inheritdoc />
    public async Task<CallOutcome> SubmitAsync(SignedRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Kind != RequestKind.Call)
        {
            throw new ArgumentException("Only calls are submitted.", nameof(request));
        }

        if (NowNs() > request.IngressExpiryNs)
        {
            return Unknown(request, UnknownReason.Expired, "The request expired before it could be sent.");
        }

        try
        {
            var path = $"api/v4/canister/{request.EffectiveCanisterId}/call";
            var answer = await resend.ExecuteAsync(
                async token => await exchange.PostAsync(path, request.Bytes, token), ct);
            return ReadCallAnswer(request, answer);
        }
        catch (AgentException e)
        {
            return Unknown(request, e.Reason, e.Message);
        }
    }

    /// <inheritdoc />
    public Task<CallOutcome> ResolveAsync(SignedRequest request, CancellationToken ct) =>
        ResolveAsync(request, options.PollPatience, ct);

    /// <inheritdoc />
    public Task<CallOutcome> ResolveAsync(SignedRequest request, TimeSpan patience, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new StatusPoll(this, request, options, trust, NowNs, machineTime, random).RunAsync(patience, ct);
    }

    /// <inheritdoc />
    public async Task<CallOutcome> CallAsync(
        Principal canister, string method, ReadOnlyMemory<byte> arg, CancellationToken ct)
    {
        var request = BuildCall(canister, method, arg);
        var outcome = await SubmitAsync(request, ct);
        return outcome is CallOutcome.Unknown ? await ResolveAsync(request, ct) : outcome;
    }

    /// <inheritdoc />
    public async Task<QueryOutcome> QueryAsync(
        Principal canister, string method, ReadOnlyMemory<byte> arg, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(canister);
        var request = Sign(
            RequestContent.ForMethod(
                RequestKind.Query, identity.Sender, canister, method, arg, ExpiryNs(null), nonce: null),
            canister);
        try
        {
            var answer = await resend.ExecuteAsync(
                async token => await exchange.PostAsync($"api/v3/canister/{canister}/query", request.Bytes, token), ct);
            var fields = ReadOk(answer);
            return fields switch
            {
                { Status: "replied", Reply: { } reply } => new QueryOutcome.Replied(reply, Proof.Unproven),
                { Status: "rejected", RejectCode: { } code } =>
                    new QueryOutcome.Rejected(code, fields.RejectMessage ?? string.Empty, fields.ErrorCode),
                _ => new QueryOutcome.Unavailable("The answer to the query says neither replied nor rejected."),
            };
        }
        catch (AgentException e)
        {
            return new QueryOutcome.Unavailable(e.Message);
        }
    }

    /// <inheritdoc />
    public async Task<StateReading> ReadStateAsync(
        Principal canister, IReadOnlyList<StatePath> paths, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(canister);

        // Each reading is a request of its own with a fresh expiry; reading changes nothing, so signing anew is safe.
        var request = Sign(RequestContent.ForReadState(identity.Sender, paths, ExpiryNs(null)), canister);
        var answer = await exchange.PostAsync($"api/v3/canister/{canister}/read_state", request.Bytes, ct);
        return ReadOk(answer).Certificate is { } certificate
            ? Accept(certificate, canister)
            : throw new AgentException(UnknownReason.BadAnswer, "The answer carries no certificate.");
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

    private static AnswerCbor.Fields ReadOk(Answer answer) =>
        (int)answer.Status == 200
            ? AnswerCbor.Read(answer.Body)
            : throw new AgentException(UnknownReason.Refused, $"The replica answered {(int)answer.Status}.");

    private CallOutcome ReadCallAnswer(SignedRequest request, Answer answer)
    {
        if ((int)answer.Status == 202)
        {
            return Unknown(request, UnknownReason.Running, "The request was taken up and is still running.");
        }

        var fields = ReadOk(answer);
        if (fields is { Status: "replied", Certificate: { } certificate })
        {
            var reading = Accept(certificate, request.EffectiveCanisterId);
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

    /// <summary>Checks time and scope, and under a root key the signatures.</summary>
    private StateReading Accept(ReadOnlyMemory<byte> bytes, Principal canister)
    {
        try
        {
            var certificate = Certificate.Parse(bytes);
            certificate.CheckFresh(NowNs());
            certificate.CheckCanisterScope(canister);
            trust?.Verify(certificate);
            var proof = trust is null ? Proof.Unproven : Proof.Certified;
            return new StateReading(certificate, certificate.TimeNs(), new CertificateEvidence(bytes, proof));
        }
        catch (CertificateException e)
        {
            throw new AgentException(UnknownReason.BadAnswer, e.Message, e);
        }
    }

    private SignedRequest Sign(RequestContent content, Principal canister) =>
        new(
            content.Id,
            canister,
            content.IngressExpiryNs,
            RequestEnvelope.Sign(content, identity).ToCbor(),
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
                .HandleResult(static a => a.IsTransient),
            MaxRetryAttempts = Math.Max(1, options.Resends),
            BackoffType = DelayBackoffType.Exponential,
            Delay = options.ResendDelay,
            UseJitter = true,
            Randomizer = () => Jitter.Next(random),
        };
        var builder = new ResiliencePipelineBuilder<Answer> { TimeProvider = machineTime };
        return options.Resends > 0 ? builder.AddRetry(retry).Build() : builder.Build();
    }
}
