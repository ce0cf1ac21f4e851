using System.Net.Http.Headers;
using System.Text;

namespace Decent.Sandbox.Emulators;

/// <summary>
/// Delivers an emulator's webhooks until the receiver answers 2xx. Deliveries are rows of the emulator's log, written
/// together with what they report, so that a crash on either side loses none. Waiting is in machine time: the
/// business clock may jump by days.
/// </summary>
internal sealed class WebhookSender(
    DocumentLog log, Uri target, Func<string, IReadOnlyDictionary<string, string>> sign, HttpClient http,
    ILogger logger)
    : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _wake = new(0);
    private readonly Dictionary<string, DateTimeOffset> _notBefore = new(StringComparer.Ordinal);

    /// <summary>How many deliveries have not been accepted yet.</summary>
    public int Pending => log.All<Delivery>(Delivery.Collection).Count(d => !d.Delivered);

    /// <summary>Says that new deliveries were written.</summary>
    public void Wake() => _wake.Release();

    /// <summary>Sends every webhook that was delivered once again, in a random order.</summary>
    /// <param name="times">How many times each, 1 to 100.</param>
    /// <param name="seed">Decides the order.</param>
    /// <param name="subject">Only events about this object; null for all.</param>
    /// <returns>How many deliveries were added.</returns>
    public int Redeliver(int times, int seed, string? subject)
    {
        var originals = log.All<Delivery>(Delivery.Collection)
            .Where(d => d.Delivered && d.Id == d.EventId && (subject is null || d.Subject == subject))
            .ToArray();
        var wave = log.Count(Delivery.Collection);
        var copies = Enumerable.Range(1, times)
            .SelectMany(
                n =>
                    originals.Select(
                        d =>
                            d with { Id = $"{d.EventId}+{wave}.{n}", Delivered = false, Attempts = 0, LastStatus = 0 }))
            .ToArray();
        new Random(seed).Shuffle(copies);
        if (copies.Length > 0)
        {
            log.Write([.. copies.Select(d => d.ToDocument())]);
            Wake();
        }

        return copies.Length;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var now = TimeProvider.System.GetUtcNow();
            var pending = log.All<Delivery>(Delivery.Collection).Where(d => !d.Delivered).ToArray();
            foreach (var delivery in pending.Where(d => _notBefore.GetValueOrDefault(d.Id) <= now))
            {
                await TryAsync(delivery, stoppingToken);
            }

            // New rows wake the loop; without them the next look is at the earliest retry.
            await _wake.WaitAsync(pending.Length == 0 ? LongestPause : FirstPause, stoppingToken);
        }
    }

    private async Task TryAsync(Delivery delivery, CancellationToken stoppingToken)
    {
        var status = await PostAsync(delivery, stoppingToken);
        var delivered = status is >= 200 and < 300;
        var tried = delivery with { Delivered = delivered, Attempts = delivery.Attempts + 1, LastStatus = status };
        log.Write(tried.ToDocument());
        if (delivered)
        {
            _notBefore.Remove(delivery.Id);
            return;
        }

        logger.LogInformation(
            "Webhook {Id} ({Type}) was answered {Status}; it will be sent again.", delivery.Id, delivery.Type, status);
        var pause = FirstPause * Math.Pow(2, Math.Min(delivery.Attempts, 6));
        _notBefore[delivery.Id] = TimeProvider.System.GetUtcNow() + (pause < LongestPause ? pause : LongestPause);
    }

    private async Task<int> PostAsync(Delivery delivery, CancellationToken stoppingToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        timeout.CancelAfter(AnswerWithin);
        using var request = new HttpRequestMessage(HttpMethod.Post, target);
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(delivery.Body));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        foreach (var (name, value) in sign(delivery.Body))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using var response = await http.SendAsync(request, timeout.Token);
            return (int)response.StatusCode;
        }
        catch (Exception e) when (
            e is HttpRequestException or OperationCanceledException && !stoppingToken.IsCancellationRequested)
        {
            return 0;
        }
    }
}
