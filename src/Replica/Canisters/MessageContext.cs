using Decent.Candid;

namespace Decent.Replica.Canisters;

/// <summary>What a canister knows about the message it is executing.</summary>
/// <param name="Caller">Who calls.</param>
/// <param name="TimeNs">Time of execution, nanoseconds since 1970.</param>
/// <param name="DataCertificate">
/// The certificate of the canister's certified data; null in replicated execution, where there is none.
/// </param>
internal sealed record MessageContext(Principal Caller, ulong TimeNs, Func<byte[]>? DataCertificate);
