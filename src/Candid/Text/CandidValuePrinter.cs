using System.Globalization;
using System.Numerics;
using System.Text;

namespace Decent.Candid;

/// <summary>
/// Prints values in the textual form, with type annotations where a bare literal would read otherwise.
/// </summary>
internal static class CandidValuePrinter
{
    internal static string Print(CandidValue value)
    {
        var text = new StringBuilder();
        Write(text, value, nested: false);
        return text.ToString();
    }

    private static void Write(StringBuilder text, CandidValue value, bool nested)
    {
        switch (value)
        {
            case CandidValue.Null:
                text.Append("null");
                break;
            case CandidValue.Opt { Value: { } inner }:
                Write(text.Append("opt "), inner, nested: true);
                break;
            case CandidValue.Opt:
                text.Append("null");
                break;
            case CandidValue.Bool v:
                text.Append(v.Value ? "true" : "false");
                break;
            case CandidValue.Text v:
                text.Append(CandidTypePrinter.Quote(v.Value));
                break;
            case CandidValue.Int v:
                text.Append(Digits(v.Value));
                break;
            case CandidValue.Float64 v:
                text.Append(Float(v.Value.ToString("R", CultureInfo.InvariantCulture)));
                break;
            case CandidValue.Blob v:
                WriteBlob(text, v.Bytes);
                break;
            case CandidValue.Principal v:
                text.Append("principal \"").Append(v.Value).Append('"');
                break;
            case CandidValue.Service v:
                text.Append("service \"").Append(v.Id).Append('"');
                break;
            case CandidValue.Func v:
                text.Append("func \"").Append(v.ServiceId).Append("\".").Append(CandidTypePrinter.Name(v.Method));
                break;
            case CandidValue.Vec v:
                WriteVec(text, v);
                break;
            case CandidValue.Record v:
                WriteRecord(text, v);
                break;
            case CandidValue.Variant v:
                WriteVariant(text, v);
                break;
            default:
                var (literal, type) = Annotated(value);
                text.Append(nested ? "(" : string.Empty).Append(literal).Append(" : ").Append(type)
                    .Append(nested ? ")" : string.Empty);
                break;
        }
    }

    private static (string Literal, string Type) Annotated(CandidValue value) => value switch
    {
        CandidValue.Nat v => (Digits(v.Value), "nat"),
        CandidValue.Nat8 v => (Digits(v.Value), "nat8"),
        CandidValue.Nat16 v => (Digits(v.Value), "nat16"),
        CandidValue.Nat32 v => (Digits(v.Value), "nat32"),
        CandidValue.Nat64 v => (Digits(v.Value), "nat64"),
        CandidValue.Int8 v => (Digits(v.Value), "int8"),
        CandidValue.Int16 v => (Digits(v.Value), "int16"),
        CandidValue.Int32 v => (Digits(v.Value), "int32"),
        CandidValue.Int64 v => (Digits(v.Value), "int64"),
        CandidValue.Float32 v => (Float(v.Value.ToString("R", CultureInfo.InvariantCulture)), "float32"),
        _ => ("null", "reserved"),
    };

    private static void WriteVec(StringBuilder text, CandidValue.Vec value)
    {
        text.Append("vec {");
        for (var i = 0; i < value.Items.Count; i++)
        {
            Write(text.Append(i == 0 ? " " : "; "), value.Items[i], nested: false);
        }

        text.Append(value.Items.Count == 0 ? "}" : " }");
    }

    private static void WriteRecord(StringBuilder text, CandidValue.Record value)
    {
        text.Append("record {");
        for (var i = 0; i < value.Labels.Count; i++)
        {
            text.Append(i == 0 ? " " : "; ");
            if (value.Labels[i].Name is not null || value.Labels[i].Id != i)
            {
                text.Append(CandidTypePrinter.Label(value.Labels[i])).Append(" = ");
            }

            Write(text, value.Values[i], nested: false);
        }

        text.Append(value.Labels.Count == 0 ? "}" : " }");
    }

    private static void WriteVariant(StringBuilder text, CandidValue.Variant value)
    {
        text.Append("variant { ").Append(CandidTypePrinter.Label(value.Label));
        if (value.Value is not CandidValue.Null)
        {
            Write(text.Append(" = "), value.Value, nested: false);
        }

        text.Append(" }");
    }

    private static void WriteBlob(StringBuilder text, byte[] bytes)
    {
        text.Append("blob \"");
        foreach (var b in bytes)
        {
            if (b is >= 0x20 and < 0x7F and not (byte)'"' and not (byte)'\\')
            {
                text.Append((char)b);
            }
            else
            {
                text.Append('\\').Append(b.ToString("x2", CultureInfo.InvariantCulture));
            }
        }

        text.Append('"');
    }

    private static string Digits(BigInteger value)
    {
        var digits = BigInteger.Abs(value).ToString(CultureInfo.InvariantCulture);
        var text = new StringBuilder(value.Sign < 0 ? "-" : string.Empty);
        for (var i = 0; i < digits.Length; i++)
        {
            text.Append(i > 0 && (digits.Length - i) % 3 == 0 ? "_" : string.Empty).Append(digits[i]);
        }

        return text.ToString();
    }

    /// <summary>A literal must look like a floating point number.</summary>
    private static string Float(string text) => text switch
    {
        "NaN" => "nan",
        "Infinity" => "inf",
        "-Infinity" => "-inf",
        _ => WithPoint(text),
    };

    private static string WithPoint(string text) =>
        text.All(c => c is '-' or (>= '0' and <= '9')) ? text + ".0" : text;
}
