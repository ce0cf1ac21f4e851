using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>A closed interval of canister ids, compared by bytes.</summary>
/// <param name="First">The first id that belongs to it.</param>
/// <param name="Last">The last id that belongs to it.</param>
public sealed record CanisterRange(Principal First, Principal Last)
{
    /// <summary>Whether an id lies in the interval.</summary>
    public bool Contains(Principal canister)
    {
        ArgumentNullException.ThrowIfNull(canister);
        return First.Bytes.SequenceCompareTo(canister.Bytes) <= 0
               && canister.Bytes.SequenceCompareTo(Last.Bytes) <= 0;
    }
}

/// <summary>Which of the two encodings of a subnet's ranges counts.</summary>
public enum RangesFrom
{
    /// <summary>The sharded one if it is present, else the old one.</summary>
    Any,

    /// <summary>Only <c>/canister_ranges/&lt;subnet&gt;/*</c>.</summary>
    Sharded,

    /// <summary>Only <c>/subnet/&lt;subnet&gt;/canister_ranges</c>.</summary>
    Legacy,
}
