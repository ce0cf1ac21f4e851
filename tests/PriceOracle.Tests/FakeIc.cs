using System.Collections.Concurrent;
using Decent.Candid;
using Decent.Canister.Client;

namespace Decent.PriceOracle.Tests;

/// <summary>An agent whose canisters are functions from a method to an outcome; only queries exist.</summary>
internal sealed class FakeIc : IAgent
{
    private readonly ConcurrentDictionary<string, Func<ReadOnlyMemory<byte>, CancellationToken,
        Task<QueryOutcome>>> _answers = new(StringComparer.Ordinal);

    private int _asked;

    public Principal Sender => Principal.Anonymous;

    public int Asked => _asked;

    public void Replies(string canister, string method, CandidType type, CandidValue value) =>
        Answers(canister, method, new QueryOutcome.Replied(CandidArg.Of((type, value)).Encode(), Proof.Unproven));

    public void RepliesBytes(string canister, string method, byte[] bytes) =>
        Answers(canister, method, new QueryOutcome.Replied(bytes, Proof.Unproven));

    public void Rejects(string canister, string method, string message) =>
        Answers(canister, method, new QueryOutcome.Rejected(5, message, null));

    public void Replies(string canister, string method, CandidType type, Func<CandidArg, CandidValue> value) =>
        _answers[canister + "." + method] = (arg, _) => Task.FromResult<QueryOutcome>(
            new QueryOutcome.Replied(CandidArg.Of((type, value(CandidArg.Decode(arg.Span)))).Encode(), Proof.Unproven));

    public void Hangs(string canister, string method) => _answers[canister + "." + method] = async (_, ct) =>
    {
        await Task.Delay(Timeout.Infinite, ct);
        return new QueryOutcome.Unavailable("never");
    };

    public void Throws(string canister, string method, Exception exception) =>
        _answers[canister + "." + method] = (_, _) => throw exception;

    public Task<QueryOutcome> QueryAsync(Principal canister, string method, ReadOnlyMemory<byte> arg,
        CancellationToken ct)
    {
        Interlocked.Increment(ref _asked);
        return _answers.TryGetValue(canister.ToText() + "." + method, out var answer)
            ? answer(arg, ct)
            : Task.FromResult<QueryOutcome>(new QueryOutcome.Unavailable($"no {method} on {canister.ToText()}"));
    }

    public SignedRequest BuildCall(Principal canister, string method, ReadOnlyMemory<byte> arg,
        TimeSpan? lifetime = null) =>
        throw new NotSupportedException();

    public Task<CallOutcome> SubmitAsync(SignedRequest request, CancellationToken ct) =>
        throw new NotSupportedException();

    public Task<CallOutcome> ResolveAsync(SignedRequest request, CancellationToken ct) =>
        throw new NotSupportedException();

    public Task<CallOutcome> ResolveAsync(SignedRequest request, TimeSpan patience, CancellationToken ct) =>
        throw new NotSupportedException();

    public Task<CallOutcome> CallAsync(Principal canister, string method, ReadOnlyMemory<byte> arg,
        CancellationToken ct) =>
        throw new NotSupportedException();

    public Task<StateReading> ReadStateAsync(Principal canister, IReadOnlyList<StatePath> paths,
        CancellationToken ct) =>
        throw new NotSupportedException();

    public Task<ReplicaStatus> StatusAsync(CancellationToken ct) => throw new NotSupportedException();

    private void Answers(string canister, string method, QueryOutcome outcome) =>
        _answers[canister + "." + method] = (_, _) => Task.FromResult(outcome);
}
