using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>ICRC-3 values between Candid and the form that has a hash.</summary>
public static class Icrc3Value
{
    /// <summary>The Candid form, of type <see cref="IcrcTypes.Icrc3Value"/>.</summary>
    /// <param name="value">The value.</param>
    public static CandidValue ToCandid(HashableValue value) => value switch
    {
        HashableValue.Blob blob => Case("Blob", new CandidValue.Blob(blob.Bytes.ToArray())),
        HashableValue.Text text => Case("Text", new CandidValue.Text(text.Value)),
        HashableValue.Nat nat => Case("Nat", new CandidValue.Nat(nat.Value)),
        HashableValue.Int number => Case("Int", new CandidValue.Int(number.Value)),
        HashableValue.Array array => Case("Array", new CandidValue.Vec([.. array.Items.Select(ToCandid)])),
        HashableValue.Map map => Case("Map", new CandidValue.Vec(
            [.. map.Fields.Select(static f => CandidValue.Tuple(new CandidValue.Text(f.Key), ToCandid(f.Value)))])),
        _ => throw new ArgumentException("Not an ICRC-3 value.", nameof(value)),
    };

    /// <summary>Reads the Candid form; <c>Nat64</c> of older interfaces reads as <c>Nat</c>.</summary>
    /// <param name="value">A variant as a ledger sent it.</param>
    /// <exception cref="FormatException">A variant of another kind, or a map that names a key twice.</exception>
    /// <exception cref="CandidShapeException">Not a variant of this shape.</exception>
    public static HashableValue FromCandid(CandidValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var variant = value.AsVariant();
        return variant switch
        {
            _ when variant.Is("Blob") => new HashableValue.Blob(variant.Value.AsBlob()),
            _ when variant.Is("Text") => new HashableValue.Text(variant.Value.AsText()),
            _ when variant.Is("Nat") || variant.Is("Nat64") => new HashableValue.Nat(variant.Value.AsNat()),
            _ when variant.Is("Int") => new HashableValue.Int(variant.Value.AsInt()),
            _ when variant.Is("Array") =>
                new HashableValue.Array([.. variant.Value.AsVec().Select(FromCandid)]),
            _ when variant.Is("Map") => Map(
                variant.Value.AsVec().Select(static pair => (pair[0].AsText(), FromCandid(pair[1])))),
            _ => throw new FormatException($"An ICRC-3 value of unknown kind {variant.Label}."),
        };
    }

    /// <summary>Reads the form of the generated client.</summary>
    /// <param name="value">A value as a ledger sent it.</param>
    /// <exception cref="FormatException">A value of an unknown kind, or a map that names a key twice.</exception>
    public static HashableValue From(IcrcLedger.Icrc3Value value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Match<HashableValue>(
            static blob => new HashableValue.Blob(blob.Value),
            static text => new HashableValue.Text(text.Value),
            static nat => new HashableValue.Nat(nat.Value),
            static number => new HashableValue.Int(number.Value),
            static array => new HashableValue.Array([.. array.Value.Select(From)]),
            static map => Map(map.Value.Select(static pair => (pair.Item1, From(pair.Item2)))),
            static unknown => throw new FormatException($"An ICRC-3 value of unknown kind {unknown.Tag}."));
    }

    private static CandidValue.Variant Case(string label, CandidValue value) => new(label, value);

    private static HashableValue.Map Map(IEnumerable<(string Key, HashableValue Value)> pairs)
    {
        var fields = new Dictionary<string, HashableValue>(StringComparer.Ordinal);
        foreach (var (key, value) in pairs)
        {
            if (!fields.TryAdd(key, value))
            {
                throw new FormatException($"An ICRC-3 map names '{key}' twice.");
            }
        }

        return new HashableValue.Map(fields);
    }
}
