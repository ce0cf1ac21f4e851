using System.Formats.Cbor;
using System.Numerics;
using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>The CBOR form of envelopes.</summary>
internal static class EnvelopeCbor
{
    private const int MaximumDepth = 8;

    internal static void Write(CborWriter writer, IReadOnlyDictionary<string, HashableValue> map)
    {
        writer.WriteStartMap(map.Count);
        foreach (var (name, value) in map)
        {
            writer.WriteTextString(name);
            Write(writer, value);
        }

        writer.WriteEndMap();
    }

    private static void Write(CborWriter writer, HashableValue value)
    {
        switch (value)
        {
            case HashableValue.Blob blob:
                writer.WriteByteString(blob.Bytes.Span);
                break;
            case HashableValue.Text text:
                writer.WriteTextString(text.Value);
                break;
            case HashableValue.Nat nat:
                writer.WriteUInt64((ulong)nat.Value);
                break;
            case HashableValue.Array array:
                writer.WriteStartArray(array.Items.Count);
                foreach (var item in array.Items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case HashableValue.Map map:
                Write(writer, map.Fields);
                break;
            default:
                throw new RequestFormatException("A request holds no negative numbers.");
        }
    }

    internal static void Write(CborWriter writer, IReadOnlyList<SignedDelegation> delegations)
    {
        writer.WriteStartArray(delegations.Count);
        foreach (var link in delegations)
        {
            writer.WriteStartMap(2);
            writer.WriteTextString("delegation");
            writer.WriteStartMap(null);
            writer.WriteTextString("pubkey");
            writer.WriteByteString(link.PublicKeyDer.Span);
            writer.WriteTextString("expiration");
            writer.WriteUInt64(link.ExpirationNs);
            if (link.Targets is { } targets)
            {
                writer.WriteTextString("targets");
                writer.WriteStartArray(targets.Count);
                foreach (var target in targets)
                {
                    writer.WriteByteString(target.Bytes);
                }

                writer.WriteEndArray();
            }

            if (link.Permissions is { } permissions)
            {
                writer.WriteTextString("permissions");
                writer.WriteTextString(permissions);
            }

            writer.WriteEndMap();
            writer.WriteTextString("signature");
            writer.WriteByteString(link.Signature.Span);
            writer.WriteEndMap();
        }

        writer.WriteEndArray();
    }

    internal static RequestEnvelope Read(ReadOnlyMemory<byte> cbor)
    {
        var reader = CborText.Open(cbor);
        Dictionary<string, HashableValue>? content = null;
        ReadOnlyMemory<byte> key = default;
        ReadOnlyMemory<byte> signature = default;
        List<SignedDelegation> delegations = [];
        CborText.ReadMap(reader, name =>
        {
            switch (name)
            {
                case "content":
                    content = ReadFields(reader, 0);
                    return true;
                case "sender_pubkey":
                    key = reader.ReadByteString();
                    return true;
                case "sender_sig":
                    signature = reader.ReadByteString();
                    return true;
                case "sender_delegation":
                    delegations = ReadDelegations(reader);
                    return true;
                default:
                    return false;
            }
        });
        CborText.End(reader);
        return new RequestEnvelope(
            new RequestContent(content ?? throw new RequestFormatException("The envelope has no content.")),
            key,
            signature,
            delegations);
    }

    private static Dictionary<string, HashableValue> ReadFields(CborReader reader, int depth)
    {
        var fields = new Dictionary<string, HashableValue>(StringComparer.Ordinal);
        CborText.ReadMap(reader, name =>
        {
            fields.Add(name, ReadValue(reader, depth + 1));
            return true;
        });
        return fields;
    }

    private static HashableValue ReadValue(CborReader reader, int depth)
    {
        if (depth > MaximumDepth)
        {
            throw new RequestFormatException("The request is nested too deeply.");
        }

        switch (reader.PeekState())
        {
            case CborReaderState.ByteString or CborReaderState.StartIndefiniteLengthByteString:
                return new HashableValue.Blob(reader.ReadByteString());
            case CborReaderState.TextString or CborReaderState.StartIndefiniteLengthTextString:
                return new HashableValue.Text(reader.ReadTextString());
            case CborReaderState.UnsignedInteger:
                return new HashableValue.Nat(new BigInteger(reader.ReadUInt64()));
            case CborReaderState.StartMap:
                return new HashableValue.Map(ReadFields(reader, depth));
            case CborReaderState.StartArray:
                reader.ReadStartArray();
                var items = new List<HashableValue>();
                while (reader.PeekState() != CborReaderState.EndArray)
                {
                    items.Add(ReadValue(reader, depth + 1));
                }

                reader.ReadEndArray();
                return new HashableValue.Array(items);
            case var state:
                throw new RequestFormatException($"A request holds no value of kind {state}.");
        }
    }

    private static List<SignedDelegation> ReadDelegations(CborReader reader)
    {
        var links = new List<SignedDelegation>();
        reader.ReadStartArray();
        while (reader.PeekState() != CborReaderState.EndArray)
        {
            if (links.Count == RequestEnvelope.MaximumDelegations)
            {
                throw new RequestFormatException("The delegation chain is too long.");
            }

            links.Add(ReadDelegation(reader));
        }

        reader.ReadEndArray();
        return links;
    }

    private static SignedDelegation ReadDelegation(CborReader reader)
    {
        Dictionary<string, HashableValue> said = [];
        byte[]? signature = null;
        CborText.ReadMap(reader, name =>
        {
            switch (name)
            {
                case "delegation":
                    said = ReadFields(reader, 1);
                    return true;
                case "signature":
                    signature = reader.ReadByteString();
                    return true;
                default:
                    return false;
            }
        });
        return said.GetValueOrDefault("pubkey") is HashableValue.Blob key
               && said.GetValueOrDefault("expiration") is HashableValue.Nat { Value: var until }
               && until <= ulong.MaxValue
               && signature is not null
            ? new SignedDelegation(key.Bytes, (ulong)until, Targets(said), Permissions(said), signature)
            : throw new RequestFormatException("A delegation lacks its key, expiration or signature.");
    }

    private static List<Principal>? Targets(Dictionary<string, HashableValue> said) =>
        said.GetValueOrDefault("targets") switch
        {
            null => null,
            HashableValue.Array { Items: var items } =>
            [
                .. items.Select(static i => i is HashableValue.Blob { Bytes.Length: <= 29 } blob
                    ? Principal.FromBytes(blob.Bytes.Span)
                    : throw new RequestFormatException("A delegation target is not a principal.")),
            ],
            _ => throw new RequestFormatException("The targets of a delegation are not a list."),
        };

    private static string? Permissions(Dictionary<string, HashableValue> said) =>
        said.GetValueOrDefault("permissions") switch
        {
            null => null,
            HashableValue.Text { Value: "queries" or "all" } text => text.Value,
            _ => throw new RequestFormatException("The permissions of a delegation are neither queries nor all."),
        };
}
