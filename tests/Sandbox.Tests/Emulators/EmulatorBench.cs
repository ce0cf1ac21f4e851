using System.Net.Http.Headers;
using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using Decent.Sandbox.Emulators;
using Decent.Sandbox.Emulators.ICPay;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Decent.Sandbox.Tests.Emulators;

/// <summary>One emulator with a scripted chain, a fake business clock and a receiver of webhooks.</summary>
internal sealed class EmulatorBench : IAsyncDisposable
{
    public const string SecretKey = "sk_test_bench";
    public const string WebhookSecret = "whsec_bench";
    private readonly string _directory = Directory.CreateTempSubdirectory("decent-emulator").FullName;
    private readonly HttpClient _http = new();
    private readonly Func<EmulatorBench, EmulatorSettings, DocumentLog, WebApplication> _build;
    private DocumentLog? _log;
    private WebApplication? _app;

    private EmulatorBench(
        RecordingReceiver receiver, Func<EmulatorBench, EmulatorSettings, DocumentLog, WebApplication> build)
    {
        Receiver = receiver;
        _build = build;
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    public ScriptedChain Chain { get; } = new();

    public RecordingReceiver Receiver { get; }

    public HttpClient Http => _http;

    public Uri Root =>
        new(_app!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static Task<EmulatorBench> ICPayAsync() =>
        StartAsync(
            (bench, settings, log) => EmulatorProcess.BuildICPay(settings, log, bench.Chain, bench.Clock, bench._http));

    public static Task<EmulatorBench> StripeAsync() =>
        StartAsync((bench, settings, log) => EmulatorProcess.BuildStripe(settings, log, bench.Clock, bench._http));

    /// <summary>Stops the emulator as a crash would, and starts it again on the same files.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public Task<JsonNode> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null, 200);

    public Task<JsonNode> PostAsync(string path, object? body = null, int expected = 200) =>
        SendAsync(HttpMethod.Post, path, body, expected);

    public async Task<JsonNode> SendAsync(
        HttpMethod method, string path, object? body, int expected, string key = SecretKey)
    {
        using var request = new HttpRequestMessage(method, new Uri(Root, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (body is not null)
        {
            request.Content = new StringContent(
                body as string ?? System.Text.Json.JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        }

        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)response.StatusCode == expected, $"{(int)response.StatusCode}: {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Receiver.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task<EmulatorBench> StartAsync(
        Func<EmulatorBench, EmulatorSettings, DocumentLog, WebApplication> build)
    {
        var bench = new EmulatorBench(await RecordingReceiver.StartAsync(), build);
        File.WriteAllText(bench.InDirectory("key"), SecretKey);
        File.WriteAllText(bench.InDirectory("publishable"), "pk_test_bench");
        File.WriteAllText(bench.InDirectory("webhook"), WebhookSecret);
        await bench.StartAsync();
        return bench;
    }

    private async Task StartAsync()
    {
        _log = new DocumentLog(InDirectory("log.jsonl"));
        _app = _build(this, Settings(), _log);
        await _app.StartAsync(TestContext.Current.CancellationToken);
    }

    private async Task StopAsync()
    {
        await _app!.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _log!.Dispose();
    }

    private string InDirectory(string name) => Path.Combine(_directory, name);

    private EmulatorSettings Settings() => new()
    {
        ClockFile = InDirectory("clock"),
        StateDirectory = _directory,
        Host = Receiver.Root,
        Replica = Receiver.Root,
        ICPay = new ICPaySettings
        {
            Port = 0,
            SecretKeyFile = InDirectory("key"),
            PublishableKeyFile = InDirectory("publishable"),
            WebhookSecretFile = InDirectory("webhook"),
            AccountCanisterId = 42,
            CanisterKeyFile = "unused",
            RenterKeyFile = "unused",
            Ledgers =
            [
                new ICPayLedger(
                    "ICP", "Internet Computer", "ic_icp", "ryjl3-tyaaa-aaaaa-aaaba-cai", 8, 10_000, "icp", "5.00"),
                new ICPayLedger(
                    "ckUSDT", "ckUSDT", "ic_ckusdt", "cngnf-vqaaa-aaaar-qag4q-cai", 6, 10_000, "icrc", "1.00"),
            ],
        },
        Stripe = new StripeSettings
        {
            Port = 0,
            SecretKeyFile = InDirectory("key"),
            WebhookSecretFile = InDirectory("webhook"),
            ApiVersion = "2026-10-28.endive",
        },
    };
}

/// <summary>A chain that remembers transfers and deduplicates by created_at_time, as ledgers do.</summary>
internal sealed class ScriptedChain : IICPayChain
{
    private readonly List<(string Kind, string Ledger, BigInteger Units, string Memo, ulong Time)> _transfers = [];

    public string Collector => "aaaaa-aa";

    /// <summary>Fails the next call after it took effect, as a crash between effect and record would.</summary>
    public bool LoseNextAnswer { get; set; }

    public IReadOnlyList<(string Kind, string Ledger, BigInteger Units, string Memo, ulong Time)> Transfers =>
        _transfers;

    public Task<ulong> PayAsync(
        ICPayLedger ledger, BigInteger units, byte[] memo, ulong createdAtNs, CancellationToken cancellationToken) =>
        Add(("pay", ledger.Symbol, units, Convert.ToHexStringLower(memo), createdAtNs));

    public Task<ulong> RelayAsync(
        ICPayLedger ledger, string to, BigInteger units, byte[] memo, ulong createdAtNs,
        CancellationToken cancellationToken) =>
        Add(("relay to " + to, ledger.Symbol, units, Convert.ToHexStringLower(memo), createdAtNs));

    private Task<ulong> Add((string, string, BigInteger, string, ulong) transfer)
    {
        var index = _transfers.IndexOf(transfer);
        if (index < 0)
        {
            index = _transfers.Count;
            _transfers.Add(transfer);
        }

        if (LoseNextAnswer)
        {
            LoseNextAnswer = false;
            throw new HttpRequestException("The answer was lost.");
        }

        return Task.FromResult((ulong)index);
    }
}
