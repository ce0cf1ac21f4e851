using System.Globalization;
using System.Numerics;

namespace Decent.Candid;

/// <summary>Gives textual values their types, by the same rules of coercion as the binary format.</summary>
internal static class TextTyper
{
    private const int MaxDepth = 512;

    /// <summary>The value by its form alone: whole numbers are int, others float64.</summary>
    internal static CandidValue Natural(TextNode node) => node switch
    {
        TextNode.Ready ready => ready.Value,
        TextNode.Number number => new CandidValue.Int(Parse(number)),
        TextNode.Float number => new CandidValue.Float64(number.Value),
        TextNode.Opt opt => new CandidValue.Opt(Natural(opt.Inner)),
        TextNode.Vec vec => new CandidValue.Vec(vec.Items.ConvertAll(Natural).ToArray()),
        TextNode.Record record => new CandidValue.Record(
            [.. record.Fields.Values.Select(f => (f.Label, Natural(f.Value)))]),
        TextNode.Variant variant => new CandidValue.Variant(variant.Label, Natural(variant.Value)),
        TextNode.Annotated annotated => Convert(annotated.Value, annotated.Type),
        _ => throw node.Place.Fault("unknown value"),
    };

    /// <summary>The value at a type.</summary>
    /// <exception cref="Parsing.DidException">It does not fit.</exception>
    internal static CandidValue Convert(TextNode node, CandidType type)
    {
        var why = (Node: node, Reason: string.Empty);
        return TryConvert(node, type, 0, ref why) ?? throw why.Node.Place.Fault(why.Reason);
    }

    private static CandidValue? TryConvert(TextNode node, CandidType type, int depth, ref (TextNode, string) why)
    {
        if (depth++ > MaxDepth)
        {
            throw node.Place.Fault("nested too deeply");
        }

        var head = type.Head;
        switch (node, head)
        {
            case (TextNode.Annotated annotated, _):
                return Coerce(annotated, head, ref why);
            case (_, { Kind: CandidKind.Reserved }):
                return CandidValue.Reserved.Instance;
            case (_, CandidOptType opt):
                return ConvertOpt(node, opt, depth, ref why);
            case (TextNode.Number number, _):
                return ConvertNumber(number, head.Kind) ?? Refuse(node, head, ref why);
            case (TextNode.Float number, { Kind: CandidKind.Float64 }):
                return new CandidValue.Float64(number.Value);
            case (TextNode.Float number, { Kind: CandidKind.Float32 }):
                return new CandidValue.Float32((float)number.Value);
            case (TextNode.Vec vec, CandidVecType target):
                return ConvertVec(vec, target, depth, ref why);
            case (TextNode.Record record, CandidRecordType target):
                return ConvertRecord(record, target, depth, ref why);
            case (TextNode.Variant variant, CandidVariantType target):
                return ConvertVariant(variant, target, depth, ref why);
            case (TextNode.Ready { Value: CandidValue.Service service }, { Kind: CandidKind.Principal }):
                return new CandidValue.Principal(service.Id);
            case (TextNode.Ready { Value: CandidValue.Blob blob }, CandidVecType { IsBlob: false } target):
                var items = blob.Bytes.Select(b => (TextNode)new TextNode.Number(node.Place, $"{b}")).ToList();
                return ConvertVec(new TextNode.Vec(node.Place, items), target, depth, ref why);
            case (TextNode.Ready ready, _) when ready.Type.Kind == head.Kind:
                return ready.Value;
            default:
                return Refuse(node, head, ref why);
        }
    }

    private static CandidValue.Opt ConvertOpt(TextNode node, CandidOptType type, int depth, ref (TextNode, string) why)
    {
        if (node is TextNode.Ready { Value: CandidValue.Null })
        {
            return CandidValue.None;
        }

        var inner = node is TextNode.Opt opt ? opt.Inner : node;
        return CandidValue.Optional(TryConvert(inner, type.Inner, depth, ref why));
    }

