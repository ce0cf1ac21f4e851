namespace Decent.Postgres.Clusters;

/// <summary>
/// The account the server runs as. PostgreSQL refuses root, so root hands over to the first of <c>postgres</c> and
/// <c>nobody</c>; everybody else runs it as himself.
/// </summary>
internal sealed class ServerAccount
{
    private static readonly string? SetPriv = FirstExisting("/usr/bin/setpriv", "/bin/setpriv");
    private static readonly string? SetSid = FirstExisting("/usr/bin/setsid", "/bin/setsid");
    private readonly string? _user;
    private readonly string? _group;

    private ServerAccount(string? user, string? group)
    {
        _user = user;
        _group = group;
    }

    /// <summary>True when files must be handed over to another account.</summary>
    public bool IsOther => _user is not null;

    /// <summary>Name for messages.</summary>
    public string Name => _user ?? Environment.UserName;

    public static async Task<ServerAccount> ChooseAsync(CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return new ServerAccount(null, null);
        }

        if (SetPriv is null)
        {
            throw new ClusterException(
                ClusterFault.NotInstalled,
                "PostgreSQL must not run as root and setpriv is missing: apt-get install util-linux, or start as an ordinary user.");
        }

        foreach (var (user, group) in new[] { ("postgres", "postgres"), ("nobody", "nogroup") })
        {
            var found = await ChildProcess.RunAsync(["id", "-u", user], cancellationToken);
            if (found.ExitCode == 0)
            {
                return new ServerAccount(user, group);
            }
        }

        throw new ClusterException(ClusterFault.NotInstalled, "Root needs an account 'postgres' or 'nobody' to run PostgreSQL as.");
    }

    /// <summary>A command as this account, to run and wait for.</summary>
    public IReadOnlyList<string> Wrap(params IReadOnlyList<string> command) =>
        _user is null ? command : [SetPriv!, .. Switch(), "--", .. command];

    /// <summary>
    /// A command as this account that ends (fast shutdown) when this process dies, and that a Ctrl-C at the terminal
    /// does not reach: whoever started the server stops it, in the right order. Its output goes to a file.
    /// </summary>
    public IReadOnlyList<string> WrapServer(string log, IReadOnlyList<string> command)
    {
        var session = SetSid is null ? Array.Empty<string>() : [SetSid];
        var guard = SetPriv is null ? Array.Empty<string>() : [SetPriv, "--pdeathsig", "INT", .. Switch(), "--"];
        return [.. session, .. guard, "/bin/sh", "-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", log, .. command];
    }

    /// <summary>Makes a folder that belongs to this account alone.</summary>
    public async Task MakeOwnAsync(string directory, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await GiveAsync(directory, cancellationToken);
    }

    /// <summary>Hands a file or folder over.</summary>
    public async Task GiveAsync(string path, CancellationToken cancellationToken)
    {
        if (_user is null)
        {
            return;
        }

        var done = await ChildProcess.RunAsync(["chown", $"{_user}:{_group}", path], cancellationToken);
        if (done.ExitCode != 0)
        {
            throw new ClusterException(ClusterFault.Unreachable, $"{path} cannot be given to {_user}: {done.LastWords}");
        }
    }

    /// <summary>Whether this account can get into a folder.</summary>
    public async Task<bool> ReachesAsync(string directory, CancellationToken cancellationToken) =>
        (await ChildProcess.RunAsync(Wrap("test", "-x", directory), cancellationToken)).ExitCode == 0;

    private string[] Switch() => _user switch
    {
        null => [],
        "nobody" => [$"--reuid={_user}", $"--regid={_group}", "--clear-groups"],
        _ => [$"--reuid={_user}", $"--regid={_group}", "--init-groups"],
    };

    private static string? FirstExisting(params string[] paths) => Array.Find(paths, File.Exists);
}
