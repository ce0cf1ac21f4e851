namespace Decent.Postgres.Clusters;

/// <summary>What a private cluster should be.</summary>
public sealed record ClusterOptions
{
    /// <summary>
    /// Folder of the cluster: server files, sockets, log and the superuser's password. Made when missing. When the
    /// account PostgreSQL runs as cannot reach it, a folder under the temp folder takes its place and
    /// <see cref="PrivateCluster.Notice" /> says so.
    /// </summary>
    public required string Directory { get; init; }

    /// <summary>TCP port on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>False only for tests: no fsync, a crash of the machine may lose everything.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>False only for tests: anybody on this machine may connect without a password.</summary>
    public bool AskPassword { get; init; } = true;

    /// <summary>Further server settings by name; they win over ours.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How long a start or stop may take; recovery after a crash needs the most.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(90);
}
