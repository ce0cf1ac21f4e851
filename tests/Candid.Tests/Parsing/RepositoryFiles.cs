namespace Decent.Candid.Tests.Parsing;

/// <summary>Files of the repository that tests read where they are.</summary>
internal static class RepositoryFiles
{
    internal static string Folder(string name)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Decent.sln")))
            {
                return Path.Combine(at.FullName, name);
            }
        }

        throw new InvalidOperationException("the repository is not above the test binary");
    }
}
