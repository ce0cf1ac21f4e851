using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Decent.Api.Composition;
using Decent.Api.Endpoints;
using Decent.Ledger;
using Decent.Payments;
using Decent.PriceOracle;
using Decent.PriceOracle.Settings;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Scalar.AspNetCore;

namespace Decent.Api;

/// <summary>The composition root: every module, the endpoints, the scheduler and the console in one host.</summary>
public static class ApiHost
{
    /// <summary>Assemblies whose migrations make the database, in order.</summary>
    public static IReadOnlyList<Assembly> Modules { get; } =
    [
        typeof(Ledger.Books.IBooks).Assembly,
        typeof(IPriceReader).Assembly,
        typeof(Payments.Commands.ICommands).Assembly,
        typeof(ApiHost).Assembly,
    ];

    /// <summary>Composes the host.</summary>
    /// <param name="args">Command line.</param>
    /// <param name="configure">Further registrations, applied before the checks; used by the sandbox.</param>
    /// <exception cref="StartRefusedException">A setting is missing or wrong; the message names it.</exception>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSingleton(TimeProvider.System);
        configure?.Invoke(builder);
        StartupChecks.Verify(
            builder.Configuration,
            builder.Environment.EnvironmentName,
            builder.Services.Any(s => s.ServiceType == typeof(ISandboxMarker)));
        AddModules(builder);
        AddHttp(builder);
        var app = builder.Build();
        Map(app);
        return app;
    }

    private static void AddModules(WebApplicationBuilder builder)
    {
        builder.AddDatabase();
        builder.Services.AddSingleton(AssetsModule.Read(builder.Configuration));
        builder.AddInternetComputer();
        builder.Services.AddLedger();
        try
        {
            builder.Services.AddPriceOracle(builder.Configuration);
            builder.Services.AddPayments(builder.Configuration);
        }
        catch (Exception e) when (e is SettingException or InvalidOperationException or FormatException)
        {
            throw new StartRefusedException(e.Message);
        }

        builder.AddScheduler();
        builder.AddTelemetry();
    }

    private static void AddHttp(WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(options => options.AddServerHeader = false);
        builder.AddCallers();
        builder.Services.AddExceptionHandler<Problems>();
        builder.Services.AddProblemDetails();
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            options.SerializerOptions.RespectRequiredConstructorParameters = true;
            options.SerializerOptions.RespectNullableAnnotations = true;
            options.SerializerOptions.Converters.Add(
                new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        });
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.AddOpenApi("v1", options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Decent";
            document.Info.Version = "v1";
            document.Info.Description = "The payment ledger of a marketplace on the Internet Computer.";
            document.Servers = null;
            return Task.CompletedTask;
        }));
        builder.Services.AddHealthChecks().AddCheck<DatabaseHealth>("database", tags: ["ready"]);
        builder.AddConsole();
    }

    private static void Map(WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages(context => Problems.OfStatus(context.HttpContext));
        app.Use(RequestBodies.MiddlewareAsync);
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapOpenApi().AllowAnonymous();
        app.MapScalarApiReference(options => options.DisableDefaultFonts()).AllowAnonymous();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = c => c.Tags.Contains("ready") }).AllowAnonymous();
        var api = app.MapGroup("/api/v1");
        api.MapContracts();
        api.MapPayments();
        api.MapWebhooks();
        api.MapProviders();
        api.MapPayouts();
        api.MapPrices();
        api.MapBooks();
        api.MapReconciliation();
        api.MapTreasury();
        app.MapConsole();
    }
}
