using System.Formats.Cbor;
using Decent.Canister.Client;

namespace Decent.Replica.Tests.Http;

/// <summary>Reads the signature of a query answer by hand, apart from the code that wrote it.</summary>
internal sealed record QueryAnswerReader(byte[] Reply, ulong Timestamp, byte[] Signature, byte[] Node)
{
    public static QueryAnswerReader Read(byte[] cbor)
    {
        var reader = new CborReader(cbor);
        _ = reader.ReadTag();
        byte[] reply = [], signature = [], node = [];
        ulong timestamp = 0;
        _ = reader.ReadStartMap();
        while (reader.PeekState() != CborReaderState.EndMap)
        {
            switch (reader.ReadTextString())
            {
                case "reply":
                    _ = reader.ReadStartMap();
                    _ = reader.ReadTextString();
                    reply = reader.ReadByteString();
                    reader.ReadEndMap();
                    break;
                case "signatures":
                    _ = reader.ReadStartArray();
                    _ = reader.ReadStartMap();
                    while (reader.PeekState() != CborReaderState.EndMap)
                    {
                        switch (reader.ReadTextString())
                        {
                            case "timestamp": timestamp = reader.ReadUInt64(); break;
                            case "signature": signature = reader.ReadByteString(); break;
                            default: node = reader.ReadByteString(); break;
                        }
                    }

                    reader.ReadEndMap();
                    reader.ReadEndArray();
                    break;
                default:
                    reader.SkipValue();
                    break;
            }
        }

        return new QueryAnswerReader(reply, timestamp, signature, node);
    }

    public static byte[] ReadCertificate(byte[] cbor)
    {
        var reader = new CborReader(cbor);
        _ = reader.ReadTag();
        _ = reader.ReadStartMap();
        while (reader.ReadTextString() != "certificate")
        {
            reader.SkipValue();
        }

        return reader.ReadByteString();
    }

    public byte[] SignedMessage(RequestId id) =>
    [
        .. "\u000bic-response"u8,
        .. RepresentationIndependentHash.Of(new Dictionary<string, HashableValue>(StringComparer.Ordinal)
        {
            ["status"] = new HashableValue.Text("replied"),
            ["reply"] = new HashableValue.Map(new Dictionary<string, HashableValue>(StringComparer.Ordinal)
            {
                ["arg"] = new HashableValue.Blob(Reply),
            }),
            ["timestamp"] = new HashableValue.Nat(Timestamp),
            ["request_id"] = new HashableValue.Blob(id.ToArray()),
        }),
    ];
}
