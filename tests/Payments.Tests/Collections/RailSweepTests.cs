using Decent.Payments.Facts;
using Decent.Payments.Providers;
using Decent.Payments.Tests.In;

namespace Decent.Payments.Tests.Collections;

public sealed class RailSweepTests
{
    private static CancellationToken Token => InWorld.Token;

    [Fact]
    public async Task Money_nobody_told_us_about_is_seen_in_the_rails_list_once()
    {
        var source = new ListedRail();
        await using var world = await InWorld.CreateAsync(source);
        await world.SettleAsync();
        Assert.Equal(InWorld.Start.AddHours(1), await world.Work("collections").NextDueAsync(Token));
        source.Facts.Add(new ProviderFact("icpay", FactKind.PaymentCaptured, "intent-x", InWorld.Start.AddMinutes(5))
        {
            PaymentKey = "intent-x",
            Units = 123,
            Unit = InWorld.Icp.LedgerCanister!.ToText(),
        });
        for (var hour = 0; hour < 3; hour++)
        {
            await world.AdvanceAsync(TimeSpan.FromHours(1));
        }

        Assert.Equal("123", await world.BalanceAsync("suspense/icpay", InWorld.Icp));
        Assert.Equal(["payment_unknown"], await world.OpenFindingsAsync());

        // Windows overlap by an hour and leave no gap.
        Assert.Equal(4, source.Windows.Count);
        foreach (var (earlier, later) in source.Windows.Zip(source.Windows.Skip(1)))
        {
            Assert.Equal(earlier.To.AddHours(-1), later.From);
        }
    }

    [Fact]
    public async Task While_the_rail_does_not_answer_the_window_grows()
    {
        var source = new ListedRail();
        await using var world = await InWorld.CreateAsync(source);
        await world.SettleAsync();
        source.Answers = false;
        await world.AdvanceAsync(TimeSpan.FromHours(1));
        await world.AdvanceAsync(TimeSpan.FromMinutes(10));
        source.Answers = true;
        await world.AdvanceAsync(TimeSpan.FromMinutes(10));
        Assert.Equal((InWorld.Start.AddHours(-1), InWorld.Start.AddMinutes(80)), source.Windows[^1]);
        Assert.Equal(InWorld.Start.AddHours(2), await world.Work("collections").NextDueAsync(Token));
    }

    private sealed class ListedRail : IFactSource
    {
        public List<ProviderFact> Facts { get; } = [];

        public List<(DateTimeOffset From, DateTimeOffset To)> Windows { get; } = [];

        public bool Answers { get; set; } = true;

        public string ProviderId => "icpay";

        public Task<ProviderReading> SweepAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
        {
            Windows.Add((from, to));
            return Task.FromResult<ProviderReading>(Answers
                ? new ProviderReading.Found(new Translation(Facts, []))
                : new ProviderReading.Unavailable("down"));
        }
    }
}
