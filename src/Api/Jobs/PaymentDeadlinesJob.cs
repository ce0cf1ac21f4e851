using Quartz;

namespace Decent.Api.Jobs;

/// <summary>Ends contracts whose payment deadline has passed.</summary>
[QuartzJob(Name = "payment-deadlines", Group = "decent", Description = "Ends contracts whose payment deadline has passed.")]
[SimpleTrigger("00:00:10")]
[DisallowConcurrentExecution]
public sealed class PaymentDeadlinesJob(DueWorkRunner runner) : IJob
{
    /// <inheritdoc />
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        context.Result = await runner.RunAsync("payment-deadlines", cancellationToken);
}
