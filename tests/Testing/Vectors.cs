using Xunit;

namespace Decent.Testing;

/// <summary>
/// The published test vectors. They are not part of the repository: <c>DECENT_VECTORS</c> names their folder, else a
/// <c>shared/vectors</c> above the test binary is taken. Without them a test skips by name, on a build server too.
/// </summary>
public static class Vectors
{
    private static readonly Lazy<string?> Folder = new(Find);

    /// <summary>Full path of a vector file or folder; the test skips when it is not there.</summary>
    /// <param name="name">Relative path such as <c>principals.json</c>.</param>
    public static string Path(string name)
    {
        if (Folder.Value is not { } folder)
        {
            Assert.Skip($"The test vectors are not on this machine (DECENT_VECTORS); '{name}' was not checked.");
            return "";
        }

        var path = System.IO.Path.Combine(folder, name);
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            Assert.Skip($"The test vectors have no '{name}'.");
        }

        return path;
    }

    /// <summary>Text of a vector file; the test skips when it is not there.</summary>
    public static string Text(string name) => File.ReadAllText(Path(name));

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("DECENT_VECTORS") is { Length: > 0 } named)
        {
            return Directory.Exists(named) ? named : null;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = System.IO.Path.Combine(folder.FullName, "shared", "vectors");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
