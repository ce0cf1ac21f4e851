using Microsoft.Extensions.Configuration;

namespace Decent.Replica;

/// <summary>How a replica is started.</summary>
public sealed record ReplicaOptions
{
    /// <summary>Folder of the log, the node key and nothing else; made when missing.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>TCP port on the loopback interface; 0 lets the system choose.</summary>
    public int Port { get; init; }

    /// <summary>The shared business clock; null uses the machine's time.</summary>
    public string? ClockFile { get; init; }

    /// <summary>Newest blocks a DFINITY ledger serves itself, its archive the older ones; null archives none.</summary>
    public int? ArchiveAfter { get; init; }

    /// <summary>Reads <c>--data</c>, <c>--port</c>, <c>--clock</c> and <c>--archive-after</c>.</summary>
    /// <param name="args">Command line.</param>
    /// <exception cref="ArgumentException">A value is missing or no number.</exception>
    public static ReplicaOptions FromArguments(string[] args)
    {
        var configuration = new ConfigurationBuilder().AddCommandLine(args).Build();
        return new ReplicaOptions
        {
            DataDirectory = configuration["data"]
                ?? throw new ArgumentException("--data names the replica's folder and is missing.", nameof(args)),
            Port = Number(configuration, "port") ?? 0,
            ClockFile = configuration["clock"],
            ArchiveAfter = Number(configuration, "archive-after"),
        };
    }

    private static int? Number(IConfiguration configuration, string name)
    {
        var text = configuration[name];
        return text is null ? null
            : int.TryParse(text, System.Globalization.NumberStyles.None, null, out var number) ? number
            : throw new ArgumentException($"--{name} is not a number: '{text}'.", name);
    }
}
