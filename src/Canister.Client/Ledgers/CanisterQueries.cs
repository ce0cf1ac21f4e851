using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>Queries with Candid on both ends: the part every typed client shares.</summary>
internal static class CanisterQueries
{
    /// <summary>Asks a canister and reads the answer.</summary>
    /// <exception cref="CanisterCallException">Refused, unreachable, or an answer of another shape.</exception>
    public static async Task<T> QueryAsync<T>(
        this IAgent agent,
        Principal canister,
        string method,
        CandidArg arg,
        Func<CandidArg, T> read,
        CancellationToken ct)
    {
        var outcome = await agent.QueryAsync(canister, method, arg.Encode(), ct);
        switch (outcome)
        {
            case QueryOutcome.Replied replied:
                try
                {
                    return read(CandidArg.Decode(replied.Reply.Span));
                }
                catch (Exception e) when (IsShape(e))
                {
                    throw new CanisterCallException(
                        canister.ToText(), method, "the answer cannot be read: " + e.Message, innerException: e);
                }

            case QueryOutcome.Rejected rejected:
                throw new CanisterCallException(
                    canister.ToText(),
                    method,
                    $"rejected with code {rejected.RejectCode}: {rejected.Message}",
                    rejected.ErrorCode);
            case QueryOutcome.Unavailable unavailable:
                throw new CanisterCallException(canister.ToText(), method, unavailable.Why);
            default:
                throw new CanisterCallException(canister.ToText(), method, "an outcome of unknown kind");
        }
    }

    /// <summary>The value of an optional field: null when the field is missing or null.</summary>
    public static CandidValue? Optional(this CandidValue record, string field) =>
        record.AsRecord().Find(field) switch
        {
            null or CandidValue.Null or CandidValue.Reserved => null,
            CandidValue.Opt option => option.Value,
            var present => present,
        };

    private static bool IsShape(Exception e) =>
        e is CandidDecodeException or CandidShapeException or FormatException or OverflowException or ArgumentException;
}
