using Quartz;

namespace Decent.Api.Jobs;

/// <summary>Asks the rails about payments that are still open.</summary>
[QuartzJob(Name = "collections", Group = "decent", Description = "Asks the rails about payments that are still open.")]
[SimpleTrigger("00:00:15")]
[DisallowConcurrentExecution]
public sealed class CollectionsJob(DueWorkRunner runner) : IJob
{
    /// <inheritdoc />
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        context.Result = await runner.RunAsync("collections", cancellationToken);
}
