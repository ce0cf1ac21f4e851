namespace Decent.Candid;

/// <summary><c>opt T</c>.</summary>
public sealed class CandidOptType(CandidType inner) : CandidType
{
    /// <inheritdoc />
    public override CandidKind Kind => CandidKind.Opt;

    /// <summary>The type of the value when there is one.</summary>
    public CandidType Inner { get; } = inner;
}
