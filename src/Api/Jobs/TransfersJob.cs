using Quartz;

namespace Decent.Api.Jobs;

/// <summary>Sends and resolves transfers.</summary>
[QuartzJob(Name = "transfers", Group = "decent", Description = "Sends and resolves transfers.")]
[SimpleTrigger("00:00:02")]
[DisallowConcurrentExecution]
public sealed class TransfersJob(DueWorkRunner runner) : IJob
{
    /// <inheritdoc />
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        context.Result = await runner.RunAsync("transfers", cancellationToken);
}
