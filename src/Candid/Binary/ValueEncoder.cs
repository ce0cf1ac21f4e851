namespace Decent.Candid;

/// <summary>Writes values at types. A value must fit: nothing is dropped, rounded or wrapped silently.</summary>
internal static class ValueEncoder
{
    internal static void Write(CandidWriter writer, CandidType type, CandidValue value)
    {
        switch (type.Head)
        {
            case CandidOptType opt:
                WriteOpt(writer, opt, value);
                break;
            case CandidVecType vec:
                WriteVec(writer, vec, value);
                break;
            case CandidRecordType record:
                WriteRecord(writer, record, value as CandidValue.Record ?? throw Misfit(type, value));
                break;
            case CandidVariantType variant:
                WriteVariant(writer, variant, value as CandidValue.Variant ?? throw Misfit(type, value));
                break;
            case CandidFuncType when value is CandidValue.Func func:
                writer.WriteFunc(func.ServiceId, func.Method);
                break;
            case CandidServiceType when value is CandidValue.Service service:
                writer.WritePrincipal(service.Id);
                break;
            case CandidPrimitiveType primitive:
                WritePrimitive(writer, primitive, value);
                break;
            default:
                throw Misfit(type, value);
        }
    }

    private static void WriteOpt(CandidWriter writer, CandidOptType type, CandidValue value)
    {
        switch (value)
        {
            case CandidValue.Opt { Value: { } inner }:
                writer.WriteBool(true);
                Write(writer, type.Inner, inner);
                break;
            case CandidValue.Opt or CandidValue.Null:
                writer.WriteBool(false);
                break;
            default:
                throw Misfit(type, value);
        }
    }

    private static void WriteVec(CandidWriter writer, CandidVecType type, CandidValue value)
    {
        switch (value)
        {
            case CandidValue.Blob blob when type.IsBlob:
                writer.WriteBlob(blob.Bytes);
                break;
            case CandidValue.Vec vec:
                writer.WriteLeb64((ulong)vec.Items.Count);
                foreach (var item in vec.Items)
                {
                    Write(writer, type.Item, item);
                }

                break;
            default:
                throw Misfit(type, value);
        }
    }

    private static void WriteRecord(CandidWriter writer, CandidRecordType type, CandidValue.Record value)
    {
        var used = 0;
        foreach (var field in type.FieldArray)
        {
            var found = value.Find(field.Label.Id);
            used += found is null ? 0 : 1;
            found ??= DecodePlanner.Missing(field.Type)
                ?? throw new CandidEncodeException($"record has no field {field.Label}");
            Write(writer, field.Type, found);
        }

        if (used != value.Labels.Count)
        {
            var extra = value.Labels.First(l => type.IndexOf(l.Id) < 0);
            throw new CandidEncodeException($"record type has no field {extra}");
        }
    }

    private static void WriteVariant(CandidWriter writer, CandidVariantType type, CandidValue.Variant value)
    {
        var index = type.IndexOf(value.Label.Id);
        if (index < 0)
        {
            throw new CandidEncodeException($"variant type has no case {value.Label}");
        }

        writer.WriteLeb64((ulong)index);
        Write(writer, type.FieldArray[index].Type, value.Value);
    }

    private static void WritePrimitive(CandidWriter writer, CandidPrimitiveType type, CandidValue value)
    {
        switch (type.Kind, value)
        {
            case (CandidKind.Null, CandidValue.Null):
            case (CandidKind.Reserved, _):
                break;
            case (CandidKind.Bool, CandidValue.Bool v):
                writer.WriteBool(v.Value);
                break;
            case (CandidKind.Nat, CandidValue.Nat v):
                writer.WriteNat(v.Value);
                break;
            case (CandidKind.Int, CandidValue.Int v):
                writer.WriteInt(v.Value);
                break;
            case (CandidKind.Int, CandidValue.Nat v):
                writer.WriteInt(v.Value);
                break;
            case (CandidKind.Float32, CandidValue.Float32 v):
                writer.WriteFloat32(v.Value);
                break;
            case (CandidKind.Float64, CandidValue.Float64 v):
                writer.WriteFloat64(v.Value);
                break;
            case (CandidKind.Text, CandidValue.Text v):
                writer.WriteText(v.Value);
                break;
            case (CandidKind.Principal, CandidValue.Principal v):
                writer.WritePrincipal(v.Value);
                break;
            case (CandidKind.Principal, CandidValue.Service v):
                writer.WritePrincipal(v.Id);
                break;
            default:
                WriteFixed(writer, type, value);
                break;
        }
    }

    private static void WriteFixed(CandidWriter writer, CandidPrimitiveType type, CandidValue value)
    {
        switch (type.Kind, value)
        {
            case (CandidKind.Nat8, CandidValue.Nat8 v):
                writer.WriteNat8(v.Value);
                break;
            case (CandidKind.Nat16, CandidValue.Nat16 v):
                writer.WriteNat16(v.Value);
                break;
            case (CandidKind.Nat32, CandidValue.Nat32 v):
                writer.WriteNat32(v.Value);
                break;
            case (CandidKind.Nat64, CandidValue.Nat64 v):
                writer.WriteNat64(v.Value);
                break;
            case (CandidKind.Int8, CandidValue.Int8 v):
                writer.WriteInt8(v.Value);
                break;
            case (CandidKind.Int16, CandidValue.Int16 v):
                writer.WriteInt16(v.Value);
                break;
            case (CandidKind.Int32, CandidValue.Int32 v):
                writer.WriteInt32(v.Value);
                break;
            case (CandidKind.Int64, CandidValue.Int64 v):
                writer.WriteInt64(v.Value);
                break;
            default:
                throw Misfit(type, value);
        }
    }

    private static CandidEncodeException Misfit(CandidType type, CandidValue value) =>
        new($"{value.GetType().Name.ToLowerInvariant()} does not fit type {type.Kind.ToString().ToLowerInvariant()}");
}
