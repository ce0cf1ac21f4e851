namespace Decent.PriceOracle.Settings;

/// <summary>Names of venues as configuration and records use them.</summary>
internal static class Venues
{
    /// <summary>ICPSwap.</summary>
    public const string IcpSwap = "icpswap";

    /// <summary>TACO exchange.</summary>
    public const string Taco = "taco";

    /// <summary>KongSwap, closed.</summary>
    public const string KongSwap = "kongswap";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [IcpSwap, KongSwap, Taco];
}
