namespace Decent.Candid;

/// <summary>The textual form of values: <c>(record { owner = principal "…"; amount = 5 : nat })</c>.</summary>
public static class CandidText
{
    /// <summary>Prints a value; same as its <c>ToString</c>.</summary>
    public static string Print(CandidValue value) => CandidValuePrinter.Print(value);

    /// <summary>Parses one value at a type.</summary>
    /// <exception cref="Parsing.DidException">Not a value, or it does not fit the type.</exception>
    public static CandidValue Parse(string text, CandidType type) => TextTyper.Convert(TextParser.ParseOne(text), type);

    /// <summary>Parses one value by its form: whole numbers are int, others float64, unless annotated.</summary>
    /// <exception cref="Parsing.DidException">Not a value.</exception>
    public static CandidValue Parse(string text) => TextTyper.Natural(TextParser.ParseOne(text));

    /// <summary>Parses <c>(v, …)</c> at types. Missing and surplus values follow the rules of arguments.</summary>
    /// <exception cref="Parsing.DidException">Not values, or they do not fit the types.</exception>
    public static CandidArg ParseArguments(string text, params CandidType[] types)
    {
        var nodes = TextParser.ParseAll(text);
        var typed = new (CandidType, CandidValue)[types.Length];
        for (var i = 0; i < typed.Length; i++)
        {
            var value = i < nodes.Count
                ? TextTyper.Convert(nodes[i], types[i])
                : DecodePlanner.Missing(types[i])
                    ?? throw new Parsing.DidException($"argument {i} is missing", string.Empty, 1, 1, string.Empty);
            typed[i] = (types[i], value);
        }

        return CandidArg.Of(typed);
    }
}
