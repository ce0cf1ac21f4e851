using System.Numerics;
using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>A node's signature under its answer to a query.</summary>
/// <param name="TimestampNs">When the node signed, in nanoseconds since 1970.</param>
/// <param name="Signature">64 bytes of Ed25519.</param>
/// <param name="Node">The node.</param>
public sealed record NodeSignature(ulong TimestampNs, ReadOnlyMemory<byte> Signature, Principal Node)
{
    /// <summary>The bytes a node signs under a reply.</summary>
    /// <param name="request">Id of the query.</param>
    /// <param name="arg">The Candid reply.</param>
    /// <param name="timestampNs">When the node signs, in nanoseconds since 1970.</param>
    public static byte[] MessageForReply(RequestId request, ReadOnlyMemory<byte> arg, ulong timestampNs)
    {
        var map = Common(request, "replied", timestampNs);
        map["reply"] = new HashableValue.Map(new Dictionary<string, HashableValue>(StringComparer.Ordinal)
        {
            ["arg"] = new HashableValue.Blob(arg),
        });
        return Message(map);
    }

    /// <summary>The bytes a node signs under a rejection.</summary>
    /// <param name="request">Id of the query.</param>
    /// <param name="code">The reject code.</param>
    /// <param name="message">The words.</param>
    /// <param name="errorCode">Such as <c>IC0536</c>; null when the answer has none.</param>
    /// <param name="timestampNs">When the node signs, in nanoseconds since 1970.</param>
    public static byte[] MessageForRejection(
        RequestId request, ulong code, string message, string? errorCode, ulong timestampNs)
    {
        var map = Common(request, "rejected", timestampNs);
        map["reject_code"] = new HashableValue.Nat(new BigInteger(code));
        map["reject_message"] = new HashableValue.Text(message);
        if (errorCode is not null)
        {
            map["error_code"] = new HashableValue.Text(errorCode);
        }

        return Message(map);
    }

    private static Dictionary<string, HashableValue> Common(RequestId request, string status, ulong timestampNs) =>
        new(StringComparer.Ordinal)
        {
            ["status"] = new HashableValue.Text(status),
            ["timestamp"] = new HashableValue.Nat(new BigInteger(timestampNs)),
            ["request_id"] = new HashableValue.Blob(request.ToArray()),
        };

    private static byte[] Message(Dictionary<string, HashableValue> map) =>
        [.. "\u000bic-response"u8, .. RepresentationIndependentHash.Of(map)];
}
