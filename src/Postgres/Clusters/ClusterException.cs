namespace Decent.Postgres.Clusters;

/// <summary>A private cluster could not be started or stopped; the message says what to do.</summary>
public sealed class ClusterException(ClusterFault fault, string message, int? port = null) : Exception(message)
{
    /// <summary>Why.</summary>
    public ClusterFault Fault { get; } = fault;

    /// <summary>The port on <see cref="ClusterFault.PortTaken" />.</summary>
    public int? Port { get; } = port;
}

/// <summary>Why a private cluster could not be had.</summary>
public enum ClusterFault
{
    /// <summary>No PostgreSQL server programs of a supported version on this machine.</summary>
    NotInstalled,

    /// <summary>The TCP port is in use.</summary>
    PortTaken,

    /// <summary>Another live process of ours runs this cluster.</summary>
    InUse,

    /// <summary>The account PostgreSQL runs as cannot use the folder.</summary>
    Unreachable,

    /// <summary>A server program failed; the message carries its last words.</summary>
    Failed,
}
