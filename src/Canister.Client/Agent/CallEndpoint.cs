namespace Decent.Canister.Client;

/// <summary>
/// How calls are submitted. This is a choice of the operator; the agent never changes it by itself, and the same
/// signed bytes are valid for both.
/// </summary>
public enum CallEndpoint
{
    /// <summary>Version 4: the answer usually carries the certificate of the reply.</summary>
    Synchronous,

    /// <summary>Version 2: the request is only taken up; its status must be polled.</summary>
    Asynchronous,
}
