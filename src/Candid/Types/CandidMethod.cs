namespace Decent.Candid;

/// <summary>A method of a service type. The type's head is a <see cref="CandidFuncType" />.</summary>
public sealed class CandidMethod(string name, CandidType type)
{
    /// <summary>Name; any text, also the empty one.</summary>
    public string Name { get; } = name;

    /// <summary>A function type, maybe behind a name.</summary>
    public CandidType Type { get; } = type;
}
