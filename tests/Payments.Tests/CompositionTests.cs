using Decent.Candid;
using Decent.Canister.Client;
using Decent.Ledger;
using Decent.Payments.Collections;
using Decent.Payments.Commands;
using Decent.Payments.Contracts;
using Decent.Payments.Inbox;
using Decent.Payments.Providers;
using Decent.Payments.Refunds;
using Decent.Payments.Releases;
using Decent.Payments.Transfers;
using Decent.PriceOracle;
using Decent.PriceOracle.Quotes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Moq;
using Npgsql;

namespace Decent.Payments.Tests;

public sealed class CompositionTests : IDisposable
{
    private readonly string _secret = Path.GetTempFileName();

    [Fact]
    public async Task The_module_registers_every_service_both_rails_and_every_job_once()
    {
        await File.WriteAllTextAsync(_secret, "secret", TestContext.Current.CancellationToken);
        await using var services = Services().BuildServiceProvider(
            new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        Assert.NotNull(services.GetRequiredService<IContracts>());
        Assert.NotNull(services.GetRequiredService<ICollections>());
        Assert.NotNull(services.GetRequiredService<IWebhookInbox>());
        Assert.NotNull(services.GetRequiredService<IRefunds>());
        Assert.NotNull(services.GetRequiredService<IReleases>());
        Assert.Equal(["icpay", "stripe"], services.GetServices<IPaymentProvider>().Select(p => p.Id).Order());
        Assert.Equal(["icpay", "stripe"], services.GetServices<IWebhookVerifier>().Select(p => p.ProviderId).Order());
        Assert.Contains("refund", services.GetServices<ITransferOwner>().Select(o => o.Kind));
        var jobs = services.GetServices<IDueWork>().Select(w => w.Name).ToList();
        Assert.Equal(jobs.Distinct(), jobs);
        Assert.Superset(
            new HashSet<string> { "inbox", "collections", "payment-deadlines", "releases", "refunds" }, jobs.ToHashSet());
    }

    public void Dispose() => File.Delete(_secret);

    private ServiceCollection Services()
    {
        var agent = new Mock<IAgent>(MockBehavior.Strict);
        agent.Setup(a => a.Sender).Returns(Principal.SelfAuthenticating("us"u8));
        var services = new ServiceCollection();
        services.AddSingleton(agent.Object);
        services.AddSingleton(NpgsqlDataSource.Create("Host=nowhere.invalid"));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new AssetRegistry(
            [Asset.Fiat("USD"), Asset.Token("ICP", 8, Principal.FromText("ryjl3-tyaaa-aaaaa-aaaba-cai"))]));
        services.AddSingleton(Mock.Of<IPriceReader>());
        services.AddSingleton(Mock.Of<IQuotes>());
        services.AddLogging();
        services.AddLedger();
        services.AddPayments(new ConfigurationBuilder().AddInMemoryCollection(Settings()).Build());
        return services;
    }

    private Dictionary<string, string?> Settings() => new()
    {
        ["Assets:0:Code"] = "USD",
        ["Assets:0:Kind"] = "fiat",
        ["Assets:1:Code"] = "ICP",
        ["Assets:1:Kind"] = "token",
        ["Assets:1:Ledger"] = "ryjl3-tyaaa-aaaaa-aaaba-cai",
        ["Assets:1:Decimals"] = "8",
        ["Assets:1:FeeUnits"] = "10000",
        ["Assets:1:Profile"] = "icp",
        ["Payments:PayoutsEnabled"] = "true",
        ["Payments:MinimumPayoutUnits"] = "1",
        ["Payments:TwoPersonAboveUnits"] = "0",
        ["Payments:PlatformFeeBps"] = "250",
        ["Payments:ReleaseSlot"] = "01:00:00",
        ["Payments:ReleaseHold"] = "00:00:00",
        ["Providers:Stripe:Enabled"] = "true",
        ["Providers:Stripe:ApiBase"] = "https://stripe.example",
        ["Providers:Stripe:SecretKeyFile"] = _secret,
        ["Providers:Stripe:WebhookSecretFiles:0"] = _secret,
        ["Providers:Stripe:SuccessUrl"] = "https://x.example/ok",
        ["Providers:Stripe:CancelUrl"] = "https://x.example/no",
        ["Providers:ICPay:Enabled"] = "true",
        ["Providers:ICPay:BaseUrl"] = "https://icpay.example",
        ["Providers:ICPay:SecretKeyFile"] = _secret,
        ["Providers:ICPay:PublishableKeyFile"] = _secret,
        ["Providers:ICPay:WebhookSecretFiles:0"] = _secret,
        ["Providers:ICPay:AccountCanisterId"] = "42",
    };
}
