using Quartz;

namespace Decent.Api.Jobs;

/// <summary>Samples the price sources and decides rounds.</summary>
[QuartzJob(Name = "refresh-prices", Group = "decent", Description = "Samples the price sources and decides rounds.")]
[SimpleTrigger("00:00:05")]
[DisallowConcurrentExecution]
public sealed class RefreshPricesJob(DueWorkRunner runner) : IJob
{
    /// <inheritdoc />
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        context.Result = await runner.RunAsync("refresh-prices", cancellationToken);
}
