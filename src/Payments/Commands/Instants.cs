namespace Decent.Payments.Commands;

/// <summary>Instants as the database keeps them.</summary>
internal static class Instants
{
    /// <summary>The instant in UTC, cut to microseconds.</summary>
    public static DateTimeOffset Microseconds(DateTimeOffset value)
    {
        var ticks = value.UtcTicks;
        return new DateTimeOffset(ticks - (ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
    }
}
