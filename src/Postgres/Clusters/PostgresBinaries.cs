using System.Globalization;

namespace Decent.Postgres.Clusters;

/// <summary>Where the server programs are.</summary>
/// <param name="Directory">Folder with initdb, pg_ctl and postgres.</param>
/// <param name="Major">Major version of the server.</param>
public sealed record PostgresBinaries(string Directory, int Major)
{
    /// <summary>Oldest major version the house's SQL runs on.</summary>
    public const int OldestMajor = 15;

    /// <summary>Environment variable that names the folder and wins over any search.</summary>
    public const string Variable = "DECENT_PG_BIN";

    private static readonly string[] Programs = ["initdb", "pg_ctl", "postgres"];

    /// <summary>
    /// Finds the programs: <c>DECENT_PG_BIN</c>, then the folders of Debian (newest first), <c>pg_config</c>, PATH.
    /// </summary>
    /// <param name="preferredMajor">Version that wrote an existing cluster, or null.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="ClusterException">Nothing suitable is installed.</exception>
    public static async Task<PostgresBinaries> FindAsync(int? preferredMajor, CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return await ProbeAsync(named, cancellationToken) is { } chosen && chosen.Major >= OldestMajor
                ? chosen
                : throw Missing($"{Variable} is '{named}', which holds no PostgreSQL {OldestMajor} or newer.");
        }

        var found = new List<PostgresBinaries>();
        foreach (var directory in await CandidatesAsync(cancellationToken))
        {
            if (await ProbeAsync(directory, cancellationToken) is { } binaries && binaries.Major >= OldestMajor)
            {
                found.Add(binaries);
            }
        }

        if (preferredMajor is { } major)
        {
            return found.Find(b => b.Major == major)
                ?? throw Missing($"The cluster was made by PostgreSQL {major}, which is not installed any more.");
        }

        return found.MaxBy(b => b.Major) ?? throw Missing("PostgreSQL is not installed.");
    }

    /// <summary>Path of one program.</summary>
    public string this[string program] => Path.Combine(Directory, program);

    private static ClusterException Missing(string what) => new(
        ClusterFault.NotInstalled,
        $"{what} Install it (Debian, Ubuntu: apt-get install postgresql) or set {Variable} to the folder of initdb, "
        + $"pg_ctl and postgres, version {OldestMajor} or newer.");

    private static async Task<List<string>> CandidatesAsync(CancellationToken cancellationToken)
    {
        var candidates = new List<string>();
        const string debian = "/usr/lib/postgresql";
        if (System.IO.Directory.Exists(debian))
        {
            candidates.AddRange(System.IO.Directory.GetDirectories(debian).Select(d => Path.Combine(d, "bin")));
        }

        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        if (Array.Find(path, d => File.Exists(Path.Combine(d, "pg_config"))) is { } folder)
        {
            var answer = await ChildProcess.RunAsync([Path.Combine(folder, "pg_config"), "--bindir"], cancellationToken);
            if (answer.ExitCode == 0)
            {
                candidates.Add(answer.Output.Trim());
            }
        }

        candidates.AddRange(path);
        return [.. candidates.Where(IsComplete).Distinct(StringComparer.Ordinal)];
    }

    private static bool IsComplete(string directory) => Array.TrueForAll(Programs, p => File.Exists(Path.Combine(directory, p)));

    private static async Task<PostgresBinaries?> ProbeAsync(string directory, CancellationToken cancellationToken)
    {
        if (!IsComplete(directory))
        {
            return null;
        }

        // "postgres (PostgreSQL) 15.18 (Debian ...)"
        var answer = await ChildProcess.RunAsync([Path.Combine(directory, "postgres"), "--version"], cancellationToken);
        var version = answer.Output.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(2) ?? "";
        var digits = new string([.. version.TakeWhile(char.IsAsciiDigit)]);
        return answer.ExitCode == 0 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            ? new PostgresBinaries(directory, major)
            : null;
    }
}
