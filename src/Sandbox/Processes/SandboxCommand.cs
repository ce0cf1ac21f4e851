using System.Runtime.InteropServices;

namespace Decent.Sandbox.Processes;

/// <summary>How this program starts itself again under another role.</summary>
internal static class SandboxCommand
{
    /// <summary>The command line of a role: the same runtime, the same assembly.</summary>
    public static IReadOnlyList<string> Of(params IReadOnlyList<string> arguments) =>
        [Runtime, typeof(SandboxCommand).Assembly.Location, .. arguments];

    // The runtime that runs this process, wherever it was installed; the apphost would look only in a few places.
    private static string Runtime =>
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
}
