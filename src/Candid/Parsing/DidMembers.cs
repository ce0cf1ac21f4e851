namespace Decent.Candid.Parsing;

/// <summary>A field of a record or a case of a variant.</summary>
public sealed class DidField : DidSyntax
{
    internal DidField(DidPlace place, IReadOnlyList<string> docs, CandidLabel label, DidType type)
        : base(place, docs)
    {
        Label = label;
        Type = type;
    }

    /// <summary>The label.</summary>
    public CandidLabel Label { get; }

    /// <summary>The type; null for a case without payload.</summary>
    public DidType Type { get; }
}

/// <summary>A method of a service.</summary>
public sealed class DidMethod : DidSyntax
{
    internal DidMethod(DidPlace place, IReadOnlyList<string> docs, string name, DidType type)
        : base(place, docs)
    {
        Name = name;
        Type = type;
    }

    /// <summary>The name; any text.</summary>
    public string Name { get; }

    /// <summary>A function type or a name of one.</summary>
    public DidType Type { get; }
}

/// <summary>An argument or result.</summary>
public sealed class DidArgument : DidSyntax
{
    internal DidArgument(DidPlace place, string? name, DidType type)
        : base(place, [])
    {
        Name = name;
        Type = type;
    }

    /// <summary>The name, documentation only; null when there is none.</summary>
    public string? Name { get; }

    /// <summary>The type.</summary>
    public DidType Type { get; }
}

/// <summary>A type definition.</summary>
public sealed class DidDefinition : DidSyntax
{
    internal DidDefinition(DidPlace place, IReadOnlyList<string> docs, string name, DidType type)
        : base(place, docs)
    {
        Name = name;
        Type = type;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The type.</summary>
    public DidType Type { get; }
}

/// <summary>An import.</summary>
public sealed class DidImport : DidSyntax
{
    internal DidImport(DidPlace place, string path, bool isService)
        : base(place, [])
    {
        Path = path;
        IsService = isService;
    }

    /// <summary>The path as written.</summary>
    public string Path { get; }

    /// <summary>True when the main service is imported too.</summary>
    public bool IsService { get; }
}

/// <summary>The main service of a file.</summary>
public sealed class DidActor : DidSyntax
{
    internal DidActor(
        DidPlace place, IReadOnlyList<string> docs, string? name, IReadOnlyList<DidArgument>? init, DidType type)
        : base(place, docs)
    {
        Name = name;
        InitArguments = init;
        Type = type;
    }

    /// <summary>The name, documentation only.</summary>
    public string? Name { get; }

    /// <summary>Arguments of the installation; null when the service is not a constructor.</summary>
    public IReadOnlyList<DidArgument>? InitArguments { get; }

    /// <summary>A service type or a name of one.</summary>
    public DidType Type { get; }
}

/// <summary>One parsed file.</summary>
public sealed class DidProgram
{
    internal DidProgram(
        IReadOnlyList<DidImport> imports, IReadOnlyList<DidDefinition> definitions, DidActor? actor)
    {
        Imports = imports;
        Definitions = definitions;
        Actor = actor;
    }

    /// <summary>Imports.</summary>
    public IReadOnlyList<DidImport> Imports { get; }

    /// <summary>Type definitions in the order of the source.</summary>
    public IReadOnlyList<DidDefinition> Definitions { get; }

    /// <summary>The main service, if there is one.</summary>
    public DidActor? Actor { get; }
}
