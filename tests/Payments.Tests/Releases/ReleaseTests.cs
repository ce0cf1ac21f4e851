using Dapper;
using Decent.Payments.Commands;
using Decent.Payments.Tests.In;

namespace Decent.Payments.Tests.Releases;

public sealed class ReleaseTests
{
    private static CancellationToken Token => InWorld.Token;

    [Fact]
    public async Task Each_slot_releases_what_was_earned_in_it_and_the_platform_keeps_its_share()
    {
        await using var world = await InWorld.CreateAsync();
        await world.PaidAsync();
        Assert.Equal(InWorld.Start.AddHours(1), await world.Work("releases").NextDueAsync(Token));
        for (var hour = 0; hour < 3; hour++)
        {
            await world.AdvanceAsync(TimeSpan.FromHours(1));
        }

        var releases = (await world.Releases.ListAsync("provider-1", null, new PageRequest(), Token)).Items;
        Assert.Equal(["41666667", "41666667", "41666666"], releases.Select(r => r.Gross.Amount).Order().Reverse());
        Assert.Equal("125000000", releases.Aggregate((Int128)0, (s, r) => s + Int128.Parse(r.Gross.Amount)).ToString());
        Assert.Equal("3125000", await world.BalanceAsync("platform/fees"));
        Assert.Equal("121875000", await world.BalanceAsync("provider/provider-1/payable"));
        Assert.All(releases, r => Assert.Equal(r.PeriodEnd.AddHours(24), r.PayableAt));
        Assert.Equal(InWorld.Start.AddHours(4), await world.Work("releases").NextDueAsync(Token));
        await world.AssertSoundAsync();
    }

    [Fact]
    public async Task The_worked_example_runs_through_the_jobs_to_the_cent()
    {
        await using var world = await InWorld.CreateAsync();
        await world.PaidAsync();
        await world.AdvanceAsync(TimeSpan.FromHours(24));
        Assert.Equal("1000000000", (await world.Contracts.GetAsync("c-1", Token))!.Released.Amount);
        await world.AdvanceAsync(TimeSpan.FromHours(1));
        var last = (await world.Releases.ListAsync(null, "c-1", new PageRequest(null, 1), Token)).Items[0];
        Assert.Equal("41666666", last.Gross.Amount);
        await world.AdvanceAsync(TimeSpan.FromHours(75.5));
        var cancelled = (await world.Contracts.CancelAsync(InWorld.Caller(), "c-1", "enough", Token)).Value;
        Assert.Equal("4187500000", cancelled.Released.Amount);
        Assert.Equal("25810000000", cancelled.Refunded.Amount);
        Assert.Equal("2500000", cancelled.Dust.Amount);
        await world.SettleAsync();
        Assert.Equal(2581, Assert.Single(world.Stripe.Refunded).MinorUnits);
        await world.AssertSoundAsync();
    }

    [Fact]
    public async Task A_job_that_slept_through_slots_releases_the_same_sum()
    {
        await using var world = await InWorld.CreateAsync();
        await world.PaidAsync("walked");
        await world.PaidAsync("slept");
        await world.AdvanceAsync(TimeSpan.FromHours(300.3));
        Assert.Equal(
            (await world.Contracts.GetAsync("walked", Token))!.Released,
            (await world.Contracts.GetAsync("slept", Token))!.Released);
        Assert.Single((await world.Releases.ListAsync(null, "slept", new PageRequest(), Token)).Items);
        Assert.Equal("12500000000", (await world.Contracts.GetAsync("slept", Token))!.Released.Amount);
    }

