using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Decent.Payments;

/// <summary>Registers the payments module.</summary>
public static partial class PaymentsModule
{
    /// <summary>Adds contracts, collections, releases, refunds, payouts, transfers and reconciliation.</summary>
    /// <param name="services">Where to add.</param>
    /// <param name="configuration">The host's configuration; sections <c>Payments</c> and <c>Providers</c> are
    /// read.</param>
    public static IServiceCollection AddPayments(this IServiceCollection services, IConfiguration configuration)
    {
        AddIn(services, configuration);
        AddOut(services, configuration);
        return services;
    }

    static partial void AddIn(IServiceCollection services, IConfiguration configuration);

    static partial void AddOut(IServiceCollection services, IConfiguration configuration);
}
