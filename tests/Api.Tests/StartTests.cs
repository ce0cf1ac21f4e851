using Decent.Api.Composition;

namespace Decent.Api.Tests;

/// <summary>A host without what it needs does not start, and says which setting is at fault.</summary>
[Collection(nameof(RunningHost))]
public sealed class StartTests(RunningHost host)
{
    [Theory]
    [InlineData("ConnectionStrings:Decent")]
    [InlineData("InternetComputer:Endpoint")]
    [InlineData("InternetComputer:IdentityPemFile")]
    [InlineData("Payments:PayoutsEnabled")]
    [InlineData("Payments:PlatformFeeBps")]
    [InlineData("Payments:ReleaseSlot")]
    [InlineData("Assets:1:Ledger")]
    [InlineData("Assets:1:Decimals")]
    public void A_missing_setting_is_named(string setting)
    {
        var settings = host.Settings(host.Database);
        settings.Remove(setting);

        var refusal = Assert.Throws<StartRefusedException>(() => ApiHost.Build(RunningHost.Arguments(settings)));

        Assert.Contains(setting, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Providers:Stripe:Enabled", "true", "Providers:Stripe")]
    [InlineData("Providers:ICPay:Enabled", "true", "Providers:ICPay")]
    [InlineData("Providers:Stripe:Enabled", "perhaps", "Providers:Stripe:Enabled")]
    [InlineData("Payments:PlatformFeeBps", "many", "Payments:PlatformFeeBps")]
    [InlineData("Assets:1:Decimals", "six", "Assets:1:Decimals")]
    [InlineData("InternetComputer:Endpoint", "nowhere", "InternetComputer:Endpoint")]
    [InlineData("Payments:PayoutsEnabled", "true", "Payments:PayoutsEnabled")]
    [InlineData("environment", "Prodution", "ASPNETCORE_ENVIRONMENT")]
    [InlineData("environment", "Sandbox", "ASPNETCORE_ENVIRONMENT")]
    public void A_wrong_setting_is_named(string setting, string value, string named)
    {
        var settings = host.Settings(host.Database);
        settings[setting] = value;

        var refusal = Assert.Throws<StartRefusedException>(() => ApiHost.Build(RunningHost.Arguments(settings)));

        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }
}
