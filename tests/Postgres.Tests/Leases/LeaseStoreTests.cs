using Decent.Postgres.Leases;
using Microsoft.Extensions.Time.Testing;

namespace Decent.Postgres.Tests.Leases;

public sealed class LeaseStoreTests(OpsDatabase fixture) : IClassFixture<OpsDatabase>
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private LeaseStore Store => new(fixture.Database.App, _time);

    [Fact]
    public async Task Only_one_of_many_gets_a_lease()
    {
        var store = Store;

        var leases = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(i => store.TryAcquireAsync("crowd", $"host-{i}", Minute, Token)));

        Assert.Single(leases, l => l is not null);
    }

    [Fact]
    public async Task A_holder_who_slept_too_long_is_fenced_off()
    {
        var store = Store;
        var sleeper = await store.TryAcquireAsync("nap", "sleeper", Minute, Token);
        Assert.NotNull(sleeper);
        Assert.Null(await store.TryAcquireAsync("nap", "other", Minute, Token));

        _time.Advance(Minute);
        var other = await store.TryAcquireAsync("nap", "other", Minute, Token);

        Assert.NotNull(other);
        Assert.True(other.Token > sleeper.Token);
        Assert.Null(await store.RenewAsync(sleeper, Minute, Token));
        await using var connection = await fixture.Database.App.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        Assert.False(await LeaseStore.IsCurrentAsync(transaction, sleeper, Token));
        Assert.True(await LeaseStore.IsCurrentAsync(transaction, other, Token));
    }

    [Fact]
    public async Task A_lease_given_back_is_free_at_once_and_an_old_one_cannot_be_given_back()
    {
        var store = Store;
        var first = await store.TryAcquireAsync("back", "a", Minute, Token);
        await store.ReleaseAsync(first!, Token);
        var second = await store.TryAcquireAsync("back", "b", Minute, Token);
        Assert.NotNull(second);

        await store.ReleaseAsync(first!, Token);

        Assert.Null(await store.TryAcquireAsync("back", "c", Minute, Token));
        Assert.NotNull(await store.RenewAsync(second, Minute, Token));
    }
}
