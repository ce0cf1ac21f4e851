namespace Decent.Candid;

/// <summary>
/// What a decoder is willing to do for one message. Work is counted in nodes (a value, an element without size, a
/// skipped value): the budget grows with the message, so an honest message never meets it.
/// </summary>
public sealed record CandidLimits
{
    /// <summary>The limits used when none are given.</summary>
    public static CandidLimits Default { get; } = new();

    /// <summary>Longest message, in bytes. The largest reply on the network is 3 MiB.</summary>
    public int MaxMessageBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Most entries in the type table.</summary>
    public int MaxTypes { get; init; } = 10_000;

    /// <summary>Deepest nesting of values.</summary>
    public int MaxDepth { get; init; } = 512;

    /// <summary>Work allowed for any message, in nodes.</summary>
    public long BaseWork { get; init; } = 1_000_000;

    /// <summary>Work allowed on top for each byte of the message, in nodes.</summary>
    public long WorkPerByte { get; init; } = 4;

    /// <summary>Most vector elements without any bytes (null, reserved, empty records) in one message.</summary>
    public long MaxZeroSizedElements { get; init; } = 1_000_000;
}
