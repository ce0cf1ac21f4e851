using System.Net.Http.Json;
using System.Text.Json;
using Decent.Candid;
using Decent.Canister.Client;
using Decent.Replica.Faults;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Time.Testing;

namespace Decent.Replica.Tests.Http;

/// <summary>
/// A replica on a real loopback port with its own folder and a clock that stands still unless a test moves it. The
/// folder outlives <see cref="RestartAsync"/>.
/// </summary>
public sealed class RunningReplica : IAsyncDisposable
{
    public const ulong Second = 1_000_000_000;

    private readonly string folder = Directory.CreateTempSubdirectory("decent-replica").FullName;
    private readonly int? archiveAfter;
    private WebApplication app = null!;

    private RunningReplica(int? archiveAfter) => this.archiveAfter = archiveAfter;

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 8, 1, 12, 0, 0, TimeSpan.Zero));

    public HttpClient Http { get; private set; } = null!;

    public FaultBoard Faults => ReplicaHost.FaultsOf(app);

    public string DataDirectory => folder;

    public Ed25519Identity Payer { get; } = Identity(1);

    public ulong NowNs => (ulong)(Clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    public static Ed25519Identity Identity(byte number)
    {
        var seed = new byte[Ed25519Identity.SeedLength];
        seed[0] = number;
        return Ed25519Identity.FromSeed(seed);
    }

    public static async Task<RunningReplica> StartAsync(int? archiveAfter = null)
    {
        var replica = new RunningReplica(archiveAfter);
        await replica.StartAppAsync();
        return replica;
    }

    public async Task RestartAsync(Action? between = null)
    {
        await StopAppAsync();
        between?.Invoke();
        await StartAppAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAppAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>An agent that sends once and polls without waiting.</summary>
    public HttpAgent Agent(
        IIdentity? identity = null,
        int resends = 0,
        TimeSpan? exchange = null,
        ReadOnlyMemory<byte>? root = null) => new(
        Http,
        identity ?? Payer,
        new AgentOptions
        {
            Endpoint = Http.BaseAddress!,
            RootKeyDer = root,
            Resends = resends,
            ResendDelay = TimeSpan.FromMilliseconds(1),
            PollDelay = TimeSpan.FromMilliseconds(1),
            PollDelayMaximum = TimeSpan.FromMilliseconds(5),
            PollPatience = TimeSpan.FromSeconds(10),
            ExchangeTimeout = exchange ?? TimeSpan.FromSeconds(30),
        },
        Clock,
        TimeProvider.System,
        SystemRandomBytes.Instance);

    public ILedgerClient Ledger(string profile, IAgent? agent = null) =>
        LedgerClients.Create(agent ?? Agent(), LedgerId(profile), LedgerProfile.ByName[profile]);

    public static Principal LedgerId(string profile) => profile switch
    {
        "icrc" => WellKnownCanisters.CkUsdtLedger,
        "icp" => WellKnownCanisters.IcpLedger,
        _ => WellKnownCanisters.Platform,
    };

    public TransferArgument Argument(UInt128 amount, byte memo = 1, UInt128? fee = null) => new(
        null, new IcrcAccount(Identity(9).Sender), amount, fee, (byte[])[memo, .. new byte[31]], NowNs);

    public async Task MintAsync(string profile, UInt128 units, Principal? owner = null) => await ControlAsync(
        "mint",
        new
        {
            ledger = LedgerId(profile).ToText(),
            account = (owner ?? Payer.Sender).ToText(),
            units = units.ToString(),
        });

    public async Task<JsonElement> ControlAsync(string action, object body)
    {
        var answer = await Http.PostAsJsonAsync($"control/{action}", body, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    public Task<JsonElement> ReadAsync(string path) =>
        Http.GetFromJsonAsync<JsonElement>($"control/{path}", TestContext.Current.CancellationToken);

    public async Task<long> ExecutedAsync() => (await ReadAsync("executed")).GetProperty("total").GetInt64();

    public async Task<string> DigestAsync() => (await ReadAsync("digest")).GetProperty("digest").GetString()!;

    private async Task StartAppAsync()
    {
        app = ReplicaHost.Build(new ReplicaOptions { DataDirectory = folder, ArchiveAfter = archiveAfter }, Clock);
        await app.StartAsync();
        Http = new HttpClient { BaseAddress = ReplicaHost.AddressOf(app), Timeout = TimeSpan.FromSeconds(60) };
    }

    private async Task StopAppAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
    }
}
