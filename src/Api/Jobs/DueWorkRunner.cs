using Decent.Payments.Commands;

namespace Decent.Api.Jobs;

/// <summary>Runs one kind of due work by its name; the only thing a job does.</summary>
public sealed class DueWorkRunner(IEnumerable<IDueWork> works)
{
    private readonly Dictionary<string, IDueWork> _works = works.ToDictionary(w => w.Name, StringComparer.Ordinal);

    /// <summary>All due work, in order of registration.</summary>
    public IReadOnlyCollection<IDueWork> Works => _works.Values;

    /// <summary>Runs what is due now.</summary>
    /// <param name="name">Name of the work.</param>
    /// <param name="cancellationToken">Stops between items.</param>
    /// <returns>Items handled.</returns>
    /// <exception cref="InvalidOperationException">No such work is registered.</exception>
    public Task<int> RunAsync(string name, CancellationToken cancellationToken) =>
        _works.TryGetValue(name, out var work)
            ? work.RunDueAsync(cancellationToken)
            : throw new InvalidOperationException($"No due work is called '{name}'.");
}
