using Quartz;

namespace Decent.Api.Jobs;

/// <summary>Compares rails, books and chain.</summary>
[QuartzJob(Name = "reconciliation", Group = "decent", Description = "Compares rails, books and chain.")]
[SimpleTrigger("00:05:00")]
[DisallowConcurrentExecution]
public sealed class ReconciliationJob(DueWorkRunner runner) : IJob
{
    /// <inheritdoc />
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        context.Result = await runner.RunAsync("reconciliation", cancellationToken);
}
