using Decent.Payments.Commands;
using Decent.Postgres;

namespace Decent.Payments.Tests.Transfers;

/// <summary>The process died here: nothing after this line ran.</summary>
internal sealed class Crash(string where) : OperationCanceledException($"The host died at {where}.");

/// <summary>Decides where a host dies.</summary>
internal sealed class CrashPlan : IFaultProbe
{
    /// <summary>Asked at every point; true ends the host there.</summary>
    public Func<string, bool> At { get; set; } = static _ => false;

    public List<string> Points { get; } = [];

    public void Reached(string point)
    {
        Points.Add(point);
        if (At(point))
        {
            throw new Crash(point);
        }
    }
}

/// <summary>Commands of a host that may die right before or right after any commit.</summary>
internal sealed class CrashingCommands(ICommands inner, CrashPlan plan) : ICommands
{
    public async Task<CommandResult<T>> RunAsync<T>(
        CommandContext context, Func<CommandSession, CancellationToken, Task<T>> body, CancellationToken cancellationToken)
    {
        var result = await inner.RunAsync(
            context,
            async (session, ct) =>
            {
                var value = await body(session, ct);
                plan.Reached("before_commit");
                return value;
            },
            cancellationToken);
        plan.Reached("after_commit");
        return result;
    }
}
