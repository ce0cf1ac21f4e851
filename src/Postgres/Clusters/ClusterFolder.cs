using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Decent.Postgres.Clusters;

/// <summary>The folder of a private cluster and what is in it.</summary>
internal sealed class ClusterFolder
{
    private const UnixFileMode Passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const UnixFileMode Secret = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Longest path of a socket that every system takes, less the file's own name.
    private const int LongestSocketFolder = 80;

    private ClusterFolder(string root, ServerAccount account, string? notice)
    {
        Root = root;
        Account = account;
        Notice = notice;
    }

    public string Root { get; }

    public ServerAccount Account { get; }

    public string? Notice { get; }

    public string Data => Path.Combine(Root, "data");

    public string Log => Path.Combine(Root, "log", "postgres.log");

    /// <summary>Folder of the Unix socket, or null where its path would be too long.</summary>
    public string? Sockets => Path.Combine(Root, "run") is { Length: <= LongestSocketFolder } path ? path : null;

    /// <summary>Major version that made the data, or null when there are none yet.</summary>
    public int? MadeByMajor
    {
        get
        {
            var file = Path.Combine(Data, "PG_VERSION");
            return File.Exists(file) ? int.Parse(File.ReadAllText(file).Trim(), CultureInfo.InvariantCulture) : null;
        }
    }

    private string PasswordFile => Path.Combine(Root, "superuser.password");

    /// <summary>Makes the folder, or the one that takes its place when the server's account cannot get there.</summary>
    public static async Task<ClusterFolder> PrepareAsync(string wanted, ServerAccount account, CancellationToken cancellationToken)
    {
        var root = Path.GetFullPath(wanted);
        string? notice = null;
        Make(root);
        if (!await account.ReachesAsync(root, cancellationToken))
        {
            var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)))[..16];
            var instead = Path.Combine(Path.GetTempPath(), "decent-postgres-" + key);
            await MakeTrustedAsync(instead, cancellationToken);
            notice = $"PostgreSQL runs as '{account.Name}', who cannot reach {root}; its data are in {instead}.";
            root = instead;
            if (!await account.ReachesAsync(root, cancellationToken))
            {
                throw new ClusterException(ClusterFault.Unreachable, $"Account '{account.Name}' reaches neither {wanted} nor {root}.");
            }
        }

        var folder = new ClusterFolder(root, account, notice);
        await account.MakeOwnAsync(Path.GetDirectoryName(folder.Log)!, cancellationToken);
        if (folder.Sockets is { } sockets)
        {
            await account.MakeOwnAsync(sockets, cancellationToken);
        }

        return folder;
    }

    /// <summary>Takes the folder for this process; the claim goes with the process, however it ends.</summary>
    public FileStream Claim()
    {
        try
        {
            return new FileStream(Path.Combine(Root, "owner.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new ClusterException(ClusterFault.InUse, $"Another process runs the PostgreSQL cluster in {Root}.");
        }
    }

    /// <summary>Makes the data when there are none.</summary>
    /// <returns>The superuser's password, or null when the cluster asks for none.</returns>
    public async Task<string?> EnsureDataAsync(PostgresBinaries binaries, ClusterOptions options, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Data))
        {
            // Made beside and moved into place when complete, so that an initdb cut short never looks like a cluster.
            var fresh = Data + ".new";
            if (Directory.Exists(fresh))
            {
                Directory.Delete(fresh, recursive: true);
            }

            await Account.MakeOwnAsync(fresh, cancellationToken);
            await InitialiseAsync(fresh, binaries, options, cancellationToken);
            Directory.Move(fresh, Data);
        }

        return File.Exists(PasswordFile) ? (await File.ReadAllTextAsync(PasswordFile, cancellationToken)).Trim() : null;
    }

    private async Task InitialiseAsync(
        string data, PostgresBinaries binaries, ClusterOptions options, CancellationToken cancellationToken)
    {
        List<string> command =
        [
            binaries["initdb"], "-D", data, "-U", PrivateCluster.Superuser, "-E", "UTF8", "--locale=C",
            "--auth", options.AskPassword ? "scram-sha-256" : "trust",
        ];
        if (options.AskPassword)
        {
            await using (var file = new FileStream(PasswordFile, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = Secret,
            }))
            {
                await file.WriteAsync(Encoding.ASCII.GetBytes(RolePasswords.RandomPassword() + "\n"), cancellationToken);
            }

            await Account.GiveAsync(PasswordFile, cancellationToken);
            command.AddRange(["--pwfile", PasswordFile]);
        }
        else
        {
            File.Delete(PasswordFile);
        }

        if (options.Durable)
        {
            command.Add("--data-checksums");
        }
        else
        {
            command.Add("--no-sync");
        }

        var done = await ChildProcess.RunAsync(Account.Wrap(command), cancellationToken);
        if (done.ExitCode != 0)
        {
            throw new ClusterException(ClusterFault.Failed, $"initdb failed for {data}: {done.LastWords}");
        }
    }

    private static void Make(string root)
    {
        if (!Directory.Exists(root))
        {
            Directory.CreateDirectory(root);
            File.SetUnixFileMode(root, Passable);
        }
    }

    private static async Task MakeTrustedAsync(string root, CancellationToken cancellationToken)
    {
        // The temp folder belongs to everybody: a folder that somebody else put there is not ours to use.
        Make(root);
        var owner = await ChildProcess.RunAsync(["find", root, "-maxdepth", "0", "-user", Environment.UserName], cancellationToken);
        if (owner.ExitCode != 0 || owner.Output.Trim().Length == 0)
        {
            throw new ClusterException(ClusterFault.Unreachable, $"{root} belongs to somebody else.");
        }
    }
}
