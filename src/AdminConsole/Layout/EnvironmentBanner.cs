namespace Decent.AdminConsole.Layout;

/// <summary>What the console says about where it runs; null in production.</summary>
/// <param name="Text">Such as "Sandbox: no real money".</param>
public sealed record EnvironmentBanner(string? Text);
