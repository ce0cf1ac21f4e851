using System.Globalization;

namespace Decent.Candid.Generator;

/// <summary>The codec of an interface: two static methods per type, one that writes and one that reads.</summary>
internal static class CodecEmitter
{
    private const string Writer = "global::Decent.Candid.CandidWriter w";
    private const string Reader = "ref global::Decent.Candid.CandidDecoder d, global::Decent.Candid.CandidPlan plan";

    internal static string Emit(FileModel model)
    {
        var code = new CodeWriter(model);
        code.Line();
        code.Line("/// <summary>Writes and reads every type of the interface.</summary>");
        code.Open("internal static class Codec");
        for (var i = 0; i < model.Shapes.Count; i++)
        {
            if (model.Shapes[i].Kind == ShapeKind.Primitive)
            {
                continue;
            }

            code.Line("// " + model.Shapes[i].CSharp);
            code.Open("internal static void Write" + Number(i) + "(" + Writer + ", " + model.Shapes[i].CSharp + " v)");
            EmitWrite(code, model, model.Shapes[i]);
            code.Close();
            code.Line();
            code.Open("internal static " + model.Shapes[i].CSharp + " Read" + Number(i) + "(" + Reader + ")");
            EmitRead(code, model, model.Shapes[i]);
            code.Close();
            code.Line();
        }

        code.Close();
        return code.ToString();
    }

    /// <summary>The statement that writes a value.</summary>
    internal static string Write(FileModel model, int shape, string writer, string value) => model.Shapes[shape] switch
    {
        { Kind: ShapeKind.Primitive, Name: "Nothing" } => ";",
        { Kind: ShapeKind.Primitive, Name: "Empty" } =>
            "throw new global::Decent.Candid.CandidEncodeException(\"type empty has no value\");",
        { Kind: ShapeKind.Primitive, Name: "Blob" } => writer + ".WriteBlob(" + value + ".Span);",
        { Kind: ShapeKind.Primitive } primitive => writer + ".Write" + primitive.Name + "(" + value + ");",
        _ => "Codec.Write" + Number(shape) + "(" + writer + ", " + value + ");",
    };

    /// <summary>The expression that reads a value.</summary>
    internal static string Read(FileModel model, int shape, string decoder, string plan) => model.Shapes[shape] switch
    {
        { Kind: ShapeKind.Primitive, Name: "Empty" } => decoder + ".ReadNothing(" + plan + ")",
        { Kind: ShapeKind.Primitive } primitive => decoder + ".Read" + primitive.Name + "(" + plan + ")",
        _ => "Codec.Read" + Number(shape) + "(ref " + decoder + ", " + plan + ")",
    };

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static void EmitWrite(CodeWriter code, FileModel model, ShapeModel shape)
    {
        switch (shape.Kind)
        {
            case ShapeKind.Nullable:
            case ShapeKind.Option:
                code.Open(shape.Kind == ShapeKind.Nullable ? "if (v is { } it)" : "if (v.TryGet(out var it))");
                code.Line("w.WriteBool(true);");
                code.Line(Write(model, shape.Parts[0].Shape, "w", "it"));
                code.Close();
                code.Open("else");
                code.Line("w.WriteBool(false);");
                code.Close();
                break;
            case ShapeKind.List:
                code.Line("var count = v.Count;");
                code.Line("w.WriteLeb64((ulong)count);");
                code.Open("for (var i = 0; i < count; i++)");
                code.Line(Write(model, shape.Parts[0].Shape, "w", "v[i]"));
                code.Close();
                break;
            case ShapeKind.Record:
            case ShapeKind.Tuple:
                foreach (var part in shape.Parts.OrderBy(p => p.Slot))
                {
                    code.Line(Write(model, part.Shape, "w", "v." + part.Name));
                }

                break;
            case ShapeKind.Variant:
            case ShapeKind.Enum:
                EmitWriteCases(code, model, shape);
                break;
            case ShapeKind.Wrapper:
                code.Line(Write(model, shape.Parts[0].Shape, "w", "v." + shape.Parts[0].Name));
                break;
            case ShapeKind.Func:
                code.Line("w.WriteFunc(v.Canister, v.Method);");
                break;
            case ShapeKind.Service:
                code.Line("w.WritePrincipal(v.Canister);");
                break;
        }
    }

    private static void EmitWriteCases(CodeWriter code, FileModel model, ShapeModel shape)
    {
        code.Open("switch (v)");
        foreach (var part in shape.Parts)
        {
            var payload = model.Shapes[part.Shape];
            var name = shape.CSharp + "." + part.Name;
            code.Line("case " + name + (shape.Kind == ShapeKind.Enum || payload.IsNothing ? ":" : " it:"));
            code.Line("    w.WriteLeb64(" + Number(part.Slot) + ");");
            if (!payload.IsNothing)
            {
                code.Line("    " + Write(
                    model, part.Shape, "w", payload.Owner >= 0 ? "it" : "it." + TypesEmitter.Payload));
            }

            code.Line("    break;");
        }

        code.Line("default:");
        code.Line("    throw new global::Decent.Candid.CandidEncodeException(\"an unknown case cannot be written\");");
        code.Close();
    }

