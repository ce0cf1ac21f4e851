using Decent.Benchmarks;
using Decent.Benchmarks.Candid;
using Decent.Benchmarks.Ledger;
using Decent.Postgres.Clusters;

// Rows go to standard output, everything else to standard error, so that a pipe sees rows alone.
IBenchmark[] all = [new SinglePostings(), new CandidCodecs()];

var json = args.Contains("--json", StringComparer.Ordinal);
var names = args.Where(a => !a.StartsWith("--", StringComparison.Ordinal)).ToArray();
var strangers = args.Except(names, StringComparer.Ordinal).Where(a => a != "--json").ToArray();
var chosen = names.Length == 0 ? all : [.. all.Where(b => names.Contains(b.Group, StringComparer.Ordinal))];
if (strangers.Length > 0 || chosen.Length == 0 || names.Except(all.Select(b => b.Group), StringComparer.Ordinal).Any())
{
    await Console.Error.WriteLineAsync(
        $"usage: bench [name...] [--json]; names: {string.Join(", ", all.Select(b => b.Group).Distinct(StringComparer.Ordinal))}");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
try
{
    foreach (var benchmark in chosen)
    {
        await foreach (var row in benchmark.RunAsync(Console.Error.WriteLine, stop.Token))
        {
            Console.WriteLine(json ? row.ToJson() : row.ToText());
        }
    }

    return 0;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("stopped");
    return 130;
}
catch (ClusterException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
