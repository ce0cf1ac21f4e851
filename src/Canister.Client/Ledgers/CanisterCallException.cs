namespace Decent.Canister.Client;

/// <summary>A read from a canister gave no usable answer; the outcomes of transfers are typed instead.</summary>
public sealed class CanisterCallException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="canister">Text of the canister's id.</param>
    /// <param name="method">The method that was called.</param>
    /// <param name="why">What went wrong, in words.</param>
    /// <param name="errorCode">The Internet Computer's error code, such as <c>IC0536</c>, if it gave one.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public CanisterCallException(
        string canister, string method, string why, string? errorCode = null, Exception? innerException = null)
        : base($"{canister}.{method}: {why}", innerException)
    {
        Canister = canister;
        Method = method;
        ErrorCode = errorCode;
    }

    /// <summary>Text of the canister's id.</summary>
    public string Canister { get; }

    /// <summary>The method that was called.</summary>
    public string Method { get; }

    /// <summary>The Internet Computer's error code, such as <c>IC0536</c> for an unknown method, or null.</summary>
    public string? ErrorCode { get; }
}
