using System.Diagnostics.CodeAnalysis;
using Xunit;

namespace Decent.Testing;

/// <summary>What a test needs and the machine does not have: a named skip at a desk, a failure where CI=true.</summary>
public static class Missing
{
    /// <summary>True on a build server.</summary>
    public static bool IsBuildServer { get; } =
        string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Ends the running test.</summary>
    /// <param name="reason">What is missing and how to get it.</param>
    [DoesNotReturn]
    public static void Stop(string reason)
    {
        if (IsBuildServer)
        {
            Assert.Fail(reason);
        }

        Assert.Skip(reason);
    }
}
