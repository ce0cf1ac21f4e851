namespace Decent.Candid;

/// <summary>
/// An entry of a type table. Type references are table indices (0 and up) or primitive codes (below 0).
/// </summary>
internal sealed class WireType(CandidKind kind)
{
    internal CandidKind Kind { get; } = kind;

    /// <summary>Inner type of opt and vec.</summary>
    internal int Inner { get; init; }

    /// <summary>Labels of record and variant, ascending.</summary>
    internal CandidLabel[] Labels { get; init; } = [];

    /// <summary>Types of fields or cases, of methods, or of arguments.</summary>
    internal int[] Parts { get; init; } = [];

    /// <summary>Types of results.</summary>
    internal int[] Results { get; init; } = [];

    internal CandidFuncMode Mode { get; init; }

    /// <summary>Names of methods, ascending.</summary>
    internal string[] Names { get; init; } = [];
}
