using Decent.Canister.Client;
using Decent.PriceOracle.Control;
using Decent.PriceOracle.Settings;
using Decent.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Decent.PriceOracle.Tests;

/// <summary>The whole oracle over a fake market and a real database, as a host would compose it.</summary>
internal sealed class Oracle : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public Oracle(NpgsqlDataSource database, IAgent agent, FakeTimeProvider time,
        params (string Key, string? Value)[] change)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(database);
        services.AddSingleton(agent);
        services.AddSingleton<TimeProvider>(time);
        services.AddPriceOracle(Configuration(change));
        _services = services.BuildServiceProvider();
    }

    public IPriceReader Reader => Get<IPriceReader>();

    public IPriceRefresh Refresh => Get<IPriceRefresh>();

    public IPriceHistory History => Get<IPriceHistory>();

    public IPriceControl Control => Get<IPriceControl>();

    public PriceRefreshWork Work => Get<PriceRefreshWork>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Two venues, decided from the last sample at once: the shape of a sandbox.</summary>
    public static IConfiguration Configuration(params (string Key, string? Value)[] change)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Assets:0:Code"] = "USD",
            ["Assets:0:Kind"] = "Fiat",
            ["Assets:1:Code"] = "DCT",
            ["Assets:1:Kind"] = "Token",
            ["Assets:1:Ledger"] = Known.DctLedger,
            ["Assets:1:Decimals"] = "9",
            ["Assets:1:FeeUnits"] = "1000000",
            ["Assets:1:Profile"] = "platform",
            ["Assets:1:Symbol"] = "DC",
            ["Assets:2:Code"] = "ICP",
            ["Assets:2:Kind"] = "Token",
            ["Assets:2:Ledger"] = Known.IcpLedger,
            ["Assets:2:Decimals"] = "8",
            ["Assets:2:FeeUnits"] = "10000",
            ["Assets:2:Profile"] = "icp",
            ["Assets:3:Code"] = "ckUSDT",
            ["Assets:3:Kind"] = "Token",
            ["Assets:3:Ledger"] = Known.UsdtLedger,
            ["Assets:3:Decimals"] = "6",
            ["Assets:3:FeeUnits"] = "10000",
            ["Assets:3:Profile"] = "icrc",
            ["Oracle:RoundEvery"] = "00:05:00",
            ["Oracle:MaxAge"] = "00:15:00",
            ["Oracle:Window"] = "00:00:00",
            ["Oracle:ConfirmRounds"] = "1",
            ["Oracle:GraceRounds"] = "0",
            ["Oracle:Feeds:0:Asset"] = "DCT",
            ["Oracle:Feeds:0:Routes:0"] = "icpswap:DCT>ICP>ckUSDT",
            ["Oracle:Feeds:0:Routes:1"] = "taco:DCT>ckUSDT",
            ["Oracle:Feeds:1:Asset"] = "ICP",
            ["Oracle:Feeds:1:Routes:0"] = "icpswap:ICP>ckUSDT",
            ["Oracle:Feeds:1:Routes:1"] = "taco:ICP>ckUSDT",
            ["Oracle:IcpSwap:Factory"] = FakeMarket.Factory,
            ["Oracle:Taco:Canister"] = FakeMarket.Taco,
            ["Oracle:StableLegs:0:Asset"] = "ckUSDT",
            ["Oracle:StableLegs:0:UsdE18"] = "1000000000000000000",
        };
        foreach (var (key, value) in change)
        {
            settings[key] = value;
        }

        return new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
    }

    public static OracleSettings Settings(params (string Key, string? Value)[] change) =>
        OracleSettingsReader.Read(Configuration(change));

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

/// <summary>What every class of store tests starts from.</summary>
public abstract class OracleTests(PricesDatabase fixture) : IClassFixture<PricesDatabase>, IAsyncLifetime
{
    private const string Clear =
        "truncate prices.proposal_decisions, prices.proposals, prices.events, prices.states, prices.prices, prices.rounds, prices.samples, prices.observations, prices.pools, prices.token_facts";

    internal FakeMarket Market { get; } = FakeMarket.Agreeing();

    protected FakeTimeProvider Time { get; } = new(Known.Start);

    protected TestDatabase Database => fixture.Database;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await using var command = Database.Owner.CreateCommand(Clear);
        await command.ExecuteNonQueryAsync(Ct);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    internal Oracle Oracle(params (string Key, string? Value)[] change) => new(Database.App, Market.Ic, Time, change);
}
