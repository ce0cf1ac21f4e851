using System.Globalization;
using Decent.Candid.Parsing;

namespace Decent.Candid;

/// <summary>Parses textual values.</summary>
internal sealed class TextParser(DidCursor cursor)
{
    private static readonly DidScope NoNames = new();

    /// <summary><c>(v, v : T, …)</c>, all of the text.</summary>
    internal static List<TextNode> ParseAll(string text)
    {
        var cursor = new DidCursor(new DidSource(string.Empty, text));
        var parser = new TextParser(cursor);
        var values = cursor.TakeList("(", ",", ")", parser.ParseAnnotated);
        parser.ExpectEnd();
        return values;
    }

    /// <summary>One value, all of the text.</summary>
    internal static TextNode ParseOne(string text)
    {
        var parser = new TextParser(new DidCursor(new DidSource(string.Empty, text)));
        var value = parser.ParseAnnotated();
        parser.ExpectEnd();
        return value;
    }

    private void ExpectEnd()
    {
        if (cursor.Current.Kind != DidTokenKind.End)
        {
            throw cursor.Fault("nothing more expected, found " + cursor.Current.Describe());
        }
    }

    private TextNode ParseAnnotated()
    {
        var place = cursor.Place;
        var value = ParseValue();
        return cursor.TryTake(":")
            ? new TextNode.Annotated(place, value, NoNames.Lower(new DidParser(cursor).ParseType()))
            : value;
    }

    private TextNode ParseValue()
    {
        cursor.Enter();
        var value = ParseHere(cursor.Place);
        cursor.Leave();
        return value;
    }

    private TextNode ParseHere(DidPlace place)
    {
        switch (cursor.Current.Kind)
        {
            case DidTokenKind.Text:
                return new TextNode.Ready(place, new CandidValue.Text(cursor.TakeText()), CandidType.Text);
            case DidTokenKind.Number or DidTokenKind.Float:
                return ParseNumber(place, string.Empty);
            case DidTokenKind.Id:
                return ParseWord(place);
        }

        if (cursor.TryTake("("))
        {
            var inner = ParseAnnotated();
            cursor.Expect(")");
            return inner;
        }

        if (cursor.TryTake("-"))
        {
            return ParseNumber(place, "-");
        }

        return cursor.TryTake("+")
            ? ParseNumber(place, string.Empty)
            : throw cursor.Fault("a value expected, found " + cursor.Current.Describe());
    }

    private TextNode ParseNumber(DidPlace place, string sign)
    {
        var token = cursor.Take();
        var digits = token.Text.Replace("_", string.Empty, StringComparison.Ordinal);
        switch (token.Kind)
        {
            case DidTokenKind.Number:
                return new TextNode.Number(place, sign + digits);
            case DidTokenKind.Float:
                return new TextNode.Float(place, double.Parse(sign + digits, CultureInfo.InvariantCulture));
            case DidTokenKind.Id when token.Text == "inf":
                return new TextNode.Float(place, double.NegativeInfinity);
            default:
                throw place.Fault("a number expected, found " + token.Describe());
        }
    }

    private TextNode ParseWord(DidPlace place)
    {
        var word = cursor.Take().Text;
        switch (word)
        {
            case "null":
                return new TextNode.Ready(place, CandidValue.Null.Instance, CandidType.Null);
            case "true" or "false":
                return new TextNode.Ready(place, new CandidValue.Bool(word == "true"), CandidType.Bool);
            case "nan" or "inf":
                return new TextNode.Float(place, word == "nan" ? double.NaN : double.PositiveInfinity);
            case "opt":
                return new TextNode.Opt(place, ParseValue());
            case "vec":
                return new TextNode.Vec(place, cursor.TakeList("{", ";", "}", ParseAnnotated));
            case "record":
                return ParseRecord(place);
            case "variant":
                return ParseVariant(place);
            case "blob":
                return new TextNode.Ready(place, new CandidValue.Blob(TakeBytes()), CandidType.Blob);
            case "principal":
                return new TextNode.Ready(place, new CandidValue.Principal(TakePrincipal()), CandidType.Principal);
            case "service":
                return new TextNode.Ready(place, new CandidValue.Service(TakePrincipal()), CandidType.Service());
            case "func":
                var service = TakePrincipal();
                cursor.Expect(".");
                return new TextNode.Ready(
                    place, new CandidValue.Func(service, cursor.TakeName()), CandidType.Func([], []));
            default:
                throw place.Fault("a value expected, found '" + word + "'");
        }
    }

    private TextNode.Record ParseRecord(DidPlace place)
    {
        uint? next = 0;
        var fields = new SortedList<uint, (CandidLabel, TextNode)>();
        cursor.TakeList("{", ";", "}", () =>
        {
            var at = cursor.Place;
            CandidLabel label;
            if (cursor.Following.Is("=") && cursor.Current.Kind != DidTokenKind.Symbol)
            {
                label = TakeLabel();
                cursor.Expect("=");
            }
            else
            {
                label = new CandidLabel(next ?? throw cursor.Fault("no label is left for an unnamed field"));
            }

            if (!fields.TryAdd(label.Id, (label, ParseAnnotated())))
            {
                throw at.Fault("label " + label + " is there twice");
            }

            next = label.Id == uint.MaxValue ? null : label.Id + 1;
            return label;
        });
        return new TextNode.Record(place, fields);
    }

    private TextNode.Variant ParseVariant(DidPlace place)
    {
        cursor.Expect("{");
        var at = cursor.Place;
        var label = TakeLabel();
        var value = cursor.TryTake("=")
            ? ParseAnnotated()
            : new TextNode.Ready(at, CandidValue.Null.Instance, CandidType.Null);
        cursor.TryTake(";");
        cursor.Expect("}");
        return new TextNode.Variant(place, label, value);
    }

    private CandidLabel TakeLabel() => cursor.Current.Kind == DidTokenKind.Number
        ? new CandidLabel(cursor.TakeLabelNumber())
        : new CandidLabel(cursor.TakeName());

    private byte[] TakeBytes() => cursor.Current.Kind == DidTokenKind.Text
        ? cursor.Take().Bytes
        : throw cursor.Fault("a text in quotes expected, found " + cursor.Current.Describe());

    private Principal TakePrincipal()
    {
        var place = cursor.Place;
        var text = cursor.TakeText();
        return Principal.TryParse(text, out var principal)
            ? principal
            : throw place.Fault("'" + text + "' is not a principal");
    }
}
