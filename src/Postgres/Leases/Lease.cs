namespace Decent.Postgres.Leases;

/// <summary>A lease as granted.</summary>
/// <param name="Name">What is leased.</param>
/// <param name="Holder">Who holds it.</param>
/// <param name="Token">Fencing token; larger than that of every earlier holder.</param>
/// <param name="ExpiresAt">Machine time at which somebody else may take it.</param>
public sealed record Lease(string Name, string Holder, long Token, DateTimeOffset ExpiresAt);
