using Decent.Canister.Client;
using Decent.Ledger;
using Decent.PriceOracle.Control;
using Decent.PriceOracle.Quotes;
using Decent.PriceOracle.Rounds;
using Decent.PriceOracle.Settings;
using Decent.PriceOracle.Sources;
using Decent.PriceOracle.Sources.IcpSwap;
using Decent.PriceOracle.Sources.KongSwap;
using Decent.PriceOracle.Sources.Taco;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Decent.PriceOracle;

/// <summary>Puts the oracle into a container.</summary>
public static class PriceOracleServices
{
    /// <summary>
    /// Registers <see cref="IPriceReader" />, <see cref="IPriceRefresh" />, <see cref="IPriceHistory" />,
    /// <see cref="IQuotes" />, <see cref="IPriceControl" /> and <see cref="PriceRefreshWork" />. Needs
    /// <see cref="NpgsqlDataSource" />, <see cref="IAgent" />, <see cref="TimeProvider" /> and logging from the host.
    /// </summary>
    /// <param name="services">The container.</param>
    /// <param name="configuration">Root of the configuration: sections <c>Assets</c> and <c>Oracle</c> are
    /// read.</param>
    /// <exception cref="SettingException">A setting is missing or wrong; the message names it.</exception>
    public static IServiceCollection AddPriceOracle(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        var settings = OracleSettingsReader.Read(configuration);
        services.AddSingleton(settings);
        services.AddSingleton(p => new OracleStore(p.GetRequiredService<NpgsqlDataSource>()));
        services.AddSingleton<IPoolPins>(p => new PoolPins(p.GetRequiredService<OracleStore>()));
        services.AddSingleton<ITokenFactsLog>(p => new TokenFactsLog(p.GetRequiredService<OracleStore>()));
        services.AddSingleton<ITokenFacts>(p => new TokenFacts(
            settings, p.GetRequiredService<IAgent>(), p.GetRequiredService<ITokenFactsLog>(),
            p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p =>
            new Sampler(settings, p.GetRequiredService<ITokenFacts>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => Sources(settings, p));
        services.AddSingleton(p => new PriceRounds(
            settings,
            p.GetRequiredService<IReadOnlyList<IPriceSource>>(),
            p.GetRequiredService<Sampler>(),
            p.GetRequiredService<OracleStore>(),
            p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<ILogger<PriceRounds>>()));
        services.AddSingleton<IPriceRefresh>(p => p.GetRequiredService<PriceRounds>());
        services.AddSingleton<IPriceReader>(p => new PriceReader(
            settings, p.GetRequiredService<OracleStore>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IPriceHistory>(p => new PriceHistory(
            p.GetRequiredService<IReadOnlyList<IPriceSource>>(), p.GetRequiredService<OracleStore>()));
        services.AddSingleton<IPriceControl>(p => new PriceControl(
            settings, p.GetRequiredService<OracleStore>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IQuotes>(p => new QuoteService(settings, p.GetRequiredService<IPriceReader>()));
        services.AddSingleton(p => new PriceRefreshWork(
            settings, p.GetRequiredService<PriceRounds>(), p.GetRequiredService<OracleStore>(),
            p.GetRequiredService<TimeProvider>()));
        return services;
    }

    /// <summary>One source per pool on any route; routes share them.</summary>
    private static IReadOnlyList<IPriceSource> Sources(OracleSettings settings, IServiceProvider services) =>
    [
        .. settings.Feeds
            .SelectMany(f => f.Routes)
            .SelectMany(r => r.Path.Zip(r.Path.Skip(1), (b, q) => (r.Venue, Base: b, Quote: q)))
            .Distinct()
            .Select(s => Source(settings, s.Venue, s.Base, s.Quote, services))
            .OrderBy(s => s.Id, StringComparer.Ordinal),
    ];

    private static IPriceSource Source(
        OracleSettings settings, string venue, Asset baseAsset, Asset quoteAsset, IServiceProvider services)
    {
        var time = services.GetRequiredService<TimeProvider>();
        return venue switch
        {
            Venues.IcpSwap => new IcpSwapPoolSource(
                settings.IcpSwap!, settings.RegistryEvery, baseAsset, quoteAsset, services.GetRequiredService<IAgent>(),
                services.GetRequiredService<IPoolPins>(), time),
            Venues.Taco =>
                new TacoPoolSource(settings.Taco!, baseAsset, quoteAsset, services.GetRequiredService<IAgent>(), time),
            Venues.KongSwap => new KongPoolSource(settings.Kong!, baseAsset, quoteAsset, time),
            _ => throw new InvalidOperationException($"No source is written for venue '{venue}'."),
        };
    }
}
