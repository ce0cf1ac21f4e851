namespace Decent.Candid.Generator;

/// <summary>Records, variants and enums, and the Candid types by name.</summary>
internal static class TypesEmitter
{
    /// <summary>The property of a case with a payload; no case is called that.</summary>
    internal const string Payload = "Value";

    internal static string Emit(FileModel model)
    {
        var code = new CodeWriter(model);
        foreach (var shape in model.Shapes.Where(s => s.Owner < 0))
        {
            EmitShape(code, model, shape);
        }

        EmitNames(code, model);
        return code.ToString();
    }

    private static void EmitShape(CodeWriter code, FileModel model, ShapeModel shape)
    {
        switch (shape.Kind)
        {
            case ShapeKind.Record:
                code.Line();
                EmitRecord(code, model, shape, "A record.", string.Empty);
                break;
            case ShapeKind.Variant:
                code.Line();
                EmitVariant(code, model, shape);
                break;
            case ShapeKind.Enum:
                code.Line();
                EmitEnum(code, shape);
                break;
            case ShapeKind.Func:
                code.Line();
                code.Docs(shape.Docs, "A reference to a method.");
                code.Line("/// <param name=\"Canister\">The canister that has the method.</param>");
                code.Line("/// <param name=\"Method\">Its name.</param>");
                code.Open(
                    "public sealed record " + shape.Name + "(global::Decent.Candid.Principal Canister, string Method)");
                ClientEmitter.EmitFunction(code, model, shape.Function!);
                code.Close();
                break;
            case ShapeKind.Service:
                code.Line();
                code.Docs(shape.Docs, "A reference to a service.");
                code.Line("/// <param name=\"Canister\">The canister.</param>");
                code.Line("public sealed record " + shape.Name + "(global::Decent.Candid.Principal Canister);");
                break;
            case ShapeKind.Wrapper:
                code.Line();
                code.Docs(shape.Docs, "A type that contains itself.");
                EmitMembers(code, model, shape, string.Empty);
                break;
        }
    }

    private static void EmitRecord(CodeWriter code, FileModel model, ShapeModel shape, string what, string ending)
    {
        code.Docs(shape.Docs, what);
        EmitMembers(code, model, shape, ending);
    }

    /// <summary>
    /// True for a record of nothing but itself: it cannot be positional, because records have a constructor with one
    /// argument of their own type already.
    /// </summary>
    internal static bool IsOfItself(FileModel model, ShapeModel shape) =>
        shape.Kind is ShapeKind.Record or ShapeKind.Wrapper
        && shape.Parts.Count == 1
        && model.Shapes[shape.Parts[0].Shape].CSharp.TrimEnd('?') == shape.CSharp;

    private static void EmitMembers(CodeWriter code, FileModel model, ShapeModel shape, string ending)
    {
        if (IsOfItself(model, shape))
        {
            var only = shape.Parts[0];
            code.Open("public sealed record " + shape.Name + ending);
            code.Docs(only.Docs, "Field " + only.DidName + ".");
            code.Line("public required " + model.Shapes[only.Shape].CSharp + " " + only.Name + " { get; init; }");
            code.Close();
            return;
        }

        foreach (var part in shape.Parts)
        {
            code.Param(part.Name, part.Docs, "Field " + part.DidName + ".");
        }

        code.Line("public sealed record " + shape.Name + "("
            + string.Join(", ", shape.Parts.Select(p => model.Shapes[p.Shape].CSharp + " " + p.Name)) + ")"
            + ending + ";");
    }

    private static void EmitVariant(CodeWriter code, FileModel model, ShapeModel shape)
    {
        code.Docs(shape.Docs, "A variant: exactly one of its cases.");
        code.Open("public abstract record " + shape.Name);
        code.Open("private " + shape.Name + "()");
        code.Close();
        foreach (var part in shape.Parts)
        {
            code.Line();
            var payload = model.Shapes[part.Shape];
            if (payload.Owner >= 0)
            {
                EmitRecord(code, model, payload, "Case " + part.DidName + ".", " : " + shape.CSharp);
                continue;
            }

            code.Docs(part.Docs, "Case " + part.DidName + ".");
            if (payload.IsNothing)
            {
                code.Line("public sealed record " + part.Name + "() : " + shape.CSharp + ";");
                continue;
            }

            code.Line("/// <param name=\"" + Payload + "\">What comes with it.</param>");
            code.Line("public sealed record " + part.Name + "(" + payload.CSharp + " " + Payload + ") : "
                + shape.CSharp + ";");
        }

        code.Line();
        code.Line("/// <summary>A case that the interface did not have when this was written.</summary>");
        code.Line("/// <param name=\"Tag\">The id of its label.</param>");
        code.Line("public sealed record Unknown(uint Tag) : " + shape.CSharp + ";");
        EmitMatch(code, shape);
        code.Close();
    }

    private static void EmitMatch(CodeWriter code, ShapeModel shape)
    {
        var cases = shape.Parts.Select(p => p.Name).Concat(["Unknown"]).ToArray();
        code.Line();
        code.Line("/// <summary>One answer per case; a case that is forgotten does not compile.</summary>");
        code.Open("public TMatch Match<TMatch>(" + string.Join(", ", cases.Select(
            (c, i) => "global::System.Func<" + shape.CSharp + "." + c + ", TMatch> when" + c)) + ")");
        code.Open("switch (this)");
        foreach (var one in cases)
        {
            code.Line("case " + shape.CSharp + "." + one + " it: return when" + one + "(it);");
        }

        code.Line("default: throw new global::System.InvalidOperationException();");
        code.Close();
        code.Close();
    }

    private static void EmitEnum(CodeWriter code, ShapeModel shape)
    {
        code.Docs(shape.Docs, "A variant whose cases carry nothing.");
        code.Open("public enum " + shape.Name);
        code.Line("/// <summary>A case that the interface did not have when this was written.</summary>");
        code.Line("Unknown = 0,");
        foreach (var part in shape.Parts)
        {
            code.Line();
            code.Docs(part.Docs, "Case " + part.DidName + ".");
            code.Line(part.Name + ",");
        }

        code.Close();
    }

    private static void EmitNames(CodeWriter code, FileModel model)
    {
        code.Line();
        code.Line("/// <summary>The Candid types of the interface by name.</summary>");
        code.Open("public static class Types");
        if (model.Names.Count > 0)
        {
            code.Open("static Types()");
            foreach (var name in model.Names)
            {
                code.Line("((global::Decent.Candid.CandidKnotType)" + name.Name + ").Tie(" + name.Candid + ");");
            }

            code.Close();
        }

        foreach (var name in model.Names)
        {
            code.Line();
            code.Docs(name.Docs, "Type " + name.DidName + ".");
            code.Line("public static global::Decent.Candid.CandidType " + name.Name
                + " { get; } = new global::Decent.Candid.CandidKnotType("
                + Identifiers.Literal(name.DidName) + ");");
        }

        code.Close();
    }
}
