using System.Text.Encodings.Web;
using System.Text.Json;

namespace Decent.Benchmarks;

/// <summary>One figure.</summary>
/// <param name="Name">Stable name, such as <c>ledger.post.single</c>.</param>
/// <param name="Value">The figure; a measurement, so floating point is right here.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Note">How it came about.</param>
internal sealed record BenchmarkRow(string Name, double Value, string Unit, string Note)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this with { Value = Math.Round(Value, 3) }, Json);

    /// <summary>One line for people.</summary>
    public string ToText() => FormattableString.Invariant($"{Name,-32} {Value,14:N1} {Unit,-14} {Note}");
}
