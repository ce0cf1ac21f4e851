using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Decent.Sandbox.Tests.Emulators;

/// <summary>Plays the host: takes webhooks, answers as told, and remembers them.</summary>
internal sealed class RecordingReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Received> _received = new();
    private readonly SemaphoreSlim _arrived = new(0);

    private RecordingReceiver(WebApplication app) => _app = app;

    public Uri Root =>
        new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Status of the n-th answer; later ones are 200.</summary>
    public Queue<int> Answers { get; } = new();

    public IReadOnlyList<Received> All => [.. _received];

    public static async Task<RecordingReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new RecordingReceiver(app);
        app.MapPost("/api/v1/webhooks/{provider}", receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>Waits until this many deliveries were answered with 2xx.</summary>
    public async Task<IReadOnlyList<Received>> AcceptedAsync(int count)
    {
        while (All.Count(r => r.Status < 300) < count)
        {
            await _arrived.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        }

        return [.. All.Where(r => r.Status < 300)];
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task<IResult> TakeAsync(string provider, HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync();
        int status;
        lock (Answers)
        {
            status = Answers.TryDequeue(out var told) ? told : 200;
        }

        _received.Enqueue(new Received(
            provider, body,
            request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            status));
        _arrived.Release();
        return Results.StatusCode(status);
    }

    internal sealed record Received(
        string Provider, string Body, IReadOnlyDictionary<string, string> Headers, int Status);
}
