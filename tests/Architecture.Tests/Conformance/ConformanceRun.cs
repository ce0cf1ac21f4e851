using System.Text.Json;

namespace Decent.Architecture.Tests.Conformance;

/// <summary>What the cases of the published test vectors said about our code.</summary>
internal sealed class ConformanceRun
{
    private readonly List<(string File, string Section, int Cases, List<string> Faults)> _sections = [];

    /// <summary>Every section of every file, in the order they ran.</summary>
    public IReadOnlyList<(string File, string Section, int Cases, List<string> Faults)> Sections => _sections;

    /// <summary>Runs every item of an array of a vector file; an item is a case and passes when nothing is thrown.</summary>
    public void Each(string file, string section, Action<JsonElement> check) => Each(
        file,
        section,
        Vector.File(file).GetProperty(section).EnumerateArray().Select((item, i) => (Name(item, i), item)),
        check);

    /// <summary>Runs named cases.</summary>
    public void Each<T>(string file, string section, IEnumerable<(string Name, T Case)> cases, Action<T> check)
    {
        var count = 0;
        var faults = new List<string>();
        foreach (var (name, one) in cases)
        {
            count++;
            try
            {
                check(one);
            }
            catch (Exception fault)
            {
                faults.Add($"{file}, {section}, {name}: {fault.Message}");
            }
        }

        Add(file, section, count, faults);
    }

    /// <summary>A section that counted its cases itself.</summary>
    public void Add(string file, string section, int cases, List<string> faults) =>
        _sections.Add((file, section, cases, faults));

    private static string Name(JsonElement item, int at)
    {
        foreach (var key in (string[])["id", "name", "text", "why"])
        {
            if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty(key, out var name))
            {
                return name.ToString();
            }
        }

        return $"item {at}";
    }
}
