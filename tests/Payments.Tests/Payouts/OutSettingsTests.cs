using Microsoft.Extensions.Configuration;

namespace Decent.Payments.Tests.Payouts;

public sealed class OutSettingsTests
{
    [Theory]
    [InlineData("Payments:PayoutsEnabled", "perhaps")]
    [InlineData("Payments:MinimumPayoutUnits", null)]
    [InlineData("Payments:MinimumPayoutUnits", "1.5")]
    [InlineData("Payments:MinimumPayoutUnits", "-1")]
    [InlineData("Providers:ICPay:CollectingPrincipal", "nobody")]
    [InlineData("Assets:1:Profile", "icp-like")]
    [InlineData("Assets:1:FeeUnits", "")]
    [InlineData("Assets:1:Code", null)]
    public void A_missing_or_unreadable_setting_refuses_to_start_and_names_itself(string key, string? value)
    {
        var settings = Good();
        settings[key] = value;
        var refused = Assert.Throws<InvalidOperationException>(() => Read(settings));
        Assert.Contains(key, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Payouts_are_off_unless_they_are_switched_on()
    {
        var settings = Good();
        settings.Remove("Payments:PayoutsEnabled");
        settings.Remove("Payments:MinimumPayoutUnits");
        var read = Read(settings);
        Assert.False(read.Payouts.Enabled);
        Assert.False(read.Transfers.PayoutsEnabled);
        Assert.True(Read(Good()).Payouts.Enabled);
        Assert.Equal("DCT", Assert.Single(read.Tokens).Code);
    }

    private static Dictionary<string, string?> Good() => new(StringComparer.Ordinal)
    {
        ["Payments:PayoutsEnabled"] = "true",
        ["Payments:MinimumPayoutUnits"] = "1000000000",
        ["Providers:ICPay:CollectingPrincipal"] = "ryjl3-tyaaa-aaaaa-aaaba-cai",
        ["Assets:0:Code"] = "USD",
        ["Assets:0:Kind"] = "Fiat",
        ["Assets:1:Code"] = "DCT",
        ["Assets:1:Kind"] = "Token",
        ["Assets:1:FeeUnits"] = "1000000",
        ["Assets:1:Profile"] = "platform",
    };

    private static OutOptions Read(Dictionary<string, string?> settings) =>
        OutOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
}
