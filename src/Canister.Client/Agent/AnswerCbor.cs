using System.Formats.Cbor;
using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>The CBOR answers of the HTTP interface.</summary>
internal static class AnswerCbor
{
    /// <summary>The fields an answer to call, query or read_state can have.</summary>
    internal sealed record Fields(
        string? Status,
        ReadOnlyMemory<byte>? Certificate,
        ReadOnlyMemory<byte>? Reply,
        ulong? RejectCode,
        string? RejectMessage,
        string? ErrorCode,
        IReadOnlyList<NodeSignature> Signatures);

    /// <summary>Reads an answer to call, query or read_state.</summary>
    /// <exception cref="AgentException">The body is not CBOR of that shape.</exception>
    internal static Fields Read(ReadOnlyMemory<byte> body) => CborText.Parse(() => ReadFields(body), Malformed);

    /// <summary>Reads an answer to status.</summary>
    /// <exception cref="AgentException">The body is not CBOR of that shape.</exception>
    internal static ReplicaStatus ReadStatus(ReadOnlyMemory<byte> body) => CborText.Parse(
        () =>
        {
            var reader = CborText.Open(body);
            ReadOnlyMemory<byte>? rootKey = null;
            string? version = null;
            string? health = null;
            CborText.ReadMap(reader, name =>
            {
                switch (name)
                {
                    case "root_key":
                        rootKey = reader.ReadByteString();
                        return true;
                    case "impl_version":
                        version = reader.ReadTextString();
                        return true;
                    case "replica_health_status":
                        health = reader.ReadTextString();
                        return true;
                    default:
                        return false;
                }
            });
            CborText.End(reader);
            return new ReplicaStatus(rootKey, version, health);
        },
        Malformed);

    private static AgentException Malformed(string why, Exception e) =>
        new(UnknownReason.BadAnswer, "The answer is malformed: " + why, e);

    private static Fields ReadFields(ReadOnlyMemory<byte> body)
    {
        var reader = CborText.Open(body);
        var fields = new Fields(null, null, null, null, null, null, []);
        CborText.ReadMap(reader, name =>
        {
            switch (name)
            {
                case "status":
                    fields = fields with { Status = reader.ReadTextString() };
                    return true;
                case "certificate":
                    fields = fields with { Certificate = reader.ReadByteString() };
                    return true;
                case "reply":
                    fields = fields with { Reply = ReadArg(reader) };
                    return true;
                case "reject_code":
                    fields = fields with { RejectCode = reader.ReadUInt64() };
                    return true;
                case "reject_message":
                    fields = fields with { RejectMessage = reader.ReadTextString() };
                    return true;
                case "error_code":
                    fields = fields with { ErrorCode = reader.ReadTextString() };
                    return true;
                case "signatures":
                    fields = fields with { Signatures = ReadSignatures(reader) };
                    return true;
                default:
                    return false;
            }
        });
        CborText.End(reader);
        return fields;
    }

    private static ReadOnlyMemory<byte>? ReadArg(CborReader reader)
    {
        ReadOnlyMemory<byte>? arg = null;
        CborText.ReadMap(reader, name =>
        {
            if (name != "arg")
            {
                return false;
            }

            arg = reader.ReadByteString();
            return true;
        });
        return arg;
    }

    private static List<NodeSignature> ReadSignatures(CborReader reader)
    {
        var signatures = new List<NodeSignature>();
        reader.ReadStartArray();
        while (reader.PeekState() != CborReaderState.EndArray)
        {
            ulong? timestamp = null;
            byte[]? signature = null;
            byte[]? node = null;
            CborText.ReadMap(reader, name =>
            {
                switch (name)
                {
                    case "timestamp":
                        timestamp = reader.ReadUInt64();
                        return true;
                    case "signature":
                        signature = reader.ReadByteString();
                        return true;
                    case "identity":
                        node = reader.ReadByteString();
                        return true;
                    default:
                        return false;
                }
            });
            signatures.Add(timestamp is { } at && signature is not null && node is not null
                ? new NodeSignature(at, signature, Principal.FromBytes(node))
                : throw new CborContentException("A signature lacks its time, bytes or node."));
        }

        reader.ReadEndArray();
        return signatures;
    }
}
