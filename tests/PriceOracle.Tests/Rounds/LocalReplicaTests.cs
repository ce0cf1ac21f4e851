using System.Net.Http.Json;
using Decent.Canister.Client;
using Decent.Replica;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Time.Testing;

namespace Decent.PriceOracle.Tests.Rounds;

/// <summary>The oracle against the local Internet Computer, over HTTP and Candid.</summary>
public sealed class LocalReplicaTests(PricesDatabase fixture) : IClassFixture<PricesDatabase>, IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("decent-oracle-").FullName;
    private readonly FakeTimeProvider _time = new(Known.Start);
    private readonly HttpClient _http = new();
    private WebApplication? _replica;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _replica = ReplicaHost.Build(new ReplicaOptions { DataDirectory = _folder }, _time);
        await _replica.StartAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _replica!.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Its_pools_give_usable_prices_and_a_swap_that_parts_the_venues_takes_them_away()
    {
        var endpoint = ReplicaHost.AddressOf(_replica!);
        var agent = new HttpAgent(
            _http, AnonymousIdentity.Instance, new AgentOptions { Endpoint = endpoint }, _time, TimeProvider.System,
            SystemRandomBytes.Instance);
        await using var oracle = new Oracle(fixture.Database.App, agent, _time);
        await oracle.Refresh.RefreshAsync(Ct);
        var prices = (await oracle.Reader.AllAsync(Ct)).ToDictionary(r => r.Asset.Code);
        foreach (var reading in prices.Values)
        {
            Assert.True(reading.UsableForPayout, $"{reading.Asset}: {reading.ReasonInWords}");
        }

        Assert.InRange(prices["DCT"].PriceE18!.Value, Known.Big("20300000000000000"), Known.Big("20500000000000000"));
        Assert.InRange(prices["ICP"].PriceE18!.Value, Known.Big("4790000000000000000"),
            Known.Big("4830000000000000000"));
        Assert.Equal(Known.Big("1000000000000000000"), prices["ckUSDT"].PriceE18);

        using var swapped = await _http.PostAsJsonAsync(
            new Uri(endpoint, "control/swap"),
            new { venue = "taco", tokenIn = Known.UsdtLedger, tokenOut = Known.DctLedger, amountIn = "20000000000" },
            Ct);
        swapped.EnsureSuccessStatusCode();
        _time.Advance(TimeSpan.FromMinutes(5));
        await oracle.Refresh.RefreshAsync(Ct);
        var dct = await oracle.Reader.CurrentAsync(Known.Dct, Ct);
        Assert.Equal(PriceState.Held, dct.State);
        Assert.False(dct.UsableForPayout);
        Assert.True((await oracle.Reader.CurrentAsync(Known.Icp, Ct)).UsableForPayout);
    }
}
