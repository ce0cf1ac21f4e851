using Decent.Canister.Client;
using Decent.Ledger;
using Decent.Payments.Collections;
using Decent.Payments.Commands;
using Decent.Payments.Contracts;
using Decent.Payments.Facts;
using Decent.Payments.Inbox;
using Decent.Payments.Providers;
using Decent.Payments.Providers.ICPay;
using Decent.Payments.Providers.Stripe;
using Decent.Payments.Refunds;
using Decent.Payments.Releases;
using Decent.Payments.Transfers;
using Decent.Postgres;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Decent.Payments;

public static partial class PaymentsModule
{
    // A rail that has not answered by then may still have acted; the attempt stays open and is asked for later.
    private static readonly TimeSpan RailTimeout = TimeSpan.FromSeconds(20);

    /// <summary>
    /// What comes in. Needs <see cref="IAgent" />, <see cref="AssetRegistry" />, the books, a data source and a clock
    /// from the host.
    /// </summary>
    static partial void AddIn(IServiceCollection services, IConfiguration configuration)
    {
        DapperSetup.Register();
        services.TryAddSingleton<Ids>();
        services.TryAddSingleton<IFaultProbe, NoFaults>();
        services.TryAddSingleton<ICommands, CommandRunner>();
        AddInServices(services, PaymentsSettings.Options(configuration));
        if (PaymentsSettings.ICPay(configuration) is { } icpay)
        {
            AddICPay(services, icpay);
        }

        if (PaymentsSettings.Stripe(configuration) is { } stripe)
        {
            AddStripe(services, stripe);
        }
    }

    /// <summary>Services and jobs without rails and foundations.</summary>
    internal static void AddInServices(IServiceCollection services, PaymentsOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<Rails>();
        services.AddSingleton<Accrual>();
        services.AddSingleton<ContractEndings>();
        services.AddSingleton<IContracts, ContractDesk>();
        services.AddSingleton<CollectionStarts>();
        services.AddSingleton<ICollections, CollectionDesk>();
        services.AddSingleton<Settlements>();
        services.AddSingleton<RailSweep>();
        services.AddSingleton<RefundOutcomes>();
        services.AddSingleton<ITransferOwner, RefundTransferOwner>();
        services.AddSingleton<IRefunds, RefundDesk>();
        services.AddSingleton<IReleases, ReleaseDesk>();
        services.AddSingleton<IWebhookInbox, WebhookInbox>();
        services.AddSingleton<IDueWork, InboxWork>();
        services.AddSingleton<IDueWork, CollectionWork>();
        services.AddSingleton<IDueWork, DeadlineWork>();
        services.AddSingleton<IDueWork, ReleaseWork>();
        services.AddSingleton<IDueWork, RefundWork>();
    }

    private static void AddICPay(IServiceCollection services, ICPaySettings settings)
    {
        var facts = new ICPayFacts(settings.AccountCanisterId);
        services.AddHttpClient(ICPayProvider.HttpClientName, c => c.Timeout = RailTimeout);
        services.AddSingleton<IFactTranslator>(facts);
        services.AddSingleton<IWebhookVerifier>(new ICPayVerifier(settings.WebhookSecrets));
        services.AddSingleton(provider => new ICPayProvider(
            provider.GetRequiredService<IHttpClientFactory>(),
            settings,
            facts,
            provider.GetRequiredService<IAgent>().Sender.ToText(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IPaymentProvider>(provider => provider.GetRequiredService<ICPayProvider>());
        services.AddSingleton<IFactSource>(provider => provider.GetRequiredService<ICPayProvider>());
    }

    private static void AddStripe(IServiceCollection services, StripeSettings settings)
    {
        services.AddHttpClient(StripeProvider.HttpClientName, c => c.Timeout = RailTimeout);
        services.AddSingleton<IFactTranslator>(new StripeFacts(settings.Livemode));
        services.AddSingleton<IWebhookVerifier>(new StripeVerifier(settings.WebhookSecrets));
        services.AddSingleton<IPaymentProvider>(provider => new StripeProvider(
            provider.GetRequiredService<IHttpClientFactory>(),
            settings,
            provider.GetRequiredService<AssetRegistry>(),
            provider.GetRequiredService<TimeProvider>()));
    }
}