    private static void EmitRead(CodeWriter code, FileModel model, ShapeModel shape)
    {
        switch (shape.Kind)
        {
            case ShapeKind.Nullable:
            case ShapeKind.Option:
                var present = shape.Kind == ShapeKind.Nullable ? "it" : shape.CSharp + ".Some(it)";
                code.Open("if (!d.OpenOption(plan, out var option))");
                code.Line("return default;");
                code.Close();
                code.Line("var it = " + Read(model, shape.Parts[0].Shape, "d", "option.Part") + ";");
                code.Line("return d.CloseOption(option) ? " + present + " : default(" + shape.CSharp + ");");
                break;
            case ShapeKind.List:
                EmitReadList(code, model, shape);
                break;
            case ShapeKind.Record:
            case ShapeKind.Tuple:
                EmitReadFields(code, model, shape);
                break;
            case ShapeKind.Variant:
            case ShapeKind.Enum:
                EmitReadCases(code, model, shape);
                break;
            case ShapeKind.Wrapper:
                code.Line("var it = " + Read(model, shape.Parts[0].Shape, "d", "plan") + ";");
                code.Line("return d.Refused ? default! : " + Construct(model, shape, "it") + ";");
                break;
            case ShapeKind.Func:
                code.Line("var (canister, method) = d.ReadFunc(plan);");
                code.Line("return d.Refused ? default! : new " + shape.CSharp + "(canister, method);");
                break;
            case ShapeKind.Service:
                code.Line("var canister = d.ReadService(plan);");
                code.Line("return d.Refused ? default! : new " + shape.CSharp + "(canister);");
                break;
        }
    }

    private static void EmitReadList(CodeWriter code, FileModel model, ShapeModel shape)
    {
        var item = model.Shapes[shape.Parts[0].Shape];
        code.Line("var count = d.EnterVec(plan);");
        code.Open("if (count <= 0)");
        code.Open("if (count == 0)");
        code.Line("d.Leave();");
        code.Close();
        code.Line("return global::System.Array.Empty<" + item.CSharp + ">();");
        code.Close();
        code.Line("var part = d.Part(plan, 0);");
        code.Line("var items = new " + item.CSharp + "[count];");
        code.Open("for (var i = 0; i < count; i++)");
        code.Line("d.At(i);");
        code.Line("items[i] = " + Read(model, shape.Parts[0].Shape, "d", "part") + ";");
        EmitRefused(code);
        code.Close();
        code.Line("d.Leave();");
        code.Line("return items;");
    }

    private static void EmitReadFields(CodeWriter code, FileModel model, ShapeModel shape)
    {
        code.Open("if (!d.EnterRecord(plan))");
        code.Line("return default!;");
        code.Close();
        foreach (var part in shape.Parts)
        {
            code.Line(model.Shapes[part.Shape].CSharp + " f" + Number(part.Slot) + " = default!;");
        }

        code.Open("for (var i = 0; i < plan.FieldCount; i++)");
        code.Open("switch (d.Field(plan, i))");
        foreach (var part in shape.Parts.OrderBy(p => p.Slot))
        {
            code.Line("case " + Number(part.Slot) + ":");
            code.Line("    f" + Number(part.Slot) + " = " + Read(model, part.Shape, "d", "d.Part(plan, i)") + ";");
            code.Line("    break;");
        }

        code.Line("default:");
        code.Line("    d.SkipField(plan, i);");
        code.Line("    break;");
        code.Close();
        EmitRefused(code);
        code.Close();
        code.Line("d.Leave();");
        code.Line("return " + Construct(
            model, shape, string.Join(", ", shape.Parts.Select(p => "f" + Number(p.Slot)))) + ";");
    }

    private static string Construct(FileModel model, ShapeModel shape, string values) =>
        shape.Kind == ShapeKind.Tuple ? "(" + values + ")"
        : TypesEmitter.IsOfItself(model, shape)
            ? "new " + shape.CSharp + " { " + shape.Parts[0].Name + " = " + values + " }"
        : "new " + shape.CSharp + "(" + values + ")";

    private static void EmitReadCases(CodeWriter code, FileModel model, ShapeModel shape)
    {
        code.Open("switch (d.EnterVariant(plan, out var part, out var label))");
        foreach (var one in shape.Parts)
        {
            var payload = model.Shapes[one.Shape];
            var name = shape.CSharp + "." + one.Name;
            code.Open("case " + Number(one.Slot) + ":");
            code.Line("var it = " + Read(model, one.Shape, "d", "part!") + ";");
            EmitRefused(code);
            code.Line("d.Leave();");
            code.Line("return " + (shape.Kind == ShapeKind.Enum ? name
                : payload.Owner >= 0 ? "it"
                : payload.IsNothing ? "new " + name + "()"
                : "new " + name + "(it)") + ";");
            code.Close();
        }

        code.Line("default:");
        code.Line("    return " + (shape.Kind == ShapeKind.Enum
            ? shape.CSharp + ".Unknown;"
            : "d.Refused ? default! : new " + shape.CSharp + ".Unknown(label);"));
        code.Close();
    }

    private static void EmitRefused(CodeWriter code)
    {
        code.Open("if (d.Refused)");
        code.Line("return default!;");
        code.Close();
    }
}
