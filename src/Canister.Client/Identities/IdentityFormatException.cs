namespace Decent.Canister.Client;

/// <summary>A key could not be read. The message says what was expected and never shows key material.</summary>
public sealed class IdentityFormatException(string message, Exception? inner = null)
    : FormatException(message, inner);
