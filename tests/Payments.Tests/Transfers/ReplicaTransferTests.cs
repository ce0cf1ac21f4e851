using System.Globalization;
using System.Net.Http.Json;
using Decent.Canister.Client;
using Decent.Ledger;
using Decent.Payments.Payouts;
using Decent.Replica;
using Decent.Replica.Faults;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace Decent.Payments.Tests.Transfers;

/// <summary>Payouts over HTTP and Candid against the local Internet Computer, with its faults.</summary>
public sealed class ReplicaTransferTests(PayoutDatabase fixture) : IClassFixture<PayoutDatabase>, IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("decent-payouts-").FullName;
    private readonly HttpClient _http = new();
    private WebApplication? _replica;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, FaultKind> Faults
    {
        get
        {
            var data = new TheoryData<string, FaultKind>();
            foreach (var kind in new[]
                     {
                         FaultKind.DropRequest, FaultKind.DropAnswer, FaultKind.AcceptThenLose, FaultKind.ServiceUnavailable,
                         FaultKind.DuplicateDelivery, FaultKind.NonReplicatedReject, FaultKind.TrapAfterCommit,
                         FaultKind.PruneStatus, FaultKind.StatusDone, FaultKind.StaleCertificate,
                     })
            {
                data.Add("DCT", kind);
                data.Add("ICP", kind);
                data.Add("ckUSDT", kind);
            }

            return data;
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_replica is not null)
        {
            await _replica.DisposeAsync();
        }

        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_payout_in_every_token_is_confirmed_and_everything_agrees()
    {
        var world = await WorldAsync();
        await using var host = world.Host();
        var payouts = new List<Guid>();
        foreach (var asset in new[] { world.Dct, world.Icp, world.Usdt })
        {
            await world.FundAsync(host, asset, 100_000_000_000_000);
            payouts.Add(await world.PayoutAsync(host, asset));
            payouts.Add(await world.PayoutAsync(host, asset));
        }

        await world.SettleAsync(host, payouts);

        await world.AssertSoundAsync(host, payouts);
        foreach (var id in payouts)
        {
            Assert.Equal(PayoutState.Confirmed, (await host.Payouts.GetAsync(id, Ct))!.State);
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Every_fault_of_the_network_ends_in_one_payment(string token, FaultKind kind)
    {
        var world = await WorldAsync();
        await using var host = world.Host();
        var asset = world.Assets.Get(token);
        await world.FundAsync(host, asset, 100_000_000_000_000);
        var id = await world.PayoutAsync(host, asset);
        ReplicaHost.FaultsOf(_replica!).Add(new FaultRule(kind, FaultTarget.Call, Method: "icrc1_transfer", Times: 3));

        await world.SettleAsync(host, [id]);

        await world.AssertSoundAsync(host, [id]);
        Assert.Equal(PayoutState.Confirmed, (await host.Payouts.GetAsync(id, Ct))!.State);
    }

    [Theory]
    [InlineData("DCT")]
    [InlineData("ckUSDT")]
    public async Task A_host_that_slept_past_everything_finds_what_was_paid_and_what_was_not(string token)
    {
        var world = await WorldAsync();
        await using var host = world.Host();
        var asset = world.Assets.Get(token);
        await world.FundAsync(host, asset, 100_000_000_000_000);
        var faults = ReplicaHost.FaultsOf(_replica!);
        var paid = await world.PayoutAsync(host, asset);
        await host.Work("payouts").RunDueAsync(Ct);
        faults.Add(new FaultRule(FaultKind.DropAnswer, FaultTarget.Call, Method: "icrc1_transfer", Times: 9));
        await host.Work("transfers").RunDueAsync(Ct);
        faults.Clear();
        var unpaid = await world.PayoutAsync(host, asset);
        await host.Work("payouts").RunDueAsync(Ct);
        await using (var dying = world.Host(new CrashPlan { At = static p => p == "attempt_committed" }))
        {
            await Assert.ThrowsAsync<Crash>(() => dying.Work("transfers").RunDueAsync(Ct));
        }

        world.Advance(TimeSpan.FromDays(3));
        await world.SettleAsync(host, [paid, unpaid]);

        await world.AssertSoundAsync(host, [paid, unpaid]);
        Assert.Equal(PayoutState.Confirmed, (await host.Payouts.GetAsync(paid, Ct))!.State);
        Assert.Equal(PayoutState.Refused, (await host.Payouts.GetAsync(unpaid, Ct))!.State);
    }

    private async Task<PayoutWorld> WorldAsync()
    {
        ReplicaChain? chain = null;
        var world = await fixture.WorldAsync(time =>
        {
            _replica = ReplicaHost.Build(new ReplicaOptions { DataDirectory = _folder }, time);
            _replica.Start();
            return chain = new ReplicaChain(_http, ReplicaHost.AddressOf(_replica), time);
        });
        Assert.NotNull(chain);
        return world;
    }

    private sealed class ReplicaChain(HttpClient http, Uri endpoint, TimeProvider time) : OtherChain
    {
        private readonly Dictionary<string, ILedgerClient> _clients = new(StringComparer.Ordinal);

        public override IAgent Agent { get; } = new HttpAgent(
            http,
            Ed25519Identity.FromSeed(Enumerable.Range(7, 32).Select(static i => (byte)i).ToArray()),
            new AgentOptions
            {
                Endpoint = endpoint,
                Resends = 1,
                ResendDelay = TimeSpan.FromMilliseconds(5),
                PollDelay = TimeSpan.FromMilliseconds(5),
                ExchangeTimeout = TimeSpan.FromSeconds(20),
            },
            time,
            TimeProvider.System,
            SystemRandomBytes.Instance);

        public override ILedgerClient Client(Asset asset)
        {
            lock (_clients)
            {
                if (!_clients.TryGetValue(asset.Code, out var client))
                {
                    var profile = asset.Code switch
                    {
                        "DCT" => LedgerProfile.Platform,
                        "ICP" => LedgerProfile.Icp,
                        _ => LedgerProfile.Icrc,
                    };
                    _clients[asset.Code] = client = LedgerClients.Create(Agent, asset.LedgerCanister!, profile);
                }

                return client;
            }
        }

        public override async Task MintAsync(Asset asset, IcrcAccount to, UInt128 units)
        {
            using var answer = await http.PostAsJsonAsync(
                new Uri(endpoint, "control/mint"),
                new
                {
                    ledger = asset.LedgerCanister!.ToText(),
                    account = to.ToString(),
                    units = units.ToString(CultureInfo.InvariantCulture),
                },
                Ct);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
        }
    }
}
