namespace Decent.Canister.Client;

/// <summary>What a replica says about itself. Nothing here is certified.</summary>
/// <param name="RootKeyDer">The root key it uses; matters on development networks only. Null if not given.</param>
/// <param name="ImplementationVersion">Its version; null when not given.</param>
/// <param name="Health">Such as <c>healthy</c>; null when not given.</param>
public sealed record ReplicaStatus(ReadOnlyMemory<byte>? RootKeyDer, string? ImplementationVersion, string? Health);
