namespace Decent.Candid;

/// <summary><c>vec T</c>.</summary>
public sealed class CandidVecType(CandidType item) : CandidType
{
    /// <inheritdoc />
    public override CandidKind Kind => CandidKind.Vec;

    /// <summary>The type of an element.</summary>
    public CandidType Item { get; } = item;

    /// <summary>True for <c>vec nat8</c>, whose values are byte arrays.</summary>
    public bool IsBlob => Item.Kind == CandidKind.Nat8;
}
