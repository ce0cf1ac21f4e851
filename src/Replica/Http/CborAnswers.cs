using System.Formats.Cbor;
using System.Numerics;
using Decent.Canister.Client;
using Decent.Replica.Canisters;
using Decent.Replica.Execution;

namespace Decent.Replica.Http;

/// <summary>Bodies of the public interface.</summary>
internal static class CborAnswers
{
    public const string ContentType = "application/cbor";

    public static byte[] Status(ReplicaEngine engine) => Map(writer =>
    {
        Text(writer, "ic_api_version", "0.18.0");
        Text(writer, "impl_version", "decent-replica");
        Text(writer, "replica_health_status", "healthy");
        Bytes(writer, "root_key", engine.RootKeyDer.Span);
    });

    public static byte[] Certified(byte[] certificate, bool synchronousCall) => Map(writer =>
    {
        if (synchronousCall)
        {
            Text(writer, "status", "replied");
        }

        Bytes(writer, "certificate", certificate);
    });

    /// <summary>A refusal by this node alone; the asynchronous endpoint leaves <paramref name="status"/> out.</summary>
    public static byte[] Refusal(CanisterReply.Rejected reject, string? status) => Map(writer =>
    {
        if (status is not null)
        {
            Text(writer, "status", status);
        }

        Reject(writer, reject);
    });

    public static byte[] QueryAnswer(
        ReplicaEngine engine, RequestId id, CanisterReply reply, ulong timeNs, bool wrongSignature)
    {
        var signature = engine.SignAsNode(QueryMessage(id, reply, timeNs));
        if (wrongSignature)
        {
            signature[0] ^= 1;
        }

        return Map(writer =>
        {
            if (reply is CanisterReply.Rejected rejected)
            {
                Text(writer, "status", "rejected");
                Reject(writer, rejected);
            }
            else
            {
                Text(writer, "status", "replied");
                writer.WriteTextString("reply");
                writer.WriteStartMap(1);
                Bytes(writer, "arg", ((CanisterReply.Replied)reply).Reply);
                writer.WriteEndMap();
            }

            writer.WriteTextString("signatures");
            writer.WriteStartArray(1);
            writer.WriteStartMap(3);
            writer.WriteTextString("timestamp");
            writer.WriteUInt64(timeNs);
            Bytes(writer, "signature", signature);
            Bytes(writer, "identity", engine.NodeId.Bytes);
            writer.WriteEndMap();
            writer.WriteEndArray();
        });
    }

    /// <summary>What a node signs about a query's answer.</summary>
    private static byte[] QueryMessage(RequestId id, CanisterReply reply, ulong timeNs)
    {
        var fields = new Dictionary<string, HashableValue>(StringComparer.Ordinal)
        {
            ["timestamp"] = new HashableValue.Nat(timeNs),
            ["request_id"] = new HashableValue.Blob(id.ToArray()),
        };
        if (reply is CanisterReply.Rejected rejected)
        {
            fields["status"] = new HashableValue.Text("rejected");
            fields["reject_code"] = new HashableValue.Nat(new BigInteger(rejected.Code));
            fields["reject_message"] = new HashableValue.Text(rejected.Message);
            fields["error_code"] = new HashableValue.Text(rejected.ErrorCode);
        }
        else
        {
            fields["status"] = new HashableValue.Text("replied");
            fields["reply"] = new HashableValue.Map(new Dictionary<string, HashableValue>(StringComparer.Ordinal)
            {
                ["arg"] = new HashableValue.Blob(((CanisterReply.Replied)reply).Reply),
            });
        }

        return [.. "\u000bic-response"u8, .. RepresentationIndependentHash.Of(fields)];
    }

    private static void Reject(CborWriter writer, CanisterReply.Rejected reject)
    {
        writer.WriteTextString("reject_code");
        writer.WriteUInt64(reject.Code);
        Text(writer, "reject_message", reject.Message);
        Text(writer, "error_code", reject.ErrorCode);
    }

    private static byte[] Map(Action<CborWriter> fields)
    {
        var writer = new CborWriter(CborConformanceMode.Lax, convertIndefiniteLengthEncodings: true);
        writer.WriteTag(CborTag.SelfDescribeCbor);
        writer.WriteStartMap(null);
        fields(writer);
        writer.WriteEndMap();
        return writer.Encode();
    }

    private static void Text(CborWriter writer, string name, string value)
    {
        writer.WriteTextString(name);
        writer.WriteTextString(value);
    }

    private static void Bytes(CborWriter writer, string name, ReadOnlySpan<byte> value)
    {
        writer.WriteTextString(name);
        writer.WriteByteString(value);
    }
}
