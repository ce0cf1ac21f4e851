namespace Decent.Candid;

/// <summary>Annotations of a function type, as a set.</summary>
[Flags]
public enum CandidFuncMode
{
    /// <summary>An update method.</summary>
    Update = 0,

    /// <summary>Read only.</summary>
    Query = 1,

    /// <summary>No answer.</summary>
    Oneway = 2,

    /// <summary>Read only, may call other queries.</summary>
    CompositeQuery = 4,
}
