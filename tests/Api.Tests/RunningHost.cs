using System.Net.Http.Headers;
using Decent.Api.Composition;
using Decent.Postgres;
using Decent.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Decent.Api.Tests;

/// <summary>The host as production runs it, payouts and rails off, on a database of its own and a free port.</summary>
public sealed class RunningHost : IAsyncLifetime
{
    private const string Pem = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f
        -----END PRIVATE KEY-----
        """;

    private readonly string _pemFile = Path.GetTempFileName();
    private TestDatabase? _database;
    private WebApplication? _app;

    /// <summary>Address of the host.</summary>
    public Uri Address { get; private set; } = new("http://unset");

    /// <summary>The database behind it.</summary>
    public TestDatabase Database => _database ?? throw new InvalidOperationException("Not started.");

    /// <summary>Arguments of a host that may start, before a test takes one away or changes it.</summary>
    public Dictionary<string, string> Settings(TestDatabase database) => new(StringComparer.Ordinal)
    {
        ["applicationName"] = "Decent.Api",
        ["environment"] = "Production",
        ["Urls"] = "http://127.0.0.1:0",
        ["Logging:LogLevel:Default"] = "Warning",
        ["Logging:LogLevel:Npgsql"] = "Warning",
        ["ConnectionStrings:Decent"] = database.AppConnectionString,
        ["Assets:0:Code"] = "USD",
        ["Assets:0:Kind"] = "fiat",
        ["Assets:1:Code"] = "ckUSDT",
        ["Assets:1:Kind"] = "token",
        ["Assets:1:Ledger"] = "cngnf-vqaaa-aaaar-qag4q-cai",
        ["Assets:1:Decimals"] = "6",
        ["Assets:1:FeeUnits"] = "10000",
        ["Assets:1:Profile"] = "icrc",
        ["Assets:2:Code"] = "ICP",
        ["Assets:2:Kind"] = "token",
        ["Assets:2:Ledger"] = "ryjl3-tyaaa-aaaaa-aaaba-cai",
        ["Assets:2:Decimals"] = "8",
        ["Assets:2:FeeUnits"] = "10000",
        ["Assets:2:Profile"] = "icp",
        ["InternetComputer:Endpoint"] = "http://127.0.0.1:9",
        ["InternetComputer:IdentityPemFile"] = _pemFile,
        ["Payments:PayoutsEnabled"] = "false",
        ["Payments:PlatformFeeBps"] = "500",
        ["Payments:ReleaseSlot"] = "01:00:00",
        ["Payments:ReleaseHold"] = "00:00:00",
        ["Payments:MinimumPayoutUnits"] = "1000000000",
        ["Payments:TwoPersonAboveUnits"] = "0",
        ["Providers:ICPay:Enabled"] = "false",
        ["Providers:Stripe:Enabled"] = "false",
        ["Oracle:RoundEvery"] = "00:05:00",
        ["Oracle:SampleEvery"] = "00:01:00",
        ["Oracle:MaxAge"] = "00:15:00",
        ["Oracle:AgreementBps"] = "500",
        ["Oracle:IcpSwap:Factory"] = "4mmnk-kiaaa-aaaag-qbllq-cai",
        ["Oracle:Taco:Canister"] = "qioex-5iaaa-aaaan-q52ba-cai",
        ["Oracle:StableLegs:0:Asset"] = "ckUSDT",
        ["Oracle:StableLegs:0:UsdE18"] = "1000000000000000000",
        ["Oracle:Feeds:0:Asset"] = "ICP",
        ["Oracle:Feeds:0:Routes:0"] = "icpswap:ICP>ckUSDT",
        ["Oracle:Feeds:0:Routes:1"] = "taco:ICP>ckUSDT",
    };

    /// <summary>The settings as command-line arguments.</summary>
    public static string[] Arguments(IEnumerable<KeyValuePair<string, string>> settings) =>
        [.. settings.Select(s => $"--{s.Key}={s.Value}")];

    /// <summary>A client with a key of these scopes, or without a key.</summary>
    public async Task<HttpClient> ClientAsync(params string[] scopes)
    {
        var client = new HttpClient { BaseAddress = Address };
        if (scopes.Length > 0)
        {
            var key = await ApiKeys.CreateAsync(
                Database.Owner, new Ids(TimeProvider.System), TimeProvider.System, "tester", scopes, CancellationToken.None);
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return client;
    }

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(_pemFile, Pem);
        _database = await TestDatabase.CreateAsync([.. ApiHost.Modules]);
        _app = ApiHost.Build(Arguments(Settings(_database)));
        await _app.StartAsync();
        Address = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        File.Delete(_pemFile);
    }
}
