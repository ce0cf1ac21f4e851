namespace Decent.Api.Composition;

/// <summary>The host will not start; the message names the setting at fault.</summary>
public sealed class StartRefusedException(string message) : Exception(message);
