using Decent.Candid;
using Decent.Canister.Client;

namespace Decent.Payments.Tests.Transfers;

/// <summary>What happens to one sending of bytes.</summary>
internal sealed record Fate
{
    /// <summary>The bytes never arrive.</summary>
    public bool Lost { get; init; }

    /// <summary>The request waits in the network this long before it runs, unless it expires first.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The answer does not come back.</summary>
    public bool AnswerLost { get; init; }

    /// <summary>The way to the network throws instead of answering.</summary>
    public bool Throws { get; init; }

    /// <summary>The canister says this instead of doing anything.</summary>
    public TransferAnswer? Instead { get; init; }

    /// <summary>Our account is empty at the moment of execution.</summary>
    public bool Drained { get; init; }

    /// <summary>The canister does what it should and then says this.</summary>
    public TransferAnswer? Afterwards { get; init; }

    /// <summary>The system rejects the call with this code; after execution when <see cref="RejectAfterwards" />.</summary>
    public ulong RejectCode { get; init; }

    public string? ErrorCode { get; init; }

    public bool RejectAfterwards { get; init; }

    public static Fate Good { get; } = new();
}

/// <summary>An Internet Computer in memory: every request runs at most once and never after its expiry.</summary>
internal sealed class ScriptedAgent : IAgent
{
    private readonly Lock _lock = new();
    private readonly HttpAgent _builder;
    private readonly Dictionary<string, Known> _requests = new(StringComparer.Ordinal);
    private readonly Func<Principal, FakeLedger> _ledgers;
    private readonly TimeProvider _time;

    public ScriptedAgent(Func<Principal, FakeLedger> ledgers, TimeProvider time)
    {
        _ledgers = ledgers;
        _time = time;
        _builder = new HttpAgent(
            new HttpClient(),
            Ed25519Identity.FromSeed(Enumerable.Range(1, 32).Select(static i => (byte)i).ToArray()),
            new AgentOptions { Endpoint = new Uri("http://127.0.0.1:1") },
            time,
            time,
            SystemRandomBytes.Instance);
    }

    /// <summary>What happens to the next sending; asked once per sending.</summary>
    public Func<Fate> Next { get; set; } = static () => Fate.Good;

    /// <summary>True makes the status of a request unreadable.</summary>
    public Func<bool> StatusFails { get; set; } = static () => false;

    /// <summary>True makes the certified time unreadable.</summary>
    public Func<bool> TimeFails { get; set; } = static () => false;

    /// <summary>Every sending, in order.</summary>
    public List<SignedRequest> Sent { get; } = [];

    public Principal Sender => _builder.Sender;

