namespace Decent.Candid.Parsing;

/// <summary>A type as it is written.</summary>
public abstract class DidType : DidSyntax
{
    private protected DidType(DidPlace place)
        : base(place, [])
    {
    }
}

/// <summary>A built-in type without parts, and <c>blob</c>.</summary>
public sealed class DidPrimitive : DidType
{
    internal DidPrimitive(DidPlace place, CandidType type)
        : base(place) => Type = type;

    /// <summary>The type.</summary>
    public CandidType Type { get; }
}

/// <summary>The name of a defined type.</summary>
public sealed class DidName : DidType
{
    internal DidName(DidPlace place, string name)
        : base(place) => Name = name;

    /// <summary>The name.</summary>
    public string Name { get; }
}

/// <summary><c>opt T</c>.</summary>
public sealed class DidOpt : DidType
{
    internal DidOpt(DidPlace place, DidType inner)
        : base(place) => Inner = inner;

    /// <summary>The inner type.</summary>
    public DidType Inner { get; }
}

/// <summary><c>vec T</c>.</summary>
public sealed class DidVec : DidType
{
    internal DidVec(DidPlace place, DidType item)
        : base(place) => Item = item;

    /// <summary>The element type.</summary>
    public DidType Item { get; }
}

/// <summary>A record or a variant.</summary>
public sealed class DidFields : DidType
{
    internal DidFields(DidPlace place, bool isVariant, IReadOnlyList<DidField> fields)
        : base(place)
    {
        IsVariant = isVariant;
        Fields = fields;
    }

    /// <summary>True for a variant.</summary>
    public bool IsVariant { get; }

    /// <summary>Fields or cases in the order of the source.</summary>
    public IReadOnlyList<DidField> Fields { get; }
}

/// <summary>A function type.</summary>
public sealed class DidFunc : DidType
{
    internal DidFunc(
        DidPlace place, IReadOnlyList<DidArgument> arguments, IReadOnlyList<DidArgument> results, CandidFuncMode mode)
        : base(place)
    {
        Arguments = arguments;
        Results = results;
        Mode = mode;
    }

    /// <summary>Arguments.</summary>
    public IReadOnlyList<DidArgument> Arguments { get; }

    /// <summary>Results.</summary>
    public IReadOnlyList<DidArgument> Results { get; }

    /// <summary>Annotations.</summary>
    public CandidFuncMode Mode { get; }
}

/// <summary>A service type.</summary>
public sealed class DidService : DidType
{
    internal DidService(DidPlace place, IReadOnlyList<DidMethod> methods)
        : base(place) => Methods = methods;

    /// <summary>Methods in the order of the source.</summary>
    public IReadOnlyList<DidMethod> Methods { get; }
}
