using Quartz;

namespace Decent.Api.Jobs;

/// <summary>Prepares approved payouts.</summary>
[QuartzJob(Name = "payouts", Group = "decent", Description = "Prepares approved payouts.")]
[SimpleTrigger("00:00:02")]
[DisallowConcurrentExecution]
public sealed class PayoutsJob(DueWorkRunner runner) : IJob
{
    /// <inheritdoc />
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        context.Result = await runner.RunAsync("payouts", cancellationToken);
}
