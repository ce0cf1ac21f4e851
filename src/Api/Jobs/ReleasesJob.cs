using Quartz;

namespace Decent.Api.Jobs;

/// <summary>Releases what providers have earned.</summary>
[QuartzJob(Name = "releases", Group = "decent", Description = "Releases what providers have earned.")]
[SimpleTrigger("00:00:15")]
[DisallowConcurrentExecution]
public sealed class ReleasesJob(DueWorkRunner runner) : IJob
{
    /// <inheritdoc />
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        context.Result = await runner.RunAsync("releases", cancellationToken);
}
