using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>
/// Speaks to the Internet Computer on behalf of one identity. Building signed bytes, sending them and learning their
/// fate are separate steps, so that the bytes can be stored before the first of them leaves.
/// </summary>
public interface IAgent
{
    /// <summary>The principal that canisters see as the caller.</summary>
    Principal Sender { get; }

    /// <summary>
    /// Certified time minus this machine's at the newest verified certificate; null when none was verified yet. More
    /// than a few seconds is for an operator to repair: requests are never built with a corrected clock.
    /// </summary>
    TimeSpan? ClockOffset => null;

    /// <summary>Builds and signs a call with a fresh nonce. Sends nothing.</summary>
    /// <param name="canister">The called canister.</param>
    /// <param name="method">The called method.</param>
    /// <param name="arg">The Candid argument.</param>
    /// <param name="lifetime">From now to the expiry, in whole seconds; the configured one when null.</param>
    /// <exception cref="InvalidOperationException">
    /// A delegation of the identity permits queries only, or not this canister.
    /// </exception>
    SignedRequest BuildCall(
        Principal canister, string method, ReadOnlyMemory<byte> arg, TimeSpan? lifetime = null);

    /// <summary>
    /// Sends the stored bytes of a call, the same bytes again on network errors, 429 and 5xx. Never signs. Everything
    /// but a certificate that lists the request is <see cref="CallOutcome.Unknown" />.
    /// </summary>
    Task<CallOutcome> SubmitAsync(SignedRequest request, CancellationToken ct);

    /// <summary>
    /// Reads the request's status until it is decided or can no longer be, at most for the configured patience.
    /// </summary>
    Task<CallOutcome> ResolveAsync(SignedRequest request, CancellationToken ct);

    /// <summary>As <see cref="ResolveAsync(SignedRequest, CancellationToken)" /> with another patience.</summary>
    /// <param name="request">The call.</param>
    /// <param name="patience">Machine time to spend; zero reads the status exactly once.</param>
    /// <param name="ct">Stops waiting.</param>
    Task<CallOutcome> ResolveAsync(SignedRequest request, TimeSpan patience, CancellationToken ct);

    /// <summary>Builds, submits and, if needed, resolves a call, for calls that need not survive a crash.</summary>
    Task<CallOutcome> CallAsync(
        Principal canister, string method, ReadOnlyMemory<byte> arg, CancellationToken ct);

    /// <summary>
    /// Asks one node. Under a root key its signature is verified (<see cref="Proof.NodeSigned" />); an answer whose
    /// signature does not hold is <see cref="QueryOutcome.Unavailable" />. Never decide about money on this.
    /// </summary>
    Task<QueryOutcome> QueryAsync(
        Principal canister, string method, ReadOnlyMemory<byte> arg, CancellationToken ct);

    /// <summary>Reads parts of the state tree.</summary>
    /// <exception cref="AgentException">No answer, or one that is malformed, out of date or out of scope.</exception>
    Task<StateReading> ReadStateAsync(
        Principal canister, IReadOnlyList<StatePath> paths, CancellationToken ct);

    /// <summary>Reads parts of the state tree of a subnet, such as its metrics or nodes.</summary>
    /// <exception cref="AgentException">No answer, or one that is malformed, out of date or out of scope.</exception>
    /// <exception cref="NotSupportedException">This agent cannot ask subnets.</exception>
    Task<StateReading> ReadSubnetStateAsync(
        Principal subnet, IReadOnlyList<StatePath> paths, CancellationToken ct) =>
        throw new NotSupportedException("This agent cannot ask subnets.");

    /// <summary>Asks the replica about itself. Its root key is never used for anything.</summary>
    /// <exception cref="AgentException">No answer, or a malformed one.</exception>
    Task<ReplicaStatus> StatusAsync(CancellationToken ct);
}
