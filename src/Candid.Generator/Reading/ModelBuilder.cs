using System.Globalization;
using Decent.Candid.Parsing;

namespace Decent.Candid.Generator;

/// <summary>Decides what every type of an interface becomes in C#.</summary>
internal sealed partial class ModelBuilder
{
    private const int MaxTupleLength = 7;
    private const string Runtime = "global::Decent.Candid.";

    private readonly string _namespace;
    private readonly Dictionary<string, DidDefinition> _definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _structural = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly List<ShapeModel?> _shapes = [];
    private readonly Dictionary<int, string> _pending = [];
    private readonly Dictionary<DidType, int> _classes = [];
    private readonly HashSet<string> _knots;

    private ModelBuilder(DidInterface description, string name, string target)
    {
        _namespace = target;
        string[] ours = ["Types", "Codec", "Canister", "Method", name + "Canister", "I" + name + "Canister"];
        foreach (var reserved in ours)
        {
            _taken.Add(reserved);
        }

        foreach (var definition in description.Definitions)
        {
            _definitions.Add(definition.Name, definition);
            _names.Add(definition.Name, Identifiers.Unique(_taken, Identifiers.Pascal(definition.Name, "Type")));
        }

        _knots = StructuralCycles.Find(_definitions);
    }

    internal static FileModel Build(DidInterface description, string path, string name, string rootNamespace)
    {
        var target = rootNamespace + "." + name;
        var builder = new ModelBuilder(description, name, target);
        var names = description.Definitions.Select(builder.Define).ToEquatable();
        var methodNames = new HashSet<string>(StringComparer.Ordinal);
        var methods = description.Methods.Select(m => builder.Method(m, methodNames)).ToEquatable();
        return new FileModel(
            path,
            name,
            target,
            (description.Actor?.Docs ?? []).ToEquatable(),
            description.Service is not null,
            builder._shapes.Select(s => s!).ToEquatable(),
            names,
            methods);
    }

    private NameModel Define(DidDefinition definition)
    {
        Named(definition.Name);
        return new NameModel(
            _names[definition.Name], definition.Name, Expression(definition.Type), definition.Docs.ToEquatable());
    }

    /// <summary>The shape of a defined type.</summary>
    private int Named(string name)
    {
        if (_byName.TryGetValue(name, out var known))
        {
            return known;
        }

        var definition = _definitions[name];
        var csharp = _names[name];
        if (_knots.Contains(name) && definition.Type is not DidName)
        {
            var id = Reserve(csharp, -1);
            _byName.Add(name, id);
            var inner = Shape(definition.Type, new Context(csharp + "Value", []));
            _shapes[id] = new ShapeModel(
                ShapeKind.Wrapper,
                csharp,
                Global(csharp),
                -1,
                Only(csharp == "Value" ? "Value_2" : "Value", inner),
                definition.Docs.ToEquatable(),
                null);
            return id;
        }

        var shape = Shape(definition.Type, new Context(csharp, definition.Docs) { Own = true });
        _byName[name] = shape;
        return shape;
    }

    /// <summary>A place for a class whose parts are not known yet.</summary>
    private int Reserve(string name, int owner)
    {
        _shapes.Add(null);
        var id = _shapes.Count - 1;
        _pending.Add(id, (owner < 0 ? Global(string.Empty) : CSharpOf(owner) + ".") + name);
        return id;
    }

    private int Shape(DidType type, Context context)
    {
        switch (type)
        {
            case DidPrimitive primitive:
                return Structural(Primitive(primitive.Type));
            case DidName name:
                return Named(name.Name);
            case DidOpt opt:
                return Option(Shape(opt.Inner, context));
            case DidVec vec:
                return Vector(Shape(vec.Item, context.Inside("Item")));
            case DidFields { IsVariant: false } record when IsTuple(record) && !context.Own && context.Owner < 0:
                return Tuple(record, context);
            default:
                return _classes.TryGetValue(type, out var known) ? known : Class(type, context);
        }
    }

    /// <summary>Types that become classes: each place in the source is one.</summary>
    private int Class(DidType type, Context context)
    {
        var name = context.Owner >= 0 || context.Own ? context.Name : Identifiers.Unique(_taken, context.Name);
        var id = Reserve(name, context.Owner);
        _classes.Add(type, id);
        _shapes[id] = type switch
        {
            DidFields { IsVariant: true } variant => Variant(variant, name, id, context),
            DidFields record => Record(record, name, id, context),
            DidFunc func => Function(func, name, id, context),
            _ => new ShapeModel(
                ShapeKind.Service, name, _pending[id], -1, default, context.Docs.ToEquatable(), null),
        };
        return id;
    }

