namespace Decent.Candid;

/// <summary>A text or byte string is not a principal.</summary>
public sealed class PrincipalFormatException(string message) : FormatException(message);
