using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Decent.Architecture.Tests;

/// <summary>The checkout the tests were built from, read as text.</summary>
internal static partial class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Files under a folder of the repository with an ending, without build output.</summary>
    public static IEnumerable<(string Path, string Text)> Files(string folder, string ending) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*" + ending, SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal)
                && !f.Contains("/node_modules/", StringComparison.Ordinal))
            .Select(f => (f, File.ReadAllText(Path.Combine(Root, f))));

    /// <summary>Source text without comments and string contents, so that words in prose do not count.</summary>
    public static string CodeOnly(string text) => Noise().Replace(text, m => m.Value[0] == '/' ? "" : "\"\"");

    /// <summary>Names of the projects a project of src refers to.</summary>
    public static IReadOnlyList<string> References(string project)
    {
        var document = XDocument.Load(Path.Combine(Root, "src", project, project + ".csproj"));
        return [.. document.Descendants("ProjectReference")
            .Where(r => r.Attribute("OutputItemType")?.Value != "Analyzer")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')))];
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Decent.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not run inside a checkout.");
    }

    [GeneratedRegex("""//[^\n]*|/\*.*?\*/|""\"(?:.|\n)*?""\"|@?"(?:\\.|[^"\\\n])*" """, RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace, 10_000)]
    private static partial Regex Noise();
}