    private int Structural(ShapeModel shape)
    {
        var key = shape.Kind + " " + shape.Name + " " + shape.CSharp + " "
            + string.Join(" ", shape.Parts.Select(p => p.Shape));
        if (!_structural.TryGetValue(key, out var id))
        {
            _shapes.Add(shape);
            id = _shapes.Count - 1;
            _structural.Add(key, id);
        }

        return id;
    }

    private static ShapeModel Primitive(CandidType type)
    {
        var (name, csharp) = type.Kind switch
        {
            CandidKind.Null or CandidKind.Reserved => ("Nothing", Runtime + "Nothing"),
            CandidKind.Empty => ("Empty", Runtime + "Nothing"),
            CandidKind.Bool => ("Bool", "bool"),
            CandidKind.Nat => ("Nat", "global::System.Numerics.BigInteger"),
            CandidKind.Int => ("Int", "global::System.Numerics.BigInteger"),
            CandidKind.Nat8 => ("Nat8", "byte"),
            CandidKind.Nat16 => ("Nat16", "ushort"),
            CandidKind.Nat32 => ("Nat32", "uint"),
            CandidKind.Nat64 => ("Nat64", "ulong"),
            CandidKind.Int8 => ("Int8", "sbyte"),
            CandidKind.Int16 => ("Int16", "short"),
            CandidKind.Int32 => ("Int32", "int"),
            CandidKind.Int64 => ("Int64", "long"),
            CandidKind.Float32 => ("Float32", "float"),
            CandidKind.Float64 => ("Float64", "double"),
            CandidKind.Text => ("Text", "string"),
            CandidKind.Principal => ("Principal", Runtime + "Principal"),
            _ => ("Blob", "global::System.ReadOnlyMemory<byte>"),
        };
        return new ShapeModel(ShapeKind.Primitive, name, csharp, -1, default, default, null);
    }

    private int Option(int inner)
    {
        // A shape that is still being built is a class: never absent itself.
        var wrap = _shapes[inner] is { MayBeAbsent: true };
        var csharp = CSharpOf(inner);
        return Structural(new ShapeModel(
            wrap ? ShapeKind.Option : ShapeKind.Nullable,
            string.Empty,
            wrap ? Runtime + "Opt<" + csharp + ">" : csharp + "?",
            -1,
            Single(inner),
            default,
            null));
    }

    private int Vector(int item) => _shapes[item] is { Kind: ShapeKind.Primitive, Name: "Nat8" }
        ? Structural(Primitive(CandidType.Blob))
        : Structural(new ShapeModel(
            ShapeKind.List,
            string.Empty,
            "global::System.Collections.Generic.IReadOnlyList<" + CSharpOf(item) + ">",
            -1,
            Single(item),
            default,
            null));

    private int Tuple(DidFields record, Context context)
    {
        var parts = Slots(record).Select((slot, i) => new PartModel(
            "Item" + Number(i + 1),
            Number(i),
            slot,
            Shape(record.Fields[i].Type, context.Inside("Item" + Number(i + 1))),
            record.Fields[i].Docs.ToEquatable())).ToEquatable();
        return Structural(new ShapeModel(
            ShapeKind.Tuple,
            string.Empty,
            "(" + string.Join(", ", parts.Select(p => CSharpOf(p.Shape))) + ")",
            -1,
            parts,
            default,
            null));
    }

    private static EquatableArray<PartModel> Single(int inner) => Only(string.Empty, inner);

    private static EquatableArray<PartModel> Only(string name, int inner) =>
        new([new PartModel(name, "value", 0, inner, default)]);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Unnamed fields 0 to n − 1 in order, few enough for a C# tuple.</summary>
    internal static bool IsTuple(DidFields record) =>
        record.Fields.Count is >= 2 and <= MaxTupleLength
        && record.Fields.Select((f, i) => f.Label.Name is null && f.Label.Id == i).All(fits => fits);

    private static int[] Slots(DidFields fields)
    {
        var order = fields.Fields.Select(f => f.Label.Id).OrderBy(id => id).ToList();
        return fields.Fields.Select(f => order.IndexOf(f.Label.Id)).ToArray();
    }

    private string CSharpOf(int shape) => _shapes[shape]?.CSharp ?? _pending[shape];

    private string Global(string name) => "global::" + _namespace + "." + name;
}
