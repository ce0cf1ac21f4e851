using Decent.Candid.Parsing;

namespace Decent.Candid;

/// <summary>A textual value as it is written: a number has no type yet.</summary>
internal abstract class TextNode(DidPlace place)
{
    internal DidPlace Place { get; } = place;

    /// <summary>A whole number: sign and digits, decimal or <c>0x</c>.</summary>
    internal sealed class Number(DidPlace place, string digits) : TextNode(place)
    {
        internal string Digits { get; } = digits;
    }

    /// <summary>A number with a point or an exponent.</summary>
    internal sealed class Float(DidPlace place, double value) : TextNode(place)
    {
        internal double Value { get; } = value;
    }

    /// <summary>A value whose type is plain from its form.</summary>
    internal sealed class Ready(DidPlace place, CandidValue value, CandidType type) : TextNode(place)
    {
        internal CandidValue Value { get; } = value;

        internal CandidType Type { get; } = type;
    }

    /// <summary>An option that is present.</summary>
    internal sealed class Opt(DidPlace place, TextNode inner) : TextNode(place)
    {
        internal TextNode Inner { get; } = inner;
    }

    /// <summary>A sequence.</summary>
    internal sealed class Vec(DidPlace place, List<TextNode> items) : TextNode(place)
    {
        internal List<TextNode> Items { get; } = items;
    }

    /// <summary>A record.</summary>
    internal sealed class Record(DidPlace place, SortedList<uint, (CandidLabel Label, TextNode Value)> fields)
        : TextNode(place)
    {
        internal SortedList<uint, (CandidLabel Label, TextNode Value)> Fields { get; } = fields;
    }

    /// <summary>A variant.</summary>
    internal sealed class Variant(DidPlace place, CandidLabel label, TextNode value) : TextNode(place)
    {
        internal CandidLabel Label { get; } = label;

        internal TextNode Value { get; } = value;
    }

    /// <summary>A value with its type.</summary>
    internal sealed class Annotated(DidPlace place, TextNode value, CandidType type) : TextNode(place)
    {
        internal TextNode Value { get; } = value;

        internal CandidType Type { get; } = type;
    }
}
