namespace Decent.Benchmarks;

/// <summary>Something measured.</summary>
internal interface IBenchmark
{
    /// <summary>Name on the command line; several benchmarks may share one.</summary>
    string Group { get; }

    /// <summary>Measures and gives its rows.</summary>
    /// <param name="progress">Told what is going on.</param>
    /// <param name="cancellationToken">Stops; what was started is stopped too.</param>
    IAsyncEnumerable<BenchmarkRow> RunAsync(Action<string> progress, CancellationToken cancellationToken);
}
