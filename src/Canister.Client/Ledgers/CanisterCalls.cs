using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>Reads the bytes of a reply.</summary>
/// <typeparam name="T">What they say.</typeparam>
/// <param name="reply">Candid bytes.</param>
/// <exception cref="CandidDecodeException">Malformed, or does not fit.</exception>
public delegate T CandidReply<out T>(ReadOnlySpan<byte> reply);

/// <summary>Calls with Candid on both ends: the part that every generated client shares.</summary>
public static class CanisterCalls
{
    /// <summary>Asks a canister and reads the answer.</summary>
    /// <typeparam name="T">What it answers.</typeparam>
    /// <param name="agent">Speaks to the canister.</param>
    /// <param name="canister">The canister.</param>
    /// <param name="method">The query method.</param>
    /// <param name="argument">Candid bytes of the arguments.</param>
    /// <param name="read">Reads the reply.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="CanisterCallException">Refused, unreachable, or an answer of another shape.</exception>
    public static async Task<T> QueryAsync<T>(
        IAgent agent,
        Principal canister,
        string method,
        ReadOnlyMemory<byte> argument,
        CandidReply<T> read,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(canister);
        ArgumentNullException.ThrowIfNull(read);
        return await agent.QueryAsync(canister, method, argument, cancellationToken) switch
        {
            QueryOutcome.Replied replied => Read(canister, method, replied.Reply, read),
            QueryOutcome.Rejected rejected => throw new CanisterCallException(
                canister.ToText(),
                method,
                $"rejected with code {rejected.RejectCode}: {rejected.Message}",
                rejected.ErrorCode),
            QueryOutcome.Unavailable unavailable =>
                throw new CanisterCallException(canister.ToText(), method, unavailable.Why),
            _ => throw new CanisterCallException(canister.ToText(), method, "an outcome of unknown kind"),
        };
    }

    /// <summary>
    /// Calls an update method and waits for its reply, for calls that need not survive a crash. Anything that moves
    /// money is built, stored and submitted instead.
    /// </summary>
    /// <typeparam name="T">What it answers.</typeparam>
    /// <param name="agent">Speaks to the canister.</param>
    /// <param name="canister">The canister.</param>
    /// <param name="method">The update method.</param>
    /// <param name="argument">Candid bytes of the arguments.</param>
    /// <param name="read">Reads the reply.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="CanisterCallException">Rejected, undecided, or an answer of another shape.</exception>
    public static async Task<T> CallAsync<T>(
        IAgent agent,
        Principal canister,
        string method,
        ReadOnlyMemory<byte> argument,
        CandidReply<T> read,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(canister);
        ArgumentNullException.ThrowIfNull(read);
        return await agent.CallAsync(canister, method, argument, cancellationToken) switch
        {
            CallOutcome.Replied replied => Read(canister, method, replied.Reply, read),
            CallOutcome.Rejected rejected => throw new CanisterCallException(
                canister.ToText(),
                method,
                $"rejected with code {rejected.RejectCode}: {rejected.Message}",
                rejected.ErrorCode),
            CallOutcome.NotExecuted =>
                throw new CanisterCallException(canister.ToText(), method, "did not execute before it expired"),
            CallOutcome.Unknown unknown =>
                throw new CanisterCallException(canister.ToText(), method, "undecided: " + unknown.Why),
            _ => throw new CanisterCallException(canister.ToText(), method, "an outcome of unknown kind"),
        };
    }

    /// <summary>Sends a call to a method that never answers; what became of it is not known.</summary>
    /// <param name="agent">Speaks to the canister.</param>
    /// <param name="canister">The canister.</param>
    /// <param name="method">The oneway method.</param>
    /// <param name="argument">Candid bytes of the arguments.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static Task SendAsync(
        IAgent agent,
        Principal canister,
        string method,
        ReadOnlyMemory<byte> argument,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return agent.SubmitAsync(agent.BuildCall(canister, method, argument), cancellationToken);
    }

    private static T Read<T>(Principal canister, string method, ReadOnlyMemory<byte> reply, CandidReply<T> read)
    {
        try
        {
            return read(reply.Span);
        }
        catch (CandidDecodeException fault)
        {
            throw new CanisterCallException(
                canister.ToText(), method, "the answer cannot be read: " + fault.Message, innerException: fault);
        }
    }
}