    private static CandidValue? ConvertVec(
        TextNode.Vec node, CandidVecType type, int depth, ref (TextNode, string) why)
    {
        var items = new CandidValue[node.Items.Count];
        for (var i = 0; i < items.Length; i++)
        {
            if (TryConvert(node.Items[i], type.Item, depth, ref why) is not { } item)
            {
                return null;
            }

            items[i] = item;
        }

        return type.IsBlob
            ? new CandidValue.Blob(Array.ConvertAll(items, i => ((CandidValue.Nat8)i).Value))
            : new CandidValue.Vec(items);
    }

    private static CandidValue.Record? ConvertRecord(
        TextNode.Record node, CandidRecordType type, int depth, ref (TextNode, string) why)
    {
        var values = new CandidValue[type.FieldArray.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var field = type.FieldArray[i];
            var value = node.Fields.TryGetValue(field.Label.Id, out var found)
                ? TryConvert(found.Value, field.Type, depth, ref why)
                : DecodePlanner.Missing(field.Type);
            if (value is null)
            {
                why = found.Value is null ? (node, $"record has no field {field.Label}") : why;
                return null;
            }

            values[i] = value;
        }

        return new CandidValue.Record(type.LabelArray, values);
    }

    private static CandidValue.Variant? ConvertVariant(
        TextNode.Variant node, CandidVariantType type, int depth, ref (TextNode, string) why)
    {
        var index = type.IndexOf(node.Label.Id);
        if (index < 0)
        {
            why = (node, $"variant case {node.Label} is not expected");
            return null;
        }

        var field = type.FieldArray[index];
        return TryConvert(node.Value, field.Type, depth, ref why) is { } value
            ? new CandidValue.Variant(field.Label, value)
            : null;
    }

    /// <summary>An annotated value has a type of its own, so that the rules of the binary format decide.</summary>
    private static CandidValue? Coerce(TextNode.Annotated node, CandidType type, ref (TextNode, string) why)
    {
        var value = Convert(node.Value, node.Type);
        try
        {
            return CandidArg.Decode(CandidArg.Of((node.Type, value)).Encode(), type)[0];
        }
        catch (CandidDecodeException misfit)
        {
            why = (node, misfit.Reason);
            return null;
        }
    }

    private static CandidValue? Refuse(TextNode node, CandidType type, ref (TextNode, string) why)
    {
        why = (node, $"does not fit type {type.Kind.ToString().ToLowerInvariant()}");
        return null;
    }

    private static BigInteger Parse(TextNode.Number number)
    {
        var negative = number.Digits[0] == '-';
        var digits = negative ? number.Digits[1..] : number.Digits;
        var value = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? BigInteger.Parse("0" + digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        return negative ? -value : value;
    }

    private static CandidValue? ConvertNumber(TextNode.Number number, CandidKind kind)
    {
        var value = Parse(number);
        return kind switch
        {
            CandidKind.Int => new CandidValue.Int(value),
            CandidKind.Nat when value.Sign >= 0 => new CandidValue.Nat(value),
            CandidKind.Nat8 when value >= byte.MinValue && value <= byte.MaxValue => new CandidValue.Nat8((byte)value),
            CandidKind.Nat16 when value >= ushort.MinValue && value <= ushort.MaxValue =>
                new CandidValue.Nat16((ushort)value),
            CandidKind.Nat32 when value >= uint.MinValue && value <= uint.MaxValue =>
                new CandidValue.Nat32((uint)value),
            CandidKind.Nat64 when value >= ulong.MinValue && value <= ulong.MaxValue =>
                new CandidValue.Nat64((ulong)value),
            CandidKind.Int8 when value >= sbyte.MinValue && value <= sbyte.MaxValue =>
                new CandidValue.Int8((sbyte)value),
            CandidKind.Int16 when value >= short.MinValue && value <= short.MaxValue =>
                new CandidValue.Int16((short)value),
            CandidKind.Int32 when value >= int.MinValue && value <= int.MaxValue => new CandidValue.Int32((int)value),
            CandidKind.Int64 when value >= long.MinValue && value <= long.MaxValue =>
                new CandidValue.Int64((long)value),
            CandidKind.Float32 => new CandidValue.Float32((float)value),
            CandidKind.Float64 => new CandidValue.Float64((double)value),
            _ => null,
        };
    }
}
