using Decent.Candid;
using Decent.Canister.Client;

namespace Decent.Replica.Http;

/// <summary>What a node checks before it looks at what a request wants.</summary>
internal static class IngressRules
{
    /// <summary>Largest body of a request, bytes.</summary>
    public const int MaxBody = 2 * 1024 * 1024;

    /// <summary>How far ahead an expiry may lie: five minutes and thirty seconds of drift, nanoseconds.</summary>
    private const ulong MaxLifetimeNs = 330UL * 1_000_000_000;

    /// <summary>Null when the request may be taken up, otherwise why not, in words.</summary>
    /// <param name="envelope">The request.</param>
    /// <param name="expected">The kind the endpoint serves.</param>
    /// <param name="nowNs">The node's time, nanoseconds since 1970.</param>
    public static string? FindFault(RequestEnvelope envelope, RequestKind expected, ulong nowNs)
    {
        var content = envelope.Content;
        if (content.Kind != expected)
        {
            return $"Expected a request of type {expected}, got {content.Kind}.";
        }

        var anonymousRead = expected != RequestKind.Call && content.Sender == Principal.Anonymous;
        if (!anonymousRead && FindExpiryFault(content.IngressExpiryNs, nowNs) is { } fault)
        {
            return fault;
        }

        return envelope.FindSignatureFault(nowNs);
    }

    private static string? FindExpiryFault(ulong expiryNs, ulong nowNs)
    {
        if (expiryNs <= nowNs)
        {
            return $"Invalid request expiry: the request expired at {expiryNs}, it is {nowNs} now.";
        }

        return expiryNs - nowNs > MaxLifetimeNs
            ? $"Invalid request expiry: {expiryNs} is more than {MaxLifetimeNs} ns ahead of {nowNs}."
            : null;
    }
}
