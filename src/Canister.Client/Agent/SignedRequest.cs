using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>
/// A signed request, ready to be sent as often as needed. Store <see cref="Bytes" /> before the first byte leaves:
/// signing again would make another request, which could execute as well.
/// </summary>
/// <param name="Id">Identity of the request; executed at most once.</param>
/// <param name="EffectiveCanisterId">The canister whose subnet the request is sent to.</param>
/// <param name="IngressExpiryNs">Nanoseconds since 1970 after which it is no longer taken up.</param>
/// <param name="Bytes">The whole envelope.</param>
/// <param name="Kind">Call, query or read of the state.</param>
public sealed record SignedRequest(
    RequestId Id,
    Principal EffectiveCanisterId,
    ulong IngressExpiryNs,
    ReadOnlyMemory<byte> Bytes,
    RequestKind Kind)
{
    /// <summary>How long after its expiry the fate of a call can still be read from the state tree.</summary>
    public static readonly TimeSpan StatusRetention = TimeSpan.FromMinutes(5);

    /// <summary>Nanoseconds since 1970 until which the fate of the call can be read, not later.</summary>
    public ulong DecidableUntilNs => IngressExpiryNs + (ulong)(StatusRetention.Ticks * 100);

    /// <summary>Restores a request from stored bytes.</summary>
    /// <param name="bytes">The envelope as it was built.</param>
    /// <param name="effectiveCanisterId">Needed for calls of the management canister; else the called canister.</param>
    /// <exception cref="RequestFormatException">The bytes are not an envelope of a call or query.</exception>
    public static SignedRequest FromBytes(ReadOnlyMemory<byte> bytes, Principal? effectiveCanisterId = null)
    {
        var content = RequestEnvelope.Parse(bytes).Content;
        var canister = effectiveCanisterId ?? content.CanisterId
            ?? throw new RequestFormatException("A read of the state names no canister.");
        return new SignedRequest(content.Id, canister, content.IngressExpiryNs, bytes, content.Kind);
    }
}
