namespace Decent.Replica.Canisters;

/// <summary>A canister traps: the message is answered with a reject and leaves no trace in its state.</summary>
internal sealed class CanisterTrapException(string message) : Exception(message);
