using Npgsql;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Decent.Api.Composition;

/// <summary>Traces and metrics; sent only when OTEL_EXPORTER_OTLP_ENDPOINT is set.</summary>
internal static class TelemetryModule
{
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var telemetry = builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing
                .AddSource("Decent.*")
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddNpgsql())
            .WithMetrics(metrics => metrics
                .AddMeter("Decent.*", "Npgsql", "Quartz", "Polly")
                .AddAspNetCoreInstrumentation()
                .AddRuntimeInstrumentation());
        if (!string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            OpenTelemetry.OpenTelemetryBuilderOtlpExporterExtensions.UseOtlpExporter(telemetry);
        }
    }
}
