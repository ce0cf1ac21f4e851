using Quartz;

namespace Decent.Api.Jobs;

/// <summary>Sends and follows refunds.</summary>
[QuartzJob(Name = "refunds", Group = "decent", Description = "Sends and follows refunds.")]
[SimpleTrigger("00:00:05")]
[DisallowConcurrentExecution]
public sealed class RefundsJob(DueWorkRunner runner) : IJob
{
    /// <inheritdoc />
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        context.Result = await runner.RunAsync("refunds", cancellationToken);
}
