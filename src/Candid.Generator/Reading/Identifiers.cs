using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace Decent.Candid.Generator;

/// <summary>C# names for Candid names.</summary>
internal static class Identifiers
{
    /// <summary>Members that every record has; a property or a nested type must not take their names.</summary>
    internal static readonly string[] OfRecords =
    [
        "Equals", "GetHashCode", "ToString", "GetType", "EqualityContract", "PrintMembers", "Deconstruct", "Clone",
        "MemberwiseClone", "Finalize", "ReferenceEquals",
    ];

    /// <summary>
    /// The name in Pascal case, from its ASCII letters and digits; the fallback when there are none.
    /// </summary>
    internal static string Pascal(string name, string fallback)
    {
        var text = new StringBuilder(name.Length);
        var start = true;
        foreach (var c in name)
        {
            if (c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9'))
            {
                text.Append(start ? char.ToUpperInvariant(c) : c);
                start = false;
            }
            else
            {
                start = true;
            }
        }

        if (text.Length == 0)
        {
            return fallback;
        }

        return text[0] is >= '0' and <= '9' ? "_" + text : text.ToString();
    }

    /// <summary>As <see cref="Pascal" /> with a small first letter; a keyword gets its escape.</summary>
    internal static string Camel(string name, string fallback)
    {
        var pascal = Pascal(name, fallback);
        var camel = char.ToLowerInvariant(pascal[0]) + pascal.Substring(1);
        return SyntaxFacts.GetKeywordKind(camel) != SyntaxKind.None
            || SyntaxFacts.GetContextualKeywordKind(camel) != SyntaxKind.None ? "@" + camel : camel;
    }

    /// <summary>The name, or the name with a number when it is taken; takes it.</summary>
    internal static string Unique(HashSet<string> taken, string name)
    {
        var unique = name;
        for (var i = 2; !taken.Add(unique); i++)
        {
            unique = name + "_" + i.ToString(CultureInfo.InvariantCulture);
        }

        return unique;
    }

    /// <summary>A C# string literal.</summary>
    internal static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);
}
