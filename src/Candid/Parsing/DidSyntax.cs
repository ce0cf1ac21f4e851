namespace Decent.Candid.Parsing;

/// <summary>Something written in an interface description, with its place and documentation.</summary>
public abstract class DidSyntax
{
    private protected DidSyntax(DidPlace place, IReadOnlyList<string> docs)
    {
        Place = place;
        Docs = docs;
    }

    /// <summary>Where it starts.</summary>
    public DidPlace Place { get; }

    /// <summary>The comment lines directly before it.</summary>
    public IReadOnlyList<string> Docs { get; }
}
