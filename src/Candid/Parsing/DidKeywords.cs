namespace Decent.Candid.Parsing;

/// <summary>Words of the language that cannot be names.</summary>
internal static class DidKeywords
{
    private static readonly Dictionary<string, CandidType> PrimitiveTypes = new(StringComparer.Ordinal)
    {
        ["null"] = CandidType.Null,
        ["bool"] = CandidType.Bool,
        ["nat"] = CandidType.Nat,
        ["int"] = CandidType.Int,
        ["nat8"] = CandidType.Nat8,
        ["nat16"] = CandidType.Nat16,
        ["nat32"] = CandidType.Nat32,
        ["nat64"] = CandidType.Nat64,
        ["int8"] = CandidType.Int8,
        ["int16"] = CandidType.Int16,
        ["int32"] = CandidType.Int32,
        ["int64"] = CandidType.Int64,
        ["float32"] = CandidType.Float32,
        ["float64"] = CandidType.Float64,
        ["text"] = CandidType.Text,
        ["reserved"] = CandidType.Reserved,
        ["empty"] = CandidType.Empty,
        ["principal"] = CandidType.Principal,
        ["blob"] = CandidType.Blob,
    };

    private static readonly HashSet<string> Others = new(StringComparer.Ordinal)
    {
        "import", "service", "func", "type", "opt", "vec", "record", "variant", "oneway", "query", "composite_query",
        "true", "false",
    };

    internal static bool Contains(string word) => Others.Contains(word) || PrimitiveTypes.ContainsKey(word);

    internal static CandidType? Primitive(string word) => PrimitiveTypes.TryGetValue(word, out var type) ? type : null;
}
