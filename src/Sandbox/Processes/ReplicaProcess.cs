using Decent.Replica;
using Decent.Sandbox.Supervision;

namespace Decent.Sandbox.Processes;

/// <summary>The local Internet Computer in a process of its own.</summary>
internal static class ReplicaProcess
{
    /// <summary>Serves until the lifeline ends.</summary>
    /// <param name="settingsFile">Written by <see cref="ReplicaFile" />.</param>
    /// <param name="lifeline">Ends with the supervisor.</param>
    public static async Task RunAsync(string settingsFile, Lifeline lifeline)
    {
        // Started without its own shutdown: the lifeline says when, not a signal meant for the whole group.
        await using var replica = ReplicaHost.Build(ReplicaFile.Read(settingsFile));
        await replica.StartAsync();
        await lifeline.WaitAsync();
        await replica.StopAsync();
    }
}
