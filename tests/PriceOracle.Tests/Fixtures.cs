using Decent.Testing;

[assembly: AssemblyFixture(typeof(PostgresCluster))]

namespace Decent.PriceOracle.Tests;

/// <summary>A database with the oracle's schema.</summary>
public sealed class PricesDatabase() : DatabaseFixture(typeof(PriceReading).Assembly);
