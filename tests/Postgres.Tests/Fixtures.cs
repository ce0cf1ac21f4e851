using Decent.Testing;

[assembly: AssemblyFixture(typeof(PostgresCluster))]

namespace Decent.Postgres.Tests;

/// <summary>A database with the house's own schema only.</summary>
public sealed class OpsDatabase() : DatabaseFixture(typeof(Migrator).Assembly);
