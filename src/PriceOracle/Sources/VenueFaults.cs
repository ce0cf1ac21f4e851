using Decent.Candid;
using Decent.Canister.Client;
using Decent.PriceOracle.Aggregation;

namespace Decent.PriceOracle.Sources;

/// <summary>Names what went wrong on the way to a venue.</summary>
internal static class VenueFaults
{
    /// <summary>The reason code of an exception.</summary>
    public static string CodeOf(Exception exception) => exception switch
    {
        // The client wraps what it could not read; what was rejected or unreachable comes bare.
        CanisterCallException { InnerException: not null } => ReasonCodes.Decode,
        CandidDecodeException or FormatException or OverflowException or ArgumentException or KeyNotFoundException
            or IndexOutOfRangeException or CandidShapeException =>
            ReasonCodes.Decode,
        TimeoutException => ReasonCodes.Timeout,
        _ => ReasonCodes.Call,
    };
}
