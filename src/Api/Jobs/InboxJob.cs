using Quartz;

namespace Decent.Api.Jobs;

/// <summary>Turns stored deliveries into facts and effects.</summary>
[QuartzJob(Name = "inbox", Group = "decent", Description = "Turns stored deliveries into facts and effects.")]
[SimpleTrigger("00:00:01")]
[DisallowConcurrentExecution]
public sealed class InboxJob(DueWorkRunner runner) : IJob
{
    /// <inheritdoc />
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        context.Result = await runner.RunAsync("inbox", cancellationToken);
}
