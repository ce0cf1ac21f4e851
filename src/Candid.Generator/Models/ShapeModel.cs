namespace Decent.Candid.Generator;

/// <summary>What a type becomes in C#.</summary>
internal enum ShapeKind
{
    /// <summary>Without parts: read and written by one call named after <see cref="ShapeModel.Name" />.</summary>
    Primitive,

    /// <summary>An option as a nullable type.</summary>
    Nullable,

    /// <summary>An option whose value may be absent itself: <c>Opt&lt;T&gt;</c>.</summary>
    Option,

    /// <summary>A vector.</summary>
    List,

    /// <summary>An unnamed record of positions, as a C# tuple.</summary>
    Tuple,

    /// <summary>A record.</summary>
    Record,

    /// <summary>A variant with payloads.</summary>
    Variant,

    /// <summary>A variant without any payload.</summary>
    Enum,

    /// <summary>A reference to a method.</summary>
    Func,

    /// <summary>A reference to a service.</summary>
    Service,

    /// <summary>A class around a type that is nothing but itself otherwise: <c>type T = vec T</c>.</summary>
    Wrapper,
}

/// <summary>A type.</summary>
/// <param name="Kind">What it becomes.</param>
/// <param name="Name">Its C# name; for primitives the name of the calls that read and write it.</param>
/// <param name="CSharp">The C# type, fully qualified.</param>
/// <param name="Owner">The shape in which it is nested as a case, or −1.</param>
/// <param name="Parts">Fields, cases, elements, or the one inner type; in the order of the source.</param>
/// <param name="Docs">Comment lines.</param>
/// <param name="Function">For references to methods: their types.</param>
internal sealed record ShapeModel(
    ShapeKind Kind,
    string Name,
    string CSharp,
    int Owner,
    EquatableArray<PartModel> Parts,
    EquatableArray<string> Docs,
    MethodModel? Function)
{
    /// <summary>Null, reserved and empty carry no value.</summary>
    internal bool IsNothing => Kind == ShapeKind.Primitive && Name is "Nothing" or "Empty";

    /// <summary>True where a nullable type cannot tell an absent option from a present value.</summary>
    internal bool MayBeAbsent => Kind is ShapeKind.Nullable or ShapeKind.Option || IsNothing;
}

/// <summary>A part of a type.</summary>
/// <param name="Name">C# name.</param>
/// <param name="DidName">Name or number in the file.</param>
/// <param name="Slot">Position in ascending order of label ids.</param>
/// <param name="Shape">Its type.</param>
/// <param name="Docs">Comment lines.</param>
internal sealed record PartModel(string Name, string DidName, int Slot, int Shape, EquatableArray<string> Docs);
