namespace Decent.PriceOracle.Rounds;

/// <summary>Instants as the database keeps them.</summary>
internal static class Instants
{
    /// <summary>An instant cut to microseconds.</summary>
    public static DateTimeOffset Microseconds(DateTimeOffset value) =>
        new(value.UtcTicks - (value.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
