using System.Text;

namespace Decent.Candid.Parsing;

/// <summary>Walks over tokens; what the two parsers share.</summary>
internal sealed class DidCursor
{
    private const int MaxDepth = 200;
    private static readonly UTF8Encoding StrictUtf8 = new(false, true);

    private readonly List<DidToken> _tokens;
    private int _at;
    private int _depth;

    internal DidCursor(DidSource source)
    {
        Source = source;
        _tokens = new DidLexer(source).ReadAll();
    }

    internal DidSource Source { get; }

    internal DidToken Current => _tokens[_at];

    internal DidToken Following => _tokens[Math.Min(_at + 1, _tokens.Count - 1)];

    internal DidPlace Place => new(Source, Current.Offset);

    internal DidToken Take()
    {
        var token = _tokens[_at];
        _at += token.Kind == DidTokenKind.End ? 0 : 1;
        return token;
    }

    internal bool TryTake(string symbolOrWord)
    {
        if (!Current.Is(symbolOrWord))
        {
            return false;
        }

        _at++;
        return true;
    }

    internal void Expect(string symbolOrWord)
    {
        if (!TryTake(symbolOrWord))
        {
            throw Fault("'" + symbolOrWord + "' expected, found " + Current.Describe());
        }
    }

    internal DidException Fault(string reason) => Source.Fault(reason, Current.Offset);

    /// <summary>The content of a text token, which must be UTF-8.</summary>
    internal string TakeText()
    {
        if (Current.Kind != DidTokenKind.Text)
        {
            throw Fault("a text in quotes expected, found " + Current.Describe());
        }

        try
        {
            var text = StrictUtf8.GetString(Current.Bytes);
            _at++;
            return text;
        }
        catch (DecoderFallbackException)
        {
            throw Fault("text is not UTF-8");
        }
    }

    /// <summary>True at an identifier that is no keyword.</summary>
    internal bool AtId() => Current.Kind == DidTokenKind.Id && !DidKeywords.Contains(Current.Text);

    internal string TakeId()
    {
        if (AtId())
        {
            return Take().Text;
        }

        throw Fault(Current.Kind == DidTokenKind.Id
            ? Current.Describe() + " is a keyword; put it in quotes to use it as a name"
            : "a name expected, found " + Current.Describe());
    }

    /// <summary>A name, bare or in quotes.</summary>
    internal string TakeName() => Current.Kind == DidTokenKind.Text ? TakeText() : TakeId();

    /// <summary>A label number, below 2^32.</summary>
    internal uint TakeLabelNumber()
    {
        var digits = Current.Text.Replace("_", string.Empty);
        var hex = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        if (!uint.TryParse(
            hex ? digits.Substring(2) : digits,
            hex ? System.Globalization.NumberStyles.AllowHexSpecifier : System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture,
            out var number))
        {
            throw Fault("a label below 2^32 expected, found " + Current.Describe());
        }

        Take();
        return number;
    }

    internal void Enter()
    {
        if (++_depth > MaxDepth)
        {
            throw Fault("nested too deeply");
        }
    }

    internal void Leave() => _depth--;

    /// <summary>Items between brackets, separated, with an optional separator at the end.</summary>
    internal List<T> TakeList<T>(string open, string separator, string close, Func<T> item)
    {
        Expect(open);
        var items = new List<T>();
        while (!TryTake(close))
        {
            items.Add(item());
            if (!TryTake(separator))
            {
                Expect(close);
                break;
            }
        }

        return items;
    }
}
