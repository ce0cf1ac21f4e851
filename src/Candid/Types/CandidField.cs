namespace Decent.Candid;

/// <summary>A field of a record type or a case of a variant type.</summary>
public sealed class CandidField(CandidLabel label, CandidType type)
{
    /// <summary>Its label.</summary>
    public CandidLabel Label { get; } = label;

    /// <summary>Its type; <see cref="CandidType.Null" /> for a case without payload.</summary>
    public CandidType Type { get; } = type;
}
