using Decent.AdminConsole.Layout;
using Decent.Api;
using Decent.Api.Composition;
using Decent.Postgres;
using Decent.Replica.Time;
using Decent.Sandbox.Processes;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Decent.Sandbox.Hosting;

/// <summary>The product's host as it is, with the sandbox's clock, banner and crash probe around it.</summary>
internal static class HostProcess
{
    private const string Banner = "X-Decent-Sandbox";

    /// <summary>Serves until the lifeline ends.</summary>
    /// <param name="settingsFile">The host's configuration.</param>
    /// <param name="lifeline">Ends with the supervisor.</param>
    public static async Task RunAsync(string settingsFile, Lifeline lifeline)
    {
        await using var app = ApiHost.Build([], builder => Configure(builder, settingsFile, lifeline));
        SandboxEndpoints.Map(app);
        await app.RunAsync();
    }

    private static void Configure(WebApplicationBuilder builder, string settingsFile, Lifeline lifeline)
    {
        builder.Configuration.AddJsonFile(settingsFile, optional: false);

        // Run from the build's output, where the console's files are found through the build's manifest.
        builder.WebHost.UseStaticWebAssets();
        var services = builder.Services;
        services.AddSingleton<ISandboxMarker, Marker>();
        services.AddSingleton(_ => new SandboxClock(builder.Configuration["Sandbox:ClockFile"]!));
        services.AddSingleton<TimeProvider>(s => s.GetRequiredService<SandboxClock>());
        services.AddSingleton<CrashProbe>();
        services.Replace(ServiceDescriptor.Singleton<IFaultProbe>(s => s.GetRequiredService<CrashProbe>()));
        services.AddSingleton<IHostLifetime>(
            s => new LifelineHost(lifeline, s.GetRequiredService<IHostApplicationLifetime>()));
        services.AddTransient<IStartupFilter, BannerFilter>();
        services.AddSingleton(
            new EnvironmentBanner("Sandbox: everything here is local and made up; no real money moves."));
        services.AddHttpClient(nameof(EmulatorTraffic));
        services.AddSingleton<IOutsideTraffic>(s => new EmulatorTraffic(
            s.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(EmulatorTraffic)),
            [.. builder.Configuration.GetSection("Sandbox:Emulators").Get<Uri[]>()!]));
        services.AddSingleton<ClockWalker>();
    }

    private sealed class Marker : ISandboxMarker;

    private sealed class BannerFilter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, rest) =>
            {
                // At the last moment: answers to errors start with their headers cleared.
                context.Response.OnStarting(() =>
                {
                    context.Response.Headers[Banner] = "true";
                    return Task.CompletedTask;
                });
                return rest(context);
            });
            next(app);
        };
    }
}
