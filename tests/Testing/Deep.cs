namespace Decent.Testing;

/// <summary>How long a campaign runs.</summary>
public static class Deep
{
    /// <summary>True under <c>DECENT_DEEP=1</c>.</summary>
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("DECENT_DEEP") == "1";

    /// <summary>The count of the default run, or ten times as many in a deep one.</summary>
    public static int Count(int usual) => IsOn ? checked(usual * 10) : usual;
}
