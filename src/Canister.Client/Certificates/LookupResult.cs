namespace Decent.Canister.Client;

/// <summary>What a hash tree says about a path.</summary>
public abstract record LookupResult
{
    private LookupResult()
    {
    }

    /// <summary>The path ends at a leaf.</summary>
    /// <param name="Value">The leaf's bytes.</param>
    public sealed record Found(ReadOnlyMemory<byte> Value) : LookupResult;

    /// <summary>The tree proves that the path does not exist.</summary>
    public sealed record Absent : LookupResult
    {
        internal static readonly Absent Instance = new();
    }

    /// <summary>The tree was pruned where the path would be: it proves nothing.</summary>
    public sealed record Unknown : LookupResult
    {
        internal static readonly Unknown Instance = new();
    }

    /// <summary>The path exists but ends above the leaves, so it has no value.</summary>
    public sealed record Error : LookupResult
    {
        internal static readonly Error Instance = new();
    }
}
