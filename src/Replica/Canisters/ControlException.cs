namespace Decent.Replica.Canisters;

/// <summary>An operator asked the sandbox for something it cannot do; nothing changed.</summary>
public sealed class ControlException(string message) : Exception(message);
