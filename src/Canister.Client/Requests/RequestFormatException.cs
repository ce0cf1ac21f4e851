namespace Decent.Canister.Client;

/// <summary>Bytes are not a request envelope.</summary>
public sealed class RequestFormatException(string message, Exception? inner = null) : FormatException(message, inner);