    [Fact]
    public async Task At_the_end_everything_is_released_and_the_contract_is_complete()
    {
        await using var world = await InWorld.CreateAsync();
        await world.PaidAsync();
        await world.AdvanceAsync(TimeSpan.FromHours(100));
        await world.AdvanceAsync(TimeSpan.FromHours(621));
        var contract = (await world.Contracts.GetAsync("c-1", Token))!;
        Assert.Equal(("completed", "30000000000", "750000000"), (contract.State, contract.Released.Amount, contract.Fees.Amount));
        Assert.Equal("0", await world.BalanceAsync("contract/c-1/escrow"));
        Assert.Null(await world.Work("releases").NextDueAsync(Token));
        Assert.Equal(
            InWorld.Start.AddHours(720),
            (await world.Releases.ListAsync(null, "c-1", new PageRequest(), Token)).Items[0].PeriodEnd);
        await world.AssertSoundAsync();
    }

    [Fact]
    public async Task Nothing_is_released_before_service_starts_or_before_it_is_paid()
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync("unpaid", c => c with { PaymentDeadline = InWorld.Start.AddHours(200) });
        await world.PaidAsync("future", change: c => c with { ServiceStart = InWorld.Start.AddHours(100) });
        await world.AdvanceAsync(TimeSpan.FromHours(99));
        Assert.Empty((await world.Releases.ListAsync(null, null, new PageRequest(), Token)).Items);
        await world.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Equal("future", Assert.Single((await world.Releases.ListAsync(null, null, new PageRequest(), Token)).Items).ContractId);
    }

    [Fact]
    public async Task Two_hosts_at_once_release_a_slot_once()
    {
        await using var world = await InWorld.CreateAsync();
        for (var i = 0; i < 5; i++)
        {
            await world.PaidAsync($"c-{i}");
        }

        world.Clock.Advance(TimeSpan.FromHours(1));
        var work = world.Work("releases");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => work.RunDueAsync(Token), Token)));
        await world.SettleAsync();
        Assert.Equal(5, (await world.Releases.ListAsync(null, null, new PageRequest(), Token)).Items.Count);
        Assert.Empty(world.Log.Errors);
        await world.AssertSoundAsync();
    }

    [Fact]
    public async Task A_broken_contract_does_not_stop_the_others()
    {
        await using var world = await InWorld.CreateAsync();
        await world.PaidAsync("broken");
        await world.PaidAsync("sound");
        await using (var connection = await world.App.OpenConnectionAsync(Token))
        {
            // A currency that this installation has not.
            await connection.ExecuteAsync("update payments.contracts set currency = 'XXX' where id = 'broken'");
        }

        world.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await world.Work("releases").RunDueAsync(Token));
        Assert.Equal("sound", Assert.Single((await world.Releases.ListAsync(null, null, new PageRequest(), Token)).Items).ContractId);
        Assert.Contains(world.Log.Errors, e => e.Contains("broken", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Walked_and_cancelled_at_any_moment_the_parts_sum_to_what_was_paid()
    {
        await using var world = await InWorld.CreateAsync();
        var random = new Random(20270301);
        for (var i = 0; i < Decent.Testing.Deep.Count(6); i++)
        {
            var id = $"c-{i}";
            var cents = random.Next(1, 5_000_000);
            var start = world.Clock.GetUtcNow();
            await world.PaidAsync(id, change: c => c with
            {
                Amount = cents + "0000000",
                ServiceStart = start.AddSeconds(random.Next(-5000, 5000)),
                ServiceEnd = start.AddSeconds(random.Next(20_000, 400_000)),
                PaymentDeadline = start.AddSeconds(10_000),
            });
            for (var step = 0; step < 4; step++)
            {
                await world.AdvanceAsync(TimeSpan.FromSeconds(random.Next(1, 4900)));
            }

            var contract = (await world.Contracts.CancelAsync(InWorld.Caller(), id, "any moment", Token)).Value;
            Int128[] parts = [.. new[] { contract.Released, contract.Refunded, contract.Dust }.Select(a => Int128.Parse(a.Amount))];
            Assert.All(parts, p => Assert.True(p >= 0));
            Assert.Equal(Int128.Parse(contract.Paid.Amount), parts[0] + parts[1] + parts[2]);
            Assert.True(parts[2] < 10_000_000);
        }

        await world.SettleAsync();
        await world.AssertSoundAsync();
    }
}
