using Decent.Payments.Commands;
using Decent.PriceOracle;

namespace Decent.Api.Jobs;

/// <summary>The oracle's rounds as due work like any other.</summary>
internal sealed class PriceRefreshDueWork(PriceRefreshWork work) : IDueWork
{
    /// <inheritdoc />
    public string Name => work.Name;

    /// <inheritdoc />
    public Task<int> RunDueAsync(CancellationToken cancellationToken) => work.RunDueAsync(cancellationToken);

    /// <inheritdoc />
    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) => work.NextDueAsync(cancellationToken);
}
