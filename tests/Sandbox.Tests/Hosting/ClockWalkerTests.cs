using Decent.Payments.Commands;
using Decent.Replica.Time;
using Decent.Sandbox.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Decent.Sandbox.Tests.Hosting;

public sealed class ClockWalkerTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private readonly string _directory = Directory.CreateTempSubdirectory("decent-clock").FullName;
    private readonly SandboxClock _clock;

    public ClockWalkerTests() =>
        _clock = new SandboxClock(Path.Combine(_directory, "clock"), new FakeTimeProvider(Start));

    [Fact]
    public async Task The_clock_stops_at_every_due_moment_in_order_and_ends_at_the_target()
    {
        var late = new Scripted(_clock, Start.AddHours(3), Start.AddHours(5));
        var early = new Scripted(_clock, Start.AddHours(1), Start.AddHours(3));
        using var walker = Walker([late, early]);

        await walker.WalkAsync(Start.AddHours(4), TestContext.Current.CancellationToken);

        Assert.Equal([Start.AddHours(1), Start.AddHours(3)], early.Handled);
        Assert.Equal([Start.AddHours(3)], late.Handled);
        Assert.Equal(Start.AddHours(4), walker.Now);
    }

    [Fact]
    public async Task What_one_work_makes_due_for_another_is_done_before_the_clock_moves_on()
    {
        var second = new Scripted(_clock);
        var first = new Scripted(_clock, Start.AddHours(1)) { Then = at => second.Due.Enqueue(at) };
        using var walker = Walker([second, first]);

        await walker.WalkAsync(Start.AddHours(2), TestContext.Current.CancellationToken);

        Assert.Equal(first.Handled, second.Handled);
    }

    [Fact]
    public async Task A_time_that_has_passed_moves_nothing_but_lets_due_work_finish()
    {
        var work = new Scripted(_clock, Start.AddMinutes(-5));
        using var walker = Walker([work]);
        await walker.WalkAsync(Start.AddDays(-1), TestContext.Current.CancellationToken);
        Assert.Equal([Start], work.Handled);
        Assert.Equal(Start, walker.Now);
    }

    [Fact]
    public async Task The_clock_waits_for_webhooks_on_their_way()
    {
        var traffic = new Traffic(3);
        using var walker = new ClockWalker(_clock, [], traffic, NullLogger<ClockWalker>.Instance);
        await walker.WalkAsync(Start.AddHours(1), TestContext.Current.CancellationToken);
        Assert.Equal(0, traffic.Left);
    }

    [Fact]
    public async Task A_walk_that_was_cut_short_goes_on_from_where_the_clock_stands()
    {
        var work = new Scripted(_clock, Start.AddHours(1), Start.AddHours(2)) { FailOnceAt = Start.AddHours(2) };
        using var walker = Walker([work]);
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            walker.WalkAsync(Start.AddHours(3), TestContext.Current.CancellationToken));
        Assert.Equal(Start.AddHours(2), walker.Now);
        await walker.WalkAsync(Start.AddHours(3), TestContext.Current.CancellationToken);
        Assert.Equal([Start.AddHours(1), Start.AddHours(2)], work.Handled);
        Assert.Equal(Start.AddHours(3), walker.Now);
    }

    public void Dispose()
    {
        _clock.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private ClockWalker Walker(IDueWork[] works) =>
        new(_clock, works, new Traffic(0), NullLogger<ClockWalker>.Instance);

    private sealed class Scripted(TimeProvider time, params DateTimeOffset[] due) : IDueWork
    {
        public Queue<DateTimeOffset> Due { get; } = new(due);

        public List<DateTimeOffset> Handled { get; } = [];

        public Action<DateTimeOffset>? Then { get; init; }

        public DateTimeOffset? FailOnceAt { get; set; }

        public string Name => "scripted";

        public Task<int> RunDueAsync(CancellationToken cancellationToken)
        {
            if (!Due.TryPeek(out var next) || next > time.GetUtcNow())
            {
                return Task.FromResult(0);
            }

            if (next == FailOnceAt)
            {
                FailOnceAt = null;
                throw new InvalidOperationException("The database was away.");
            }

            Handled.Add(time.GetUtcNow());
            Due.Dequeue();
            Then?.Invoke(next);
            return Task.FromResult(1);
        }

        public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) =>
            Task.FromResult<DateTimeOffset?>(Due.TryPeek(out var next) ? next : null);
    }

    private sealed class Traffic(int pending) : IOutsideTraffic
    {
        public int Left { get; private set; } = pending;

        public Task<int> PendingAsync(CancellationToken cancellationToken) => Task.FromResult(Left == 0 ? 0 : Left--);
    }
}
