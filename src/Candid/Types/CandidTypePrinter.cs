using System.Text;

namespace Decent.Candid;

/// <summary>Prints types in the grammar of interface descriptions.</summary>
internal static class CandidTypePrinter
{
    // A type read from the wire may be a graph that unfolds without end in practice: what prints is bounded.
    private const int MaxLength = 100_000;
    private const int MaxDepth = 100;

    internal static string Print(CandidType type)
    {
        var text = new StringBuilder();
        Write(text, type, []);
        return text.ToString();
    }

    internal static string Label(CandidLabel label) => label.Name is null ? label.ToString() : Name(label.Name);

    internal static string Name(string name) => IsPlain(name) ? name : Quote(name);

    internal static string Quote(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('"');
        foreach (var c in value)
        {
            text = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' or '\u007f' => text.Append("\\u{")
                    .Append(((int)c).ToString("x", System.Globalization.CultureInfo.InvariantCulture)).Append('}'),
                _ => text.Append(c),
            };
        }

        return text.Append('"').ToString();
    }

    private static bool IsPlain(string name)
    {
        if (name.Length == 0 || Parsing.DidKeywords.Contains(name))
        {
            return false;
        }

        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            var letter = c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '_';
            if (!letter && (i == 0 || c is not (>= '0' and <= '9')))
            {
                return false;
            }
        }

        return true;
    }

    private static void Write(StringBuilder text, CandidType type, List<CandidType> open, int depth = 0)
    {
        if (text.Length > MaxLength || depth++ > MaxDepth)
        {
            text.Append('…');
            return;
        }

        switch (type)
        {
            case CandidKnotType { Name: { } name }:
                text.Append(name);
                break;
            case CandidKnotType knot when open.Contains(knot):
                text.Append("rec").Append(open.IndexOf(knot));
                break;
            case CandidKnotType knot:
                open.Add(knot);
                Write(text, knot.Target, open, depth);
                open.RemoveAt(open.Count - 1);
                break;
            case CandidVecType { IsBlob: true }:
                text.Append("blob");
                break;
            case CandidOptType opt:
                Write(text.Append("opt "), opt.Inner, open, depth);
                break;
            case CandidVecType vec:
                Write(text.Append("vec "), vec.Item, open, depth);
                break;
            case CandidRecordType record:
                WriteFields(text.Append("record {"), record, open, depth);
                break;
            case CandidVariantType variant:
                WriteFields(text.Append("variant {"), variant, open, depth);
                break;
            case CandidFuncType func:
                WriteFunc(text.Append("func "), func, open, depth);
                break;
            case CandidServiceType service:
                WriteService(text, service, open, depth);
                break;
            default:
                text.Append(type.Kind.ToString().ToLowerInvariant());
                break;
        }
    }

    private static void WriteFields(StringBuilder text, CandidFieldsType type, List<CandidType> open, int depth)
    {
        var tuple = type is CandidRecordType { IsTuple: true };
        for (var i = 0; i < type.FieldArray.Length; i++)
        {
            var field = type.FieldArray[i];
            text.Append(i == 0 ? " " : "; ");
            var bare = type is CandidVariantType && field.Type.Kind == CandidKind.Null;
            if (!tuple)
            {
                text.Append(Label(field.Label)).Append(bare ? string.Empty : " : ");
            }

            if (!bare)
            {
                Write(text, field.Type, open, depth);
            }
        }

        text.Append(type.FieldArray.Length == 0 ? "}" : " }");
    }

    private static void WriteService(StringBuilder text, CandidServiceType service, List<CandidType> open, int depth)
    {
        text.Append("service {");
        for (var i = 0; i < service.Methods.Count; i++)
        {
            text.Append(i == 0 ? " " : "; ").Append(Name(service.Methods[i].Name)).Append(" : ");
            if (service.Methods[i].Type is CandidFuncType func)
            {
                WriteFunc(text, func, open, depth);
            }
            else
            {
                Write(text, service.Methods[i].Type, open, depth);
            }
        }

        text.Append(service.Methods.Count == 0 ? "}" : " }");
    }

    private static void WriteFunc(StringBuilder text, CandidFuncType func, List<CandidType> open, int depth)
    {
        WriteList(text, func.Arguments, open, depth);
        WriteList(text.Append(" -> "), func.Results, open, depth);
        text.Append(func.Mode.HasFlag(CandidFuncMode.Query) ? " query" : string.Empty)
            .Append(func.Mode.HasFlag(CandidFuncMode.CompositeQuery) ? " composite_query" : string.Empty)
            .Append(func.Mode.HasFlag(CandidFuncMode.Oneway) ? " oneway" : string.Empty);
    }

    private static void WriteList(StringBuilder text, IReadOnlyList<CandidType> types, List<CandidType> open, int depth)
    {
        text.Append('(');
        for (var i = 0; i < types.Count; i++)
        {
            Write(text.Append(i == 0 ? string.Empty : ", "), types[i], open, depth);
        }

        text.Append(')');
    }
}
