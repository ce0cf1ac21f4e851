using Microsoft.Extensions.Configuration;

namespace Decent.Payments.Tests;

public sealed class SettingsTests : IDisposable
{
    private readonly string _secret = Path.GetTempFileName();
    private readonly string _empty = Path.GetTempFileName();

    public SettingsTests() => File.WriteAllText(_secret, "  a-secret\n");

    [Fact]
    public void Everything_set_is_read_and_secrets_come_from_their_files()
    {
        var settings = PaymentsSettings.Stripe(Read([]))!;
        Assert.Equal(("a-secret", "https://stripe.example/"), (settings.SecretKey, settings.ApiBase.ToString()));
        Assert.Equal(["a-secret", "a-secret"], settings.WebhookSecrets);
        Assert.Equal("42", PaymentsSettings.ICPay(Read([]))!.AccountCanisterId);
        Assert.Equal(TimeSpan.FromHours(1), PaymentsSettings.Options(Read([])).ReleaseSlot);
    }

    [Theory]
    [InlineData("Payments:PlatformFeeBps", null)]
    [InlineData("Payments:PlatformFeeBps", "2.5")]
    [InlineData("Payments:PlatformFeeBps", "10001")]
    [InlineData("Payments:ReleaseSlot", null)]
    [InlineData("Payments:ReleaseSlot", "00:00:00.5")]
    [InlineData("Payments:ReleaseSlot", "soon")]
    [InlineData("Payments:ReleaseHold", "-1")]
    [InlineData("Payments:SweepEvery", "00:00:01")]
    [InlineData("Providers:Stripe:Enabled", "yes")]
    [InlineData("Providers:Stripe:ApiBase", null)]
    [InlineData("Providers:Stripe:ApiBase", "ftp://x")]
    [InlineData("Providers:Stripe:SecretKeyFile", null)]
    [InlineData("Providers:Stripe:SecretKeyFile", "/no/such/file")]
    [InlineData("Providers:Stripe:SecretKeyFile", "EMPTY")]
    [InlineData("Providers:Stripe:WebhookSecretFiles:1", "/no/such/file")]
    [InlineData("Providers:Stripe:SuccessUrl", "")]
    [InlineData("Providers:ICPay:BaseUrl", null)]
    [InlineData("Providers:ICPay:PublishableKeyFile", null)]
    [InlineData("Providers:ICPay:AccountCanisterId", null)]
    public void A_missing_or_wrong_setting_of_an_enabled_thing_names_itself(string name, string? value)
    {
        var configuration = Read(new() { [name] = value == "EMPTY" ? _empty : value });
        var fault = Assert.Throws<InvalidOperationException>(() =>
        {
            PaymentsSettings.Options(configuration);
            PaymentsSettings.Stripe(configuration);
            PaymentsSettings.ICPay(configuration);
        });
        Assert.Contains($"'{name}'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rail_without_any_webhook_secret_does_not_start()
    {
        var configuration = Read(new()
        {
            ["Providers:Stripe:WebhookSecretFiles:0"] = null,
            ["Providers:Stripe:WebhookSecretFiles:1"] = null,
        });
        Assert.Contains(
            "WebhookSecretFiles",
            Assert.Throws<InvalidOperationException>(() => PaymentsSettings.Stripe(configuration)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_rail_that_is_not_enabled_needs_nothing()
    {
        var empty = new ConfigurationBuilder().Build();
        Assert.Null(PaymentsSettings.Stripe(empty));
        Assert.Null(PaymentsSettings.ICPay(empty));
    }

    [Theory]
    [InlineData("sk_live_x", true)]
    [InlineData("rk_test_x", false)]
    [InlineData("x", null)]
    public void A_key_says_whether_it_is_for_real_money(string key, bool? live) => Assert.Equal(
        live,
        new Payments.Providers.Stripe.StripeSettings(new Uri("https://x.example"), key, [], "", "").Livemode);

    public void Dispose()
    {
        File.Delete(_secret);
        File.Delete(_empty);
    }

    private IConfiguration Read(Dictionary<string, string?> changes)
    {
        var all = new Dictionary<string, string?>
        {
            ["Payments:PlatformFeeBps"] = "250",
            ["Payments:ReleaseSlot"] = "01:00:00",
            ["Payments:ReleaseHold"] = "1.00:00:00",
            ["Providers:Stripe:Enabled"] = "true",
            ["Providers:Stripe:ApiBase"] = "https://stripe.example",
            ["Providers:Stripe:SecretKeyFile"] = _secret,
            ["Providers:Stripe:WebhookSecretFiles:0"] = _secret,
            ["Providers:Stripe:WebhookSecretFiles:1"] = _secret,
            ["Providers:Stripe:SuccessUrl"] = "https://x.example/ok",
            ["Providers:Stripe:CancelUrl"] = "https://x.example/no",
            ["Providers:ICPay:Enabled"] = "true",
            ["Providers:ICPay:BaseUrl"] = "https://icpay.example",
            ["Providers:ICPay:SecretKeyFile"] = _secret,
            ["Providers:ICPay:PublishableKeyFile"] = _secret,
            ["Providers:ICPay:WebhookSecretFiles:0"] = _secret,
            ["Providers:ICPay:AccountCanisterId"] = "42",
        };
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                all.Remove(name);
            }
            else
            {
                all[name] = value;
            }
        }

        return new ConfigurationBuilder().AddInMemoryCollection(all).Build();
    }
}
