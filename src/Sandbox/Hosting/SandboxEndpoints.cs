using Microsoft.AspNetCore.Mvc;

namespace Decent.Sandbox.Hosting;

/// <summary>What only a sandbox answers: the business clock, and orders to crash.</summary>
internal static class SandboxEndpoints
{
    private static readonly TimeSpan LongestWalk = TimeSpan.FromDays(400);

    /// <summary>Adds <c>/sandbox/…</c>.</summary>
    public static void Map(WebApplication app)
    {
        var group = app.MapGroup("/sandbox").AllowAnonymous().ExcludeFromDescription();
        group.MapGet("/clock", (ClockWalker walker) => new ClockView(walker.Now, 0));
        group.MapPost("/clock", WalkAsync);
        group.MapGet("/process", () => new { processId = Environment.ProcessId });
        group.MapPost("/crash", (CrashOrder order, CrashProbe probe) =>
        {
            if (order.Nth is < 1 or > 1_000_000)
            {
                return Results.Problem("nth must be 1 to 1,000,000.", statusCode: 400);
            }

            if (order.Point == "now")
            {
                CrashProbe.Die();
            }

            probe.Arm(order.Point, order.Nth);
            return Results.NoContent();
        });
    }

    private static async Task<IResult> WalkAsync(
        [FromBody] ClockOrder order, ClockWalker walker, CancellationToken cancellationToken)
    {
        var target = (order.AdvanceSeconds, order.To) switch
        {
            ({ } seconds and >= 0, null) when seconds <= LongestWalk.TotalSeconds => walker.Now.AddSeconds(seconds),
            (null, { } to) when to <= walker.Now + LongestWalk => to,
            _ => (DateTimeOffset?)null,
        };
        if (target is not { } instant)
        {
            return Results.Problem(
                $"Give either advanceSeconds (not negative) or to, at most {LongestWalk.TotalDays:0} days ahead.",
                statusCode: 400);
        }

        try
        {
            var stops = await walker.WalkAsync(instant, cancellationToken);
            return Results.Ok(new ClockView(walker.Now, stops));
        }
        catch (NotQuietException e)
        {
            return Results.Problem(e.Message, statusCode: 503);
        }
    }

    private sealed record ClockOrder(long? AdvanceSeconds = null, DateTimeOffset? To = null);

    private sealed record ClockView(DateTimeOffset Now, int Stops);

    private sealed record CrashOrder(string? Point = null, int Nth = 1);
}