    private ulong NowNs => (ulong)(_time.GetUtcNow().UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100;

    public SignedRequest BuildCall(
        Principal canister, string method, ReadOnlyMemory<byte> arg, TimeSpan? lifetime = null) =>
        _builder.BuildCall(canister, method, arg, lifetime);

    public Task<CallOutcome> SubmitAsync(SignedRequest request, CancellationToken ct)
    {
        lock (_lock)
        {
            Run();
            Sent.Add(request);
            var fate = Next();
            var known = Find(request);
            if (!fate.Lost && known.State == Stage.NotSeen)
            {
                known.State = Stage.Waiting;
                known.Fate = fate;
                known.RunsAtNs = NowNs + ((ulong)fate.Delay.Ticks * 100);
                Run();
            }

            if (fate.Throws)
            {
                throw new HttpRequestException("The connection broke.");
            }

            return Task.FromResult(fate.AnswerLost || fate.Lost || known.State != Stage.Done
                ? new CallOutcome.Unknown("No answer.", request.DecidableUntilNs)
                : known.Outcome!);
        }
    }

    public Task<CallOutcome> ResolveAsync(SignedRequest request, CancellationToken ct) =>
        ResolveAsync(request, TimeSpan.Zero, ct);

    public Task<CallOutcome> ResolveAsync(SignedRequest request, TimeSpan patience, CancellationToken ct)
    {
        lock (_lock)
        {
            Run();
            if (StatusFails())
            {
                return Task.FromResult<CallOutcome>(new CallOutcome.Unknown("No answer.", request.DecidableUntilNs));
            }

            var known = Find(request);
            if (NowNs > request.DecidableUntilNs)
            {
                return Task.FromResult<CallOutcome>(
                    new CallOutcome.Unknown("Too late.", request.DecidableUntilNs) { Reason = UnknownReason.TooLate });
            }

            return Task.FromResult(known.State switch
            {
                Stage.Done => known.Outcome!,
                _ when NowNs > request.IngressExpiryNs => new CallOutcome.NotExecuted(NowNs, Evidence()),
                _ => new CallOutcome.Unknown("Not yet.", request.DecidableUntilNs) { Reason = UnknownReason.NotListed },
            });
        }
    }

    public Task<CallOutcome> CallAsync(
        Principal canister, string method, ReadOnlyMemory<byte> arg, CancellationToken ct) => throw new NotSupportedException();

    public Task<QueryOutcome> QueryAsync(
        Principal canister, string method, ReadOnlyMemory<byte> arg, CancellationToken ct) => throw new NotSupportedException();

    public Task<StateReading> ReadStateAsync(Principal canister, IReadOnlyList<StatePath> paths, CancellationToken ct)
    {
        if (TimeFails())
        {
            throw new AgentException(UnknownReason.NoAnswer, "No answer.");
        }

        var certificate = Certificate.Parse(Certificate.Write(
            HashTree.Labeled("time", HashTree.Leaf(new byte[] { 0 })), new byte[48]));
        return Task.FromResult(new StateReading(certificate, NowNs, Evidence()));
    }

    public Task<ReplicaStatus> StatusAsync(CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Runs what waits in the network and is due; what expired first never runs.</summary>
    public void Run()
    {
        lock (_lock)
        {
            foreach (var known in _requests.Values.Where(k => k.State == Stage.Waiting && k.RunsAtNs <= NowNs).ToList())
            {
                known.State = Stage.Done;
                known.Outcome = known.RunsAtNs > known.Request.IngressExpiryNs
                    ? null
                    : Execute(known.Request, known.Fate);
                if (known.Outcome is null)
                {
                    known.State = Stage.Dead;
                }
            }
        }
    }

    private CallOutcome Execute(SignedRequest request, Fate fate)
    {
        var content = RequestEnvelope.Parse(request.Bytes).Content;
        var ledger = _ledgers(content.CanisterId!);
        if (fate.RejectCode != 0 && !fate.RejectAfterwards)
        {
            return new CallOutcome.Rejected(fate.RejectCode, "made up", fate.ErrorCode, Evidence());
        }

        var answer = fate.Instead ?? ledger.Execute(new IcrcAccount(content.Sender), content.Arg, fate.Drained);
        return fate.RejectCode != 0
            ? new CallOutcome.Rejected(fate.RejectCode, "made up", fate.ErrorCode, Evidence())
            : new CallOutcome.Replied(FakeLedger.Encode(fate.Afterwards ?? answer), Evidence());
    }

    private Known Find(SignedRequest request)
    {
        var key = request.Id.ToString();
        if (!_requests.TryGetValue(key, out var known))
        {
            _requests[key] = known = new Known(request);
        }

        return known;
    }

    private static CertificateEvidence Evidence() => new(new byte[] { 1, 2, 3 }, Proof.Unproven);

    private enum Stage
    {
        NotSeen,
        Waiting,
        Done,
        Dead,
    }

    private sealed class Known(SignedRequest request)
    {
        public SignedRequest Request { get; } = request;

        public Stage State { get; set; }

        public Fate Fate { get; set; } = Fate.Good;

        public ulong RunsAtNs { get; set; }

        public CallOutcome? Outcome { get; set; }
    }
}
