using System.Globalization;
using System.Text;

namespace Decent.Candid.Parsing;

/// <summary>Splits interface descriptions and textual values into tokens.</summary>
internal sealed class DidLexer(DidSource source)
{
    private readonly string _text = source.Text;
    private readonly List<string> _comments = [];
    private int _at;

    internal List<DidToken> ReadAll()
    {
        var tokens = new List<DidToken>();
        do
        {
            tokens.Add(Next(tokens.Count == 0));
        }
        while (tokens[tokens.Count - 1].Kind != DidTokenKind.End);
        return tokens;
    }

    private DidToken Next(bool first)
    {
        SkipBlanks(first);
        var comments = _comments.Count == 0 ? [] : _comments.ToArray();
        _comments.Clear();
        var start = _at;
        if (_at >= _text.Length)
        {
            return new DidToken(DidTokenKind.End, string.Empty, [], start, comments);
        }

        var c = _text[_at];
        if (c == '"')
        {
            return new DidToken(DidTokenKind.Text, string.Empty, ReadText(), start, comments);
        }

        if (IsDigit(c))
        {
            var kind = ReadNumber();
            return new DidToken(kind, _text.Substring(start, _at - start), [], start, comments);
        }

        if (IsLetter(c))
        {
            while (_at < _text.Length && (IsLetter(_text[_at]) || IsDigit(_text[_at])))
            {
                _at++;
            }

            return new DidToken(DidTokenKind.Id, _text.Substring(start, _at - start), [], start, comments);
        }

        _at += c == '-' && Peek(1) == '>' ? 2 : 1;
        var symbol = _text.Substring(start, _at - start);
        return c is '=' or ':' or ';' or ',' or '.' or '(' or ')' or '{' or '}' or '!' or '+' or '-'
            ? new DidToken(DidTokenKind.Symbol, symbol, [], start, comments)
            : throw source.Fault("unexpected character '" + symbol + "'", start);
    }

    /// <summary>
    /// Passes over white space and comments. Line comments on their own lines are kept as documentation of what
    /// follows; a blank line or a block comment ends their reach.
    /// </summary>
    private void SkipBlanks(bool first)
    {
        var lines = first ? 1 : 0;
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (c == '\n')
            {
                _at++;
                if (++lines > 1)
                {
                    _comments.Clear();
                }
            }
            else if (c is ' ' or '\t' or '\r' or '\f')
            {
                _at++;
            }
            else if (c == '/' && Peek(1) == '/')
            {
                var comment = ReadLineComment();
                if (lines > 0)
                {
                    _comments.Add(comment);
                    lines = 0;
                }
            }
            else if (c == '/' && Peek(1) == '*')
            {
                SkipBlockComment();
                _comments.Clear();
            }
            else
            {
                return;
            }
        }
    }

    private string ReadLineComment()
    {
        var end = _text.IndexOf('\n', _at);
        end = end < 0 ? _text.Length : end;
        var comment = _text.Substring(_at + 2, end - _at - 2).TrimEnd();
        _at = end;
        return comment.Length > 0 && comment[0] == ' ' ? comment.Substring(1) : comment;
    }

    private void SkipBlockComment()
    {
        var start = _at;
        var depth = 0;
        do
        {
            if (_at + 1 >= _text.Length)
            {
                throw source.Fault("comment is not closed", start);
            }

            var (c, next) = (_text[_at], _text[_at + 1]);
            var (opens, closes) = (c == '/' && next == '*', c == '*' && next == '/');
            depth += opens ? 1 : closes ? -1 : 0;
            _at += opens || closes ? 2 : 1;
        }
        while (depth > 0);
    }

    private DidTokenKind ReadNumber()
    {
        if (_text[_at] == '0' && Peek(1) is 'x' or 'X')
        {
            _at += 2;
            if (_at >= _text.Length || HexValue(_text[_at]) < 0)
            {
                throw source.Fault("hexadecimal digits expected", _at);
            }

            while (_at < _text.Length && (HexValue(_text[_at]) >= 0 || _text[_at] == '_'))
            {
                _at++;
            }

            return DidTokenKind.Number;
        }

        var kind = DidTokenKind.Number;
        SkipDigits();
        if (Peek(0) == '.')
        {
            kind = DidTokenKind.Float;
            _at++;
            SkipDigits();
        }

        var sign = Peek(1) is '+' or '-' ? 1 : 0;
        if (Peek(0) is 'e' or 'E' && IsDigit(Peek(1 + sign)))
        {
            kind = DidTokenKind.Float;
            _at += 1 + sign;
            SkipDigits();
        }

        return kind;
    }

    private void SkipDigits()
    {
        while (_at < _text.Length && (IsDigit(_text[_at]) || _text[_at] == '_'))
        {
            _at++;
        }
    }

    private byte[] ReadText()
    {
        var start = _at++;
        var bytes = new List<byte>();
        var plain = _at;
        while (true)
        {
            if (_at >= _text.Length)
            {
                throw source.Fault("text is not closed", start);
            }

            var c = _text[_at];
            if (c is not ('"' or '\\'))
            {
                _at++;
                continue;
            }

            AddPlain(bytes, plain, _at);
            if (c == '"')
            {
                _at++;
                return bytes.ToArray();
            }

            ReadEscape(bytes);
            plain = _at;
        }
    }

    private void AddPlain(List<byte> bytes, int from, int to)
    {
        if (to > from)
        {
            bytes.AddRange(Encoding.UTF8.GetBytes(_text.Substring(from, to - from)));
        }
    }

    private void ReadEscape(List<byte> bytes)
    {
        var start = _at++;
        var c = Peek(0);
        var simple = "nrt\\\"'".IndexOf(c);
        if (simple >= 0 && _at < _text.Length)
        {
            bytes.Add((byte)"\n\r\t\\\"'"[simple]);
            _at++;
        }
        else if (c == 'u' && Peek(1) == '{')
        {
            ReadCodePoint(bytes, start);
        }
        else if (HexValue(c) >= 0 && HexValue(Peek(1)) >= 0)
        {
            bytes.Add((byte)((HexValue(c) * 16) + HexValue(Peek(1))));
            _at += 2;
        }
        else
        {
            throw source.Fault("unknown escape", start);
        }
    }

    private void ReadCodePoint(List<byte> bytes, int start)
    {
        var end = _text.IndexOf('}', _at);
        var digits = end < 0 ? string.Empty : _text.Substring(_at + 2, end - _at - 2).Replace("_", string.Empty);
        if (digits.Length is 0 or > 8
            || !uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            || code > 0x10FFFF || code is >= 0xD800 and <= 0xDFFF)
        {
            throw source.Fault("not a Unicode scalar value", start);
        }

        bytes.AddRange(Encoding.UTF8.GetBytes(char.ConvertFromUtf32((int)code)));
        _at = end + 1;
    }

    private char Peek(int ahead) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private static bool IsDigit(char c) => c is >= '0' and <= '9';

    private static bool IsLetter(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '_';

    private static int HexValue(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'f' => c - 'a' + 10,
        >= 'A' and <= 'F' => c - 'A' + 10,
        _ => -1,
    };
}
