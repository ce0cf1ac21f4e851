namespace Decent.Candid.Parsing;

/// <summary>The text of one file, for messages about it.</summary>
internal sealed class DidSource(string file, string text)
{
    internal string File { get; } = file;

    internal string Text { get; } = text;

    internal DidException Fault(string reason, int offset)
    {
        offset = Math.Min(offset, Text.Length);
        int line = 1, start = 0;
        for (var i = 0; i < offset; i++)
        {
            if (Text[i] == '\n')
            {
                line++;
                start = i + 1;
            }
        }

        var end = Text.IndexOf('\n', start);
        var excerpt = Text.Substring(start, (end < 0 ? Text.Length : end) - start).TrimEnd('\r');
        return new DidException(reason, File, line, offset - start + 1, excerpt);
    }
}
