using System.Text.Json;
using Decent.Testing;

namespace Decent.Candid.Tests;

internal static class VectorJson
{
    internal static JsonElement Read(string name)
    {
        using var document = JsonDocument.Parse(Vectors.Text(name));
        return document.RootElement.Clone();
    }
}
