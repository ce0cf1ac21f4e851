using Decent.Payments.Commands;
using Decent.Payments.Payouts;
using Decent.Testing;

namespace Decent.Payments.Tests.Transfers;

/// <summary>Several hosts work on one database at the same time.</summary>
public sealed class TwoHostsTests(PayoutDatabase fixture) : IClassFixture<PayoutDatabase>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hosts_side_by_side_pay_every_payout_exactly_once()
    {
        var world = await fixture.WorldAsync();
        world.Options = world.Options with { Lanes = 3 };
        await using var first = world.Host();
        await using var second = world.Host();
        await world.FundAsync(first, world.Icp, 10_000_000_000_000_000);
        var payouts = new List<Guid>();
        for (var i = 0; i < Deep.Count(12); i++)
        {
            payouts.Add(await world.PayoutAsync(first, world.Icp));
        }

        for (var round = 0; round < 10; round++)
        {
            await Task.WhenAll(
                first.Work("payouts").RunDueAsync(Ct),
                second.Work("payouts").RunDueAsync(Ct),
                first.Work("transfers").RunDueAsync(Ct),
                second.Work("transfers").RunDueAsync(Ct),
                first.Work("deposits").RunDueAsync(Ct),
                second.Work("deposits").RunDueAsync(Ct));
            world.Advance(TimeSpan.FromSeconds(10));
        }

        await world.SettleAsync(first, payouts);
        await world.AssertSoundAsync(first, payouts);
        Assert.Equal(payouts.Count, world.Agent.Sent.Select(static s => s.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_lease_that_runs_out_while_its_worker_still_works_pays_nobody_twice()
    {
        var world = await fixture.WorldAsync();
        world.Options = world.Options with { Lanes = 2, Lease = TimeSpan.Zero };
        await using var first = world.Host();
        await using var second = world.Host();
        await world.FundAsync(first, world.Dct, 10_000_000_000_000_000);
        var payouts = new List<Guid>();
        for (var i = 0; i < Deep.Count(8); i++)
        {
            payouts.Add(await world.PayoutAsync(first, world.Dct));
        }

        await first.Work("payouts").RunDueAsync(Ct);
        for (var round = 0; round < 20; round++)
        {
            await Task.WhenAll(first.Work("transfers").RunDueAsync(Ct), second.Work("transfers").RunDueAsync(Ct));
            world.Advance(TimeSpan.FromSeconds(5));
        }

        await world.SettleAsync(first, payouts);
        await world.AssertSoundAsync(first, payouts);
    }

    [Fact]
    public async Task Two_drafts_at_once_never_share_a_release()
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var provider = await world.EarnAsync(host, world.Icp, 3_000_000_000);
        for (var i = 0; i < 5; i++)
        {
            await world.ReleaseAsync(host, provider, 2_000_000_000);
        }

        var drafts = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            try
            {
                return (await host.Payouts.CreateDraftAsync(
                    PayoutWorld.As(PayoutWorld.Alice), provider, "USD", "ICP", Ct)).Value;
            }
            catch (RefusedException e)
            {
                Assert.True(e.Code is "nothing_payable" or "releases_claimed" or "below_minimum", e.Code);
                return null;
            }
        }));

        var items = drafts.OfType<PayoutView>().SelectMany(static d => d.Items).Select(static i => i.ReleaseId).ToList();
        Assert.NotEmpty(items);
        Assert.Equal(items.Count, items.Distinct().Count());
    }
}
