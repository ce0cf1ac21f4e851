using Decent.Candid.Parsing;

namespace Decent.Candid.Generator;

/// <content>Types that become classes, and methods.</content>
internal sealed partial class ModelBuilder
{
    private ShapeModel Record(DidFields record, string name, int id, Context context)
    {
        var taken = new HashSet<string>(Identifiers.OfRecords.Concat(context.Taken), StringComparer.Ordinal) { name };
        var slots = Slots(record);
        var parts = new PartModel[slots.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            var field = record.Fields[i];
            var number = "Field" + field.Label.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var property = Identifiers.Unique(
                taken, field.Label.Name is null ? number : Identifiers.Pascal(field.Label.Name, number));
            var inside = new Context(context.Full + property, field.Docs);
            parts[i] = new PartModel(
                property, field.Label.ToString(), slots[i], Shape(field.Type, inside), field.Docs.ToEquatable());
        }

        return new ShapeModel(
            ShapeKind.Record, name, _pending[id], context.Owner, new EquatableArray<PartModel>(parts),
            context.Docs.ToEquatable(), null);
    }

    private ShapeModel Variant(DidFields variant, string name, int id, Context context)
    {
        var isEnum = variant.Fields.Count > 0 && variant.Fields.All(f => IsNull(f.Type));
        var labels = CaseNames(variant, name, isEnum);
        var slots = Slots(variant);
        var parts = new PartModel[slots.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            var (field, label) = (variant.Fields[i], labels[i]);
            var inline = field.Type is DidFields { IsVariant: false };
            var payload = inline
                ? new Context(label, field.Docs) { Owner = id, Full = context.Full + label, Taken = labels }
                : new Context(context.Full + label, field.Docs);
            parts[i] = new PartModel(
                label, field.Label.ToString(), slots[i], Shape(field.Type, payload), field.Docs.ToEquatable());
        }

        return new ShapeModel(
            isEnum ? ShapeKind.Enum : ShapeKind.Variant, name, _pending[id], -1,
            new EquatableArray<PartModel>(parts), context.Docs.ToEquatable(), null);
    }

    /// <summary>Names of cases: nested classes, so nothing that a case or the variant itself has as a member.</summary>
    private static string[] CaseNames(DidFields variant, string name, bool isEnum)
    {
        string[] members = isEnum ? [] : [.. Identifiers.OfRecords, name, "Match", "Tag", TypesEmitter.Payload];
        var taken = new HashSet<string>(members, StringComparer.Ordinal) { "Unknown" };
        return variant.Fields.Select(field =>
        {
            var number = "Case" + field.Label.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return Identifiers.Unique(
                taken, field.Label.Name is null ? number : Identifiers.Pascal(field.Label.Name, number));
        }).ToArray();
    }

    private bool IsNull(DidType type) => type switch
    {
        DidPrimitive primitive => primitive.Type.Kind == CandidKind.Null,
        DidName name => !_knots.Contains(name.Name) && IsNull(_definitions[name.Name].Type),
        _ => false,
    };

    private ShapeModel Function(DidFunc func, string name, int id, Context context) => new(
        ShapeKind.Func, name, _pending[id], -1, default, context.Docs.ToEquatable(),
        Method(func, name, name, [], context));

    private MethodModel Method(DidMethod method, HashSet<string> taken)
    {
        var name = Identifiers.Unique(taken, Identifiers.Pascal(method.Name, "Method"));
        DidType type = method.Type;
        while (type is DidName alias)
        {
            type = _definitions[alias.Name].Type;
        }

        return Method((DidFunc)type, name, method.Name, method.Docs, new Context(name, []));
    }

