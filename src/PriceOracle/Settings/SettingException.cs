namespace Decent.PriceOracle.Settings;

/// <summary>A setting is missing or wrong. The host must not start; the message names the setting.</summary>
public sealed class SettingException(string setting, string why)
    : InvalidOperationException($"Setting '{setting}' {why}")
{
    /// <summary>Full name of the setting, such as <c>Oracle:Taco:Canister</c>.</summary>
    public string Setting { get; } = setting;
}
