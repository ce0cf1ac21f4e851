namespace Decent.Canister.Client;

/// <summary>What a request asks for.</summary>
public enum RequestKind
{
    /// <summary>A call that may change state and is executed by the whole subnet.</summary>
    Call,

    /// <summary>A read answered by one node.</summary>
    Query,

    /// <summary>A read of the certified state tree.</summary>
    ReadState,
}
