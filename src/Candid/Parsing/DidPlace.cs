namespace Decent.Candid.Parsing;

/// <summary>A place in a file.</summary>
public sealed class DidPlace
{
    private readonly DidSource _source;

    internal DidPlace(DidSource source, int offset)
    {
        _source = source;
        Offset = offset;
    }

    /// <summary>The file.</summary>
    public string File => _source.File;

    /// <summary>Offset in UTF-16 code units.</summary>
    public int Offset { get; }

    /// <summary>An exception that points here.</summary>
    public DidException Fault(string reason) => _source.Fault(reason, Offset);
}
