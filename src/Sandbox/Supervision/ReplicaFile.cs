using System.Text.Json;
using Decent.Replica;

namespace Decent.Sandbox.Supervision;

/// <summary>The replica's settings file.</summary>
internal static class ReplicaFile
{
    /// <summary>Writes the file.</summary>
    public static void Write(StateDirectory state, SandboxPorts ports) => File.WriteAllText(
        state.ReplicaSettings,
        JsonSerializer.Serialize(
            new ReplicaOptions { DataDirectory = state.Replica, Port = ports.Replica, ClockFile = state.Clock }));

    /// <summary>Reads the file.</summary>
    public static ReplicaOptions Read(string path) =>
        JsonSerializer.Deserialize<ReplicaOptions>(File.ReadAllText(path))!;
}
