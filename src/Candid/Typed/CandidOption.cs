namespace Decent.Candid;

/// <summary>An option that is being read; see <see cref="CandidDecoder.OpenOption" />.</summary>
public readonly ref struct CandidOption
{
    internal CandidOption(CandidPlan part, int wire, int offset, int depth)
    {
        Part = part;
        Wire = wire;
        Offset = offset;
        Depth = depth;
    }

    /// <summary>How its value is read.</summary>
    public CandidPlan Part { get; }

    internal int Wire { get; }

    internal int Offset { get; }

    internal int Depth { get; }
}
