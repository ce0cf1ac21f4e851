namespace Decent.Candid;

/// <summary><c>variant { … }</c>.</summary>
public sealed class CandidVariantType(IEnumerable<CandidField> cases) : CandidFieldsType(cases)
{
    /// <inheritdoc />
    public override CandidKind Kind => CandidKind.Variant;
}
