using Decent.Replica.Time;
using Microsoft.Extensions.Time.Testing;

namespace Decent.Replica.Tests.Time;

/// <summary>The shared business clock.</summary>
public sealed class SandboxClockTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("decent-clock").FullName;
    private readonly FakeTimeProvider machine = new(new DateTimeOffset(2026, 8, 1, 12, 0, 0, TimeSpan.Zero));

    private string ClockPath => Path.Combine(folder, "inner", "clock");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_step_in_one_process_is_seen_in_every_other_and_survives_both()
    {
        using (var first = new SandboxClock(ClockPath, machine))
        using (var second = new SandboxClock(ClockPath, machine))
        {
            Assert.Equal(machine.GetUtcNow(), second.GetUtcNow());
            _ = first.Advance(TimeSpan.FromDays(1));
            Assert.Equal(machine.GetUtcNow().AddDays(1), second.GetUtcNow());
        }

        using var third = new SandboxClock(ClockPath, machine);
        Assert.Equal(TimeSpan.FromDays(1), third.Offset);
        Assert.Equal(8, new FileInfo(ClockPath).Length);
    }

    [Fact]
    public void Business_time_never_goes_back()
    {
        using var clock = new SandboxClock(ClockPath, machine);
        var now = clock.GetUtcNow();
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.Advance(TimeSpan.FromTicks(-1)));
        Assert.Equal(now, clock.AdvanceTo(now.AddDays(-1)));
        Assert.Equal(now.AddDays(2), clock.AdvanceTo(now.AddDays(2)));
    }

    [Fact]
    public void Timestamps_stay_with_the_machine()
    {
        using var clock = new SandboxClock(ClockPath, machine);
        var before = clock.GetTimestamp();
        _ = clock.Advance(TimeSpan.FromDays(400));
        Assert.Equal(TimeSpan.Zero, clock.GetElapsedTime(before));
        machine.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.FromSeconds(3), clock.GetElapsedTime(before));
    }

    [Fact]
    public async Task Steps_of_two_writers_both_count()
    {
        using var first = new SandboxClock(ClockPath, machine);
        using var second = new SandboxClock(ClockPath, machine);
        var ct = TestContext.Current.CancellationToken;
        await Task.WhenAll(
            Task.Run(() => Step(first), ct),
            Task.Run(() => Step(second), ct));
        Assert.Equal(TimeSpan.FromTicks(20_000), first.Offset);

        static void Step(SandboxClock clock)
        {
            for (var i = 0; i < 10_000; i++)
            {
                _ = clock.Advance(TimeSpan.FromTicks(1));
            }
        }
    }
}
