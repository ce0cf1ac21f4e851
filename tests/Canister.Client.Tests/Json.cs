using System.Numerics;
using System.Text.Json;

namespace Decent.Canister.Client.Tests;

/// <summary>Reads the vector files.</summary>
internal static class Json
{
    internal static JsonElement File(string name) => JsonDocument.Parse(Testing.Vectors.Text(name)).RootElement;

    internal static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    internal static string? TextOrNull(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() : null;

    internal static byte[] Hex(this JsonElement element, string name) =>
        Convert.FromHexString(element.GetProperty(name).GetString()!);

    internal static JsonElement.ArrayEnumerator Items(this JsonElement element, string name) =>
        element.GetProperty(name).EnumerateArray();

    internal static HashableValue Value(JsonElement typed)
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

    internal static Dictionary<string, HashableValue> Map(JsonElement fields) =>
        fields.EnumerateObject().ToDictionary(f => f.Name, f => Value(f.Value), StringComparer.Ordinal);

    internal static BigInteger Number(JsonElement number) =>
        BigInteger.Parse(number.ValueKind == JsonValueKind.String ? number.GetString()! : number.GetRawText());
}