    private MethodModel Method(
        DidFunc func, string name, string didName, IReadOnlyList<string> docs, Context context) =>
        new(
            name,
            didName,
            docs.ToEquatable(),
            Arguments(func.Arguments, context.Full + "Argument", "argument"),
            Arguments(func.Results, context.Full + "Result", "result"),
            func.Mode.HasFlag(CandidFuncMode.Oneway) ? MethodMode.Oneway
                : func.Mode == CandidFuncMode.Update ? MethodMode.Update
                : MethodMode.Query);

    private EquatableArray<ArgumentModel> Arguments(
        IReadOnlyList<DidArgument> arguments, string typeName, string fallback)
    {
        // Names that the emitted methods use themselves.
        var taken = new HashSet<string>(StringComparer.Ordinal)
        {
            "agent", "cancellationToken", "lifetime", "encoder", "decoder", "message", "fault",
        };
        return arguments.Select((argument, i) =>
        {
            var number = arguments.Count == 1 ? string.Empty : Number(i + 1);
            var name = Identifiers.Unique(
                taken, argument.Name is null ? fallback + number : Identifiers.Camel(argument.Name, fallback + number));
            var shape = Shape(argument.Type, new Context(typeName + number, []));
            return new ArgumentModel(name, shape, Expression(argument.Type));
        }).ToEquatable();
    }

    /// <summary>The C# expression of a type as it is written; names stand for themselves.</summary>
    private string Expression(DidType type) => type switch
    {
        DidPrimitive { Type: CandidVecType } => Runtime + "CandidType.Blob",
        DidPrimitive primitive => Runtime + "CandidType." + primitive.Type.Kind,
        DidName name => Global("Types.") + _names[name.Name],
        DidOpt opt => Runtime + "CandidType.Opt(" + Expression(opt.Inner) + ")",
        DidVec vec => Runtime + "CandidType.Vec(" + Expression(vec.Item) + ")",
        DidFields fields => Runtime + "CandidType." + (fields.IsVariant ? "VariantOf" : "RecordOf") + "("
            + Array(
                "CandidField",
                fields.Fields.Select(f => "new(" + Label(f.Label) + ", " + Expression(f.Type) + ")")) + ")",
        DidFunc func => Runtime + "CandidType.Func("
            + Array("CandidType", func.Arguments.Select(a => Expression(a.Type))) + ", "
            + Array("CandidType", func.Results.Select(a => Expression(a.Type))) + ", ("
            + Runtime + "CandidFuncMode)" + Number((int)func.Mode) + ")",
        DidService service => "new " + Runtime + "CandidServiceType(" + Array(
            "CandidMethod",
            service.Methods.Select(
                m => "new(" + Identifiers.Literal(m.Name) + ", " + Expression(m.Type) + ")")) + ")",
        _ => throw new InvalidOperationException("a type of unknown kind"),
    };

    private static string Array(string type, IEnumerable<string> items) =>
        "new " + Runtime + type + "[] { " + string.Join(", ", items) + " }";

    private static string Label(CandidLabel label) => "new " + Runtime + "CandidLabel("
        + (label.Name is null
            ? label.Id.ToString(System.Globalization.CultureInfo.InvariantCulture) + "u"
            : Identifiers.Literal(label.Name)) + ")";

    /// <summary>Where a type stands: what a class there is called.</summary>
    private sealed class Context(string name, IReadOnlyList<string> docs)
    {
        /// <summary>The name a class here gets.</summary>
        internal string Name { get; } = name;

        /// <summary>What the names of classes inside begin with.</summary>
        internal string Full { get; init; } = name;

        internal IReadOnlyList<string> Docs { get; } = docs;

        /// <summary>The variant whose case a record here is, or −1.</summary>
        internal int Owner { get; init; } = -1;

        /// <summary>Names that its properties cannot have, because they are those of cases around it.</summary>
        internal IReadOnlyList<string> Taken { get; init; } = [];

        /// <summary>True where the name belongs to the type's definition and is reserved for it.</summary>
        internal bool Own { get; init; }

        internal Context Inside(string suffix) => new(Full + suffix, Docs);
    }
}
