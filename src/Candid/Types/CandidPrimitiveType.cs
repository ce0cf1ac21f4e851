namespace Decent.Candid;

/// <summary>A type without parts; one instance per kind, see <see cref="CandidType" />.</summary>
public sealed class CandidPrimitiveType : CandidType
{
    internal CandidPrimitiveType(CandidKind kind) => Kind = kind;

    /// <inheritdoc />
    public override CandidKind Kind { get; }
}
