using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;

namespace Decent.Sandbox.Demo;

/// <summary>Reading answers by path; what is missing is an error that names it.</summary>
internal static class JsonReading
{
    /// <summary>A node by dotted path, or null.</summary>
    public static JsonNode? At(this JsonNode node, string path)
    {
        JsonNode? found = node;
        foreach (var part in path.Split('.'))
        {
            found = (found as JsonObject)?[part];
        }

        return found;
    }

    /// <summary>A text.</summary>
    /// <exception cref="DemoException">It is not there.</exception>
    public static string Text(this JsonNode node, string path) =>
        node.At(path)?.ToString() ?? throw new DemoException($"'{path}' is missing in {node.ToJsonString()}");

    /// <summary>A text, or null.</summary>
    public static string? TextOrNull(this JsonNode node, string path) => node.At(path)?.ToString();

    /// <summary>A whole number, given as number or as text.</summary>
    /// <exception cref="DemoException">It is not there or no whole number.</exception>
    public static BigInteger Number(this JsonNode node, string path) =>
        BigInteger.TryParse(node.Text(path), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new DemoException($"'{path}' is no whole number in {node.ToJsonString()}");

    /// <summary>The rows of a list.</summary>
    public static IReadOnlyList<JsonNode> Items(this JsonNode node, string path = "items") =>
        node.At(path) is JsonArray array
            ? [.. array.Select(i => i!)]
            : throw new DemoException($"'{path}' is no list in {node.ToJsonString()}");
}
