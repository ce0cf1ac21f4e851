namespace Decent.Candid.Parsing;

/// <summary>
/// An interface description with its imports, every name bound and every rule of the language checked.
/// </summary>
public sealed class DidInterface
{
    private readonly DidScope _scope;

    internal DidInterface(
        DidScope scope, IReadOnlyList<DidDefinition> definitions, DidActor? actor, IReadOnlyList<DidMethod> methods)
    {
        _scope = scope;
        Definitions = definitions;
        Actor = actor;
        Methods = methods;
        InitArguments = actor?.InitArguments is { } init ? scope.LowerList(init) : null;
        Service = actor is null && methods.Count == 0
            ? null
            : new CandidServiceType(methods.Select(m => new CandidMethod(m.Name, scope.Lower(m.Type))));
    }

    /// <summary>All type definitions, of imported files first, in the order of the sources.</summary>
    public IReadOnlyList<DidDefinition> Definitions { get; }

    /// <summary>The main service as written in the file itself, if it is there.</summary>
    public DidActor? Actor { get; }

    /// <summary>The methods of the main service with their documentation, including imported ones.</summary>
    public IReadOnlyList<DidMethod> Methods { get; }

    /// <summary>The type of the main service; null when the file has none.</summary>
    public CandidServiceType? Service { get; }

    /// <summary>Types of the installation arguments; null when the service is not a constructor.</summary>
    public IReadOnlyList<CandidType>? InitArguments { get; }

    /// <summary>Parses and checks a file.</summary>
    /// <param name="text">Its content.</param>
    /// <param name="path">Its path, for messages and for relative imports.</param>
    /// <param name="resolve">Content of a file by path, or null when there is none. Paths are those of imports, joined
    /// to the folder of the importing file with <c>/</c> and normalised. Null refuses every import.</param>
    /// <exception cref="DidException">Something is wrong; the message shows where.</exception>
    public static DidInterface Load(string text, string path, Func<string, string?>? resolve = null) =>
        new DidLoader(resolve ?? (_ => null)).Load(text, path);

    /// <summary>A defined type by name, or null.</summary>
    public CandidType? Find(string name) => _scope.Find(name);

    /// <summary>The type that a piece of this interface's syntax stands for.</summary>
    public CandidType TypeOf(DidType syntax) => _scope.Lower(syntax);
}
