using System.Text.Json;
using System.Text.Json.Serialization;

namespace Decent.Payments.Commands;

/// <summary>How stored answers are written; they are read back on a replay.</summary>
internal static class CommandJson
{
    /// <summary>Options for stored answers.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
    };
}
