using System.Globalization;

namespace Decent.Candid.Parsing;

/// <summary>An interface description or a textual value is wrong. The message shows the place.</summary>
public sealed class DidException : FormatException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="reason">What is wrong.</param>
    /// <param name="file">Name of the file, or empty.</param>
    /// <param name="line">Line, from 1.</param>
    /// <param name="column">Column in UTF-16 code units, from 1.</param>
    /// <param name="sourceLine">Text of the line, or empty.</param>
    public DidException(string reason, string file, int line, int column, string sourceLine)
        : base(Describe(reason, file, line, column, sourceLine))
    {
        Reason = reason;
        File = file;
        Line = line;
        Column = column;
    }

    /// <summary>What is wrong, without the place.</summary>
    public string Reason { get; }

    /// <summary>Name of the file, or empty.</summary>
    public string File { get; }

    /// <summary>Line, from 1.</summary>
    public int Line { get; }

    /// <summary>Column in UTF-16 code units, from 1.</summary>
    public int Column { get; }

    private static string Describe(string reason, string file, int line, int column, string sourceLine)
    {
        var place = string.Format(CultureInfo.InvariantCulture, "{0}({1},{2}): {3}", file, line, column, reason);
        return sourceLine.Length == 0
            ? place
            : place + "\n  " + sourceLine.Replace('\t', ' ') + "\n  " + new string(' ', column - 1) + "^";
    }
}
