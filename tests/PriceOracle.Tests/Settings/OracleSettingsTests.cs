using Decent.PriceOracle.Aggregation;
using Decent.PriceOracle.Settings;

namespace Decent.PriceOracle.Tests.Settings;

public sealed class OracleSettingsTests
{
    [Theory]
    [InlineData("Oracle:StableLegs:0:UsdE18", null, "Oracle:StableLegs:0:UsdE18")]
    [InlineData("Oracle:StableLegs:0:UsdE18", "0", "Oracle:StableLegs:0:UsdE18")]
    [InlineData("Oracle:StableLegs:0:UsdE18", "1.0", "Oracle:StableLegs:0:UsdE18")]
    [InlineData("Oracle:StableLegs:0:UsdE18", "1000000", "Oracle:StableLegs:0:UsdE18")]
    [InlineData("Oracle:StableLegs:0:Asset", "ICP", "Oracle:StableLegs")]
    [InlineData("Oracle:StableLegs:0:Asset", "EURC", "Oracle:StableLegs:0:Asset")]
    [InlineData("Oracle:IcpSwap:Factory", null, "Oracle:IcpSwap:Factory")]
    [InlineData("Oracle:IcpSwap:Factory", "4mmnk-kiaaa-aaaag-qbllq-caj", "Oracle:IcpSwap:Factory")]
    [InlineData("Oracle:Taco:Canister", " ", "Oracle:Taco:Canister")]
    [InlineData("Oracle:Feeds:0:Routes:0", "kongswap:DCT>ckUSDT", "Oracle:Kong:SunsetAt")]
    [InlineData("Oracle:Feeds:0:Routes:0", "uniswap:DCT>ckUSDT", "Oracle:Feeds:0:Routes:0")]
    [InlineData("Oracle:Feeds:0:Routes:0", "icpswap:DCT>ICP", "Oracle:StableLegs")]
    [InlineData("Oracle:Feeds:0:Routes:0", "icpswap:DCT>BTC>ckUSDT", "Oracle:Feeds:0:Routes:0")]
    [InlineData("Oracle:Feeds:0:Routes:0", "icpswap:ICP>ckUSDT", "Oracle:Feeds:0:Routes:0")]
    [InlineData("Oracle:Feeds:0:Routes:0", "taco:DCT>ckUSDT", "Oracle:Feeds:0:Routes")]
    [InlineData("Oracle:Feeds:1:Asset", "DCT", "Oracle:Feeds:1:Routes:0")]
    [InlineData("Oracle:MaxAge", "fifteen minutes", "Oracle:MaxAge")]
    [InlineData("Oracle:MaxAge", "5.00:00:00", "Oracle:HaltAfter")]
    [InlineData("Oracle:RoundEvery", "00:00:00", "Oracle:RoundEvery")]
    [InlineData("Oracle:AgreementBps", "5 %", "Oracle:AgreementBps")]
    [InlineData("Oracle:AgreementBps", "10001", "Oracle:AgreementBps")]
    [InlineData("Oracle:ConfirmRounds", "0", "Oracle:ConfirmRounds")]
    [InlineData("Oracle:AllowSingleVenue", "maybe", "Oracle:AllowSingleVenue")]
    [InlineData("Assets:1:Decimals", null, "Assets:1:Decimals")]
    [InlineData("Assets:1:Decimals", "19", "Assets:1:Decimals")]
    [InlineData("Assets:1:FeeUnits", "-1", "Assets:1:FeeUnits")]
    [InlineData("Assets:1:Profile", "erc20", "Assets:1:Profile")]
    [InlineData("Assets:1:Ledger", null, "Assets:1:Ledger")]
    [InlineData("Assets:2:Code", "DCT", "Assets:2:Code")]
    public void A_missing_or_wrong_setting_is_named(string key, string? value, string named)
    {
        var e = Assert.Throws<SettingException>(() => Oracle.Settings((key, value)));
        Assert.Equal(named, e.Setting);
        Assert.Contains(named, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_feeds_there_is_no_oracle()
    {
        var e = Assert.Throws<SettingException>(() => OracleSettingsReader.Read(
            new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build()));
        Assert.Equal("Oracle:Feeds", e.Setting);
    }

    [Fact]
    public void A_declared_asset_gets_a_feed_and_routes_share_their_pools()
    {
        var settings = Oracle.Settings();
        Assert.Equal(["DCT", "ICP", "ckUSDT"], settings.Feeds.Select(f => f.Asset.Code));
        Assert.Empty(settings.Feeds[2].Routes);
        Assert.Equal(["icpswap:DCT/ICP", "icpswap:ICP/ckUSDT"], settings.Feeds[0].Routes[0].SourceIds);
        Assert.False(settings.Limits.AllowSingleVenue);
        Assert.Equal("DC", settings.Tokens["DCT"].Symbol);
        Assert.Equal("ICP", settings.Tokens["ICP"].Symbol);
        Assert.Null(settings.Kong);
    }

    [Fact]
    public void What_is_not_said_is_as_the_house_has_it()
    {
        var settings =
            Oracle.Settings(("Oracle:Window", null), ("Oracle:ConfirmRounds", null), ("Oracle:GraceRounds", null));
        Assert.Equal(new AggregationLimits { AllowSingleVenue = false }, settings.Limits);
        Assert.Equal(TimeSpan.FromMinutes(30), settings.Window);
        Assert.Equal(5_000_000_000, settings.Gate.MinTvlUsdE6);
    }
}
