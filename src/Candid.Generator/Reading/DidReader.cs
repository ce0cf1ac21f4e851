using Decent.Candid.Parsing;

namespace Decent.Candid.Generator;

/// <summary>From the text of a file to its model.</summary>
internal static class DidReader
{
    private const string Suffix = "Canister";

    /// <summary>Reads a file; imports are looked up among the other files.</summary>
    internal static FileResult Read(DidFile file, IReadOnlyDictionary<string, string> texts, string rootNamespace)
    {
        var path = Normalize(file.Path);
        try
        {
            var description = DidInterface.Load(
                file.Text, path, wanted => texts.TryGetValue(wanted, out var text) ? text : null);
            return new FileResult(file.Path, ModelBuilder.Build(description, path, NameOf(path), rootNamespace), null);
        }
        catch (DidException fault)
        {
            return Failed("CANDID001", fault.File, fault.Line, fault.Column, fault.Reason);
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException)
        {
            return Failed("CANDID003", path, 1, 1, fault.Message);
        }

        FileResult Failed(string id, string place, int line, int column, string reason) => new(
            file.Path, null, new FaultModel(id, place == path ? file.Path : place, line, column, reason));
    }

    /// <summary>The C# name of the interface in a file.</summary>
    internal static string NameOf(string path)
    {
        var name = path.Substring(path.LastIndexOf('/') + 1);
        var dot = name.LastIndexOf('.');
        var pascal = Identifiers.Pascal(dot < 0 ? name : name.Substring(0, dot), "Unnamed");

        // The client's name ends with it anyway.
        return pascal.Length > Suffix.Length && pascal.EndsWith(Suffix, StringComparison.Ordinal)
            ? pascal.Substring(0, pascal.Length - Suffix.Length)
            : pascal;
    }

    /// <summary>The spelling of a path that imports are looked up by.</summary>
    internal static string Normalize(string path) => path.Replace('\\', '/');
}

/// <summary>An interface description as the compiler hands it over.</summary>
internal sealed record DidFile(string Path, string Text);
