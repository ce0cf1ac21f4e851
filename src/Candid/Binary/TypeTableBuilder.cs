using System.Buffers;

namespace Decent.Candid;

/// <summary>Writes the header of a message: types as table entries, equal entries once, recursion by index.</summary>
internal sealed class TypeTableBuilder
{
    private readonly List<byte[]?> _entries = [];
    private readonly Dictionary<CandidType, int?> _indices = [];
    private readonly Dictionary<string, int> _byContent = new(StringComparer.Ordinal);

    internal static void Write(CandidWriter writer, IReadOnlyList<CandidType> types)
    {
        var table = new TypeTableBuilder();
        var references = types.Select(table.Reference).ToArray();
        writer.WriteBytes("DIDL"u8);
        writer.WriteLeb64((ulong)table._entries.Count);
        foreach (var entry in table._entries)
        {
            writer.WriteBytes(entry);
        }

        writer.WriteLeb64((ulong)references.Length);
        foreach (var reference in references)
        {
            writer.WriteSleb64(reference);
        }
    }

    private int Reference(CandidType type)
    {
        var head = type.Head;
        if (head is CandidPrimitiveType)
        {
            return WireCode.Of(head.Kind);
        }

        if (_indices.TryGetValue(head, out var known))
        {
            // Met again while it is being written: a recursive type, which needs its place now.
            return known ?? Reserve(head);
        }

        _indices.Add(head, null);
        var entry = Entry(head);
        if (_indices[head] is { } reserved)
        {
            _entries[reserved] = entry;
            return reserved;
        }

        var content = Convert.ToHexString(entry);
        if (!_byContent.TryGetValue(content, out var index))
        {
            index = _entries.Count;
            _entries.Add(entry);
            _byContent.Add(content, index);
        }

        _indices[head] = index;
        return index;
    }

    private int Reserve(CandidType head)
    {
        var index = _entries.Count;
        _entries.Add(null);
        _indices[head] = index;
        return index;
    }

    private byte[] Entry(CandidType type)
    {
        var output = new ArrayBufferWriter<byte>(32);
        var writer = new CandidWriter(output);
        switch (type)
        {
            case CandidOptType opt:
                writer.WriteSleb64(WireCode.Opt);
                writer.WriteSleb64(Reference(opt.Inner));
                break;
            case CandidVecType vec:
                writer.WriteSleb64(WireCode.Vec);
                writer.WriteSleb64(Reference(vec.Item));
                break;
            case CandidFieldsType fields:
                writer.WriteSleb64(fields is CandidRecordType ? WireCode.Record : WireCode.Variant);
                writer.WriteLeb64((ulong)fields.FieldArray.Length);
                foreach (var field in fields.FieldArray)
                {
                    writer.WriteLeb64(field.Label.Id);
                    writer.WriteSleb64(Reference(field.Type));
                }

                break;
            case CandidFuncType func:
                writer.WriteSleb64(WireCode.Func);
                WriteList(writer, func.Arguments);
                WriteList(writer, func.Results);
                WriteMode(writer, func.Mode);
                break;
            case CandidServiceType service:
                writer.WriteSleb64(WireCode.Service);
                writer.WriteLeb64((ulong)service.Methods.Count);
                foreach (var method in service.Methods)
                {
                    writer.WriteText(method.Name);
                    writer.WriteSleb64(Reference(method.Type));
                }

                break;
            default:
                throw new CandidEncodeException($"{type.Kind} cannot be written");
        }

        return output.WrittenSpan.ToArray();
    }

    private void WriteList(CandidWriter writer, IReadOnlyList<CandidType> types)
    {
        writer.WriteLeb64((ulong)types.Count);
        foreach (var type in types)
        {
            writer.WriteSleb64(Reference(type));
        }
    }

    private static void WriteMode(CandidWriter writer, CandidFuncMode mode)
    {
        Span<byte> codes = stackalloc byte[3];
        var count = 0;
        for (var bit = 0; bit < 3; bit++)
        {
            if (((int)mode & (1 << bit)) != 0)
            {
                codes[count++] = (byte)(bit + 1);
            }
        }

        writer.WriteBlob(codes[..count]);
    }
}
