namespace Decent.Sandbox.Supervision;

/// <summary>Everything a sandbox keeps, in one folder.</summary>
internal sealed class StateDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private StateDirectory(string root) => Root = root;

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>The shared business clock.</summary>
    public string Clock => Path.Combine(Root, "clock");

    /// <summary>PostgreSQL.</summary>
    public string Postgres => Path.Combine(Root, "postgres");

    /// <summary>Folder of the replica's state.</summary>
    public string Replica => Path.Combine(Root, "replica");

    /// <summary>Folder of the emulators' logs.</summary>
    public string Emulators => Path.Combine(Root, "emulators");

    /// <summary>Keys, webhook secrets, passwords; readable by their owner alone.</summary>
    public string Secrets => Path.Combine(Root, "secrets");

    /// <summary>Where the processes' output goes.</summary>
    public string Logs => Path.Combine(Root, "log");

    /// <summary>Held while a supervisor runs.</summary>
    public string Lock => Path.Combine(Root, "lock");

    /// <summary>What runs where, for people and for the demo.</summary>
    public string Run => Path.Combine(Root, "run.json");

    /// <summary>The host's settings.</summary>
    public string HostSettings => Path.Combine(Secrets, "host.json");

    /// <summary>The emulators' settings.</summary>
    public string EmulatorSettings => Path.Combine(Root, "emulators.json");

    /// <summary>The replica's settings.</summary>
    public string ReplicaSettings => Path.Combine(Root, "replica.json");

    /// <summary>Makes the folder and what belongs into it.</summary>
    public static StateDirectory Open(string root)
    {
        var state = new StateDirectory(Path.GetFullPath(root));

        // PostgreSQL may run as another account: it has to get through, and sees nothing of the rest.
        MakePassable(state.Root);
        foreach (var folder in new[] { state.Replica, state.Emulators, state.Secrets, state.Logs })
        {
            Directory.CreateDirectory(folder, OwnerOnly);
        }

        return state;
    }

    /// <summary>Path of one secret.</summary>
    public string Secret(string name) => Path.Combine(Secrets, name);

    private static void MakePassable(string root)
    {
        if (!Directory.Exists(root))
        {
            Directory.CreateDirectory(root, OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }
    }
}
