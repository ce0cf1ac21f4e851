using Decent.Testing;

[assembly: AssemblyFixture(typeof(PostgresCluster))]
