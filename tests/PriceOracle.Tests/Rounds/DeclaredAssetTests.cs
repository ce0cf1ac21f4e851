using Decent.PriceOracle.Aggregation;

namespace Decent.PriceOracle.Tests.Rounds;

public sealed class DeclaredAssetTests(PricesDatabase fixture) : OracleTests(fixture)
{
    [Fact]
    public async Task A_declared_asset_is_worth_what_was_declared_and_says_so()
    {
        await using var oracle = Oracle(("Oracle:StableLegs:0:UsdE18", "998000000000000000"));
        await oracle.Refresh.RefreshAsync(Ct);
        var reading = await oracle.Reader.CurrentAsync(Known.Usdt, Ct);
        Assert.Equal(Known.Big("998000000000000000"), reading.PriceE18);
        Assert.Contains(ReasonCodes.PegUnknown, reading.Flags);
        Assert.True(reading.UsableForPayout);
        Assert.NotNull(reading.RoundId);

        // The same declaration is the end of every route.
        Assert.InRange(
            (await oracle.Reader.CurrentAsync(Known.Icp, Ct)).PriceE18!.Value,
            Known.Big("2494999999999999990"), Known.Big("2495000000000000010"));
    }

    [Fact]
    public async Task Venues_that_contradict_each_other_hold_a_declared_asset_too()
    {
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        Market.TacoPool(Known.Icp, Known.Usdt, Known.Big("2800000000000000000"));
        Time.Advance(TimeSpan.FromMinutes(5));
        await oracle.Refresh.RefreshAsync(Ct);
        var reading = await oracle.Reader.CurrentAsync(Known.Usdt, Ct);
        Assert.Equal(PriceState.Held, reading.State);
        Assert.False(reading.UsableForPayout);
        Assert.Equal("The venues disagree, so there is no price.", reading.ReasonInWords);
    }

    [Fact]
    public async Task One_venue_alone_cannot_contradict_a_declaration()
    {
        Market.Ic.Rejects(FakeMarket.Taco, "getAllAMMPools", "stopped");
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        Assert.True((await oracle.Reader.CurrentAsync(Known.Usdt, Ct)).UsableForPayout);
    }

    [Fact]
    public async Task What_was_not_declared_has_no_price()
    {
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        var other = Ledger.Asset.Token("ckUSDC", 6, Candid.Principal.FromText("xevnm-gaaaa-aaaar-qafnq-cai"));
        Assert.Null((await oracle.Reader.CurrentAsync(other, Ct)).PriceE18);
    }
}
