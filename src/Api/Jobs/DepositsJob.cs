using Quartz;

namespace Decent.Api.Jobs;

/// <summary>Watches our own accounts on the ledgers.</summary>
[QuartzJob(Name = "deposits", Group = "decent", Description = "Watches our own accounts on the ledgers.")]
[SimpleTrigger("00:00:05")]
[DisallowConcurrentExecution]
public sealed class DepositsJob(DueWorkRunner runner) : IJob
{
    /// <inheritdoc />
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        context.Result = await runner.RunAsync("deposits", cancellationToken);
}
