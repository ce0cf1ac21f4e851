namespace Decent.Candid;

/// <summary>A value does not fit the type it should be written at.</summary>
public sealed class CandidEncodeException(string message) : FormatException(message);
