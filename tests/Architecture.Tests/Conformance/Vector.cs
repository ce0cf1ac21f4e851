using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Decent.Canister.Client;
using Decent.Testing;

namespace Decent.Architecture.Tests.Conformance;

/// <summary>Reads the notation of the vector files.</summary>
internal static class Vector
{
    private static readonly Dictionary<string, JsonElement> Files = new(StringComparer.Ordinal);

    public static JsonElement File(string name)
    {
        lock (Files)
        {
            if (!Files.TryGetValue(name, out var file))
            {
                Files[name] = file = JsonDocument.Parse(Vectors.Text(name)).RootElement;
            }

            return file;
        }
    }

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static string? TextOrNull(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() : null;

    public static byte[] Hex(this JsonElement element, string name) => Convert.FromHexString(element.Text(name));

    public static JsonElement.ArrayEnumerator Items(this JsonElement element, string name) =>
        element.GetProperty(name).EnumerateArray();

    public static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    public static BigInteger Number(JsonElement number) => BigInteger.Parse(
        number.ValueKind == JsonValueKind.String ? number.GetString()! : number.GetRawText(),
        CultureInfo.InvariantCulture);

    /// <summary>A typed value of a request: <c>{"blob": hex}</c> and so on.</summary>
    public static HashableValue Value(JsonElement typed)
    {
        var field = typed.EnumerateObject().Single();
        return field.Name switch
        {
            "blob" => new HashableValue.Blob(Convert.FromHexString(field.Value.GetString()!)),
            "text" => new HashableValue.Text(field.Value.GetString()!),
            "nat" => new HashableValue.Nat(Number(field.Value)),
            "int" => new HashableValue.Int(Number(field.Value)),
            "array" => new HashableValue.Array([.. field.Value.EnumerateArray().Select(Value)]),
            "map" => new HashableValue.Map(Map(field.Value)),
            _ => throw new InvalidOperationException(field.Name),
        };
    }

    public static Dictionary<string, HashableValue> Map(JsonElement fields) =>
        fields.EnumerateObject().ToDictionary(static f => f.Name, static f => Value(f.Value), StringComparer.Ordinal);

    /// <summary>An ICRC-3 value: <c>{"Map": [[key, value], ...]}</c> and so on.</summary>
    public static HashableValue Icrc3(JsonElement json)
    {
        var one = json.EnumerateObject().Single();
        return one.Name switch
        {
            "Nat" => new HashableValue.Nat(Number(one.Value)),
            "Int" => new HashableValue.Int(Number(one.Value)),
            "Text" => new HashableValue.Text(one.Value.GetString()!),
            "Blob" => new HashableValue.Blob(Convert.FromHexString(one.Value.GetString()!)),
            "Array" => new HashableValue.Array([.. one.Value.EnumerateArray().Select(Icrc3)]),
            "Map" => new HashableValue.Map(one.Value.EnumerateArray().ToDictionary(
                static p => p[0].GetString()!, static p => Icrc3(p[1]), StringComparer.Ordinal)),
            _ => throw new InvalidOperationException(one.Name),
        };
    }
}
