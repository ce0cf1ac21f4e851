namespace Decent.Candid;

/// <summary><c>func (…) -> (…)</c>.</summary>
public sealed class CandidFuncType(
    IReadOnlyList<CandidType> arguments, IReadOnlyList<CandidType> results, CandidFuncMode mode) : CandidType
{
    /// <inheritdoc />
    public override CandidKind Kind => CandidKind.Func;

    /// <summary>Types of the arguments.</summary>
    public IReadOnlyList<CandidType> Arguments { get; } = arguments;

    /// <summary>Types of the results.</summary>
    public IReadOnlyList<CandidType> Results { get; } = results;

    /// <summary>Annotations.</summary>
    public CandidFuncMode Mode { get; } = mode;
}
