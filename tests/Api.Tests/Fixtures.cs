using Decent.Testing;

[assembly: AssemblyFixture(typeof(PostgresCluster))]

namespace Decent.Api.Tests;

/// <summary>The tests that share one running host.</summary>
[CollectionDefinition(nameof(RunningHost))]
public sealed class RunningHostCollection : ICollectionFixture<RunningHost>;
