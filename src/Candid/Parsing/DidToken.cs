namespace Decent.Candid.Parsing;

/// <summary>A token. Symbols, ids and numbers have their spelling in <see cref="Text" />; texts their bytes.</summary>
internal sealed class DidToken(DidTokenKind kind, string text, byte[] bytes, int offset, string[] comments)
{
    internal DidTokenKind Kind { get; } = kind;

    internal string Text { get; } = text;

    internal byte[] Bytes { get; } = bytes;

    internal int Offset { get; } = offset;

    /// <summary>The lines of <c>//</c> comments directly before, without the slashes.</summary>
    internal string[] Comments { get; } = comments;

    internal bool Is(string symbolOrWord) => Kind is DidTokenKind.Id or DidTokenKind.Symbol && Text == symbolOrWord;

    internal string Describe() => Kind switch
    {
        DidTokenKind.End => "the end",
        DidTokenKind.Text => "a text",
        _ => "'" + Text + "'",
    };
}
