namespace Decent.Sandbox.Processes;

/// <summary>Lets a web host live exactly as long as its <see cref="Lifeline" />.</summary>
internal sealed class LifelineHost(Lifeline lifeline, IHostApplicationLifetime application) : IHostLifetime
{
    /// <inheritdoc />
    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        lifeline.Ended.Register(application.StopApplication);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
