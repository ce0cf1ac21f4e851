using System.Text.Json.Serialization;

namespace Decent.Replica.Faults;

/// <summary>The kind of request a fault applies to.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FaultTarget>))]
public enum FaultTarget
{
    /// <summary>Update calls.</summary>
    Call,

    /// <summary>Queries.</summary>
    Query,

    /// <summary>Reads of the state tree.</summary>
    ReadState,
}

/// <summary>A fault to inject into the requests that come next.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Target">Which requests are hit.</param>
/// <param name="Canister">Only requests to this canister; null for all.</param>
/// <param name="Method">Only this method; null for all.</param>
/// <param name="Times">How many requests are hit before the fault is spent.</param>
/// <param name="DelayMs">Machine milliseconds for the kinds that wait.</param>
public sealed record FaultRule(
    FaultKind Kind,
    FaultTarget Target = FaultTarget.Call,
    string? Canister = null,
    string? Method = null,
    int Times = 1,
    int DelayMs = 0);
