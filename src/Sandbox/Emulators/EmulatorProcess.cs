using System.Globalization;
using Decent.Replica.Time;
using Decent.Sandbox.Emulators.ICPay;
using Decent.Sandbox.Emulators.Stripe;
using Decent.Sandbox.Processes;

namespace Decent.Sandbox.Emulators;

/// <summary>Both emulators in one process, one loopback port each.</summary>
internal static class EmulatorProcess
{
    /// <summary>Serves until the lifeline ends.</summary>
    /// <param name="settingsFile">File of <see cref="EmulatorSettings" />.</param>
    /// <param name="lifeline">Ends with the supervisor.</param>
    public static async Task RunAsync(string settingsFile, Lifeline lifeline)
    {
        var settings = EmulatorSettings.Read(settingsFile);
        using var clock = new SandboxClock(settings.ClockFile);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        using var icpayLog = new DocumentLog(Path.Combine(settings.StateDirectory, "icpay.jsonl"));
        using var stripeLog = new DocumentLog(Path.Combine(settings.StateDirectory, "stripe.jsonl"));
        var chain = new ReplicaChain(settings.Replica, settings.ICPay, clock, http);
        await using var icpay = BuildICPay(settings, icpayLog, chain, clock, http);
        await using var stripe = BuildStripe(settings, stripeLog, clock, http);
        await Task.WhenAll(icpay.StartAsync(), stripe.StartAsync());
        await lifeline.WaitAsync();
        await Task.WhenAll(icpay.StopAsync(), stripe.StopAsync());
    }

    /// <summary>The ICPay emulator, not started.</summary>
    internal static WebApplication BuildICPay(
        EmulatorSettings settings, DocumentLog log, IICPayChain chain, TimeProvider clock, HttpClient http)
    {
        var own = settings.ICPay;
        var secret = Secret(own.WebhookSecretFile);
        var builder = Builder(own.Port);
        var sender = Sender(builder, log, new Uri(settings.Host, "/api/v1/webhooks/icpay"), http, body =>
        {
            var now = clock.GetUtcNow();
            return new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["X-ICPay-Signature"] = WebhookSignature.Of(secret, now, body),
                ["X-ICPay-Timestamp"] = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            };
        });
        var shapes = new ICPayShapes(own, "sandbox-merchant", chain.Collector);
        var book = new ICPayBook(log, own, shapes, chain, clock);
        builder.Services.AddHostedService(
            services => new ResumePayments(book, services.GetRequiredService<WebhookSender>()));
        var app = builder.Build();
        new ICPayEmulator(
            log,
            own,
            shapes,
            book,
            sender(app),
            clock,
            Secret(own.SecretKeyFile),
            Secret(own.PublishableKeyFile)).Map(app);
        return app;
    }

    /// <summary>The Stripe emulator, not started.</summary>
    internal static WebApplication BuildStripe(
        EmulatorSettings settings, DocumentLog log, TimeProvider clock, HttpClient http)
    {
        var own = settings.Stripe;
        var secret = Secret(own.WebhookSecretFile);
        var builder = Builder(own.Port);
        var sender = Sender(builder, log, new Uri(settings.Host, "/api/v1/webhooks/stripe"), http, body =>
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Stripe-Signature"] = WebhookSignature.Of(secret, clock.GetUtcNow(), body),
            });
        var shapes = new StripeShapes(log, own.ApiVersion, new Uri($"http://127.0.0.1:{own.Port}"));
        var book = new StripeBook(log, shapes, clock);
        builder.Services.AddHostedService(
            services => new ExpireSessions(book, services.GetRequiredService<WebhookSender>()));
        var app = builder.Build();
        new StripeEmulator(log, shapes, book, sender(app), Secret(own.SecretKeyFile)).Map(app);
        return app;
    }

    private static WebApplicationBuilder Builder(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(
            options => options.AddServerHeader = false).UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning);

        // The process decides when to stop, not the first of its applications.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        return builder;
    }

    private static Func<WebApplication, WebhookSender> Sender(
        WebApplicationBuilder builder, DocumentLog log, Uri target, HttpClient http, Func<string,
        IReadOnlyDictionary<string, string>> sign)
    {
        builder.Services.AddSingleton(services =>
            new WebhookSender(log, target, sign, http, services.GetRequiredService<ILogger<WebhookSender>>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<WebhookSender>());
        return app => app.Services.GetRequiredService<WebhookSender>();
    }

    private static string Secret(string file) => File.ReadAllText(file).Trim();

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class ResumePayments(ICPayBook book, WebhookSender sender) : BackgroundService
    {
        private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            while (!await TryAsync(stoppingToken))
            {
                await Task.Delay(Again, TimeProvider.System, stoppingToken);
            }
        }

        // The replica may still be starting.
        private async Task<bool> TryAsync(CancellationToken stoppingToken)
        {
            try
            {
                await book.ResumeAsync(stoppingToken);
                sender.Wake();
                return true;
            }
            catch (Exception e) when (e is HttpRequestException or ICPayException)
            {
                return false;
            }
        }
    }

    private sealed class ExpireSessions(StripeBook book, WebhookSender sender) : BackgroundService
    {
        private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            using var timer = new PeriodicTimer(Every, TimeProvider.System);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (book.ExpireDue())
                {
                    sender.Wake();
                }
            }
        }
    }
}
