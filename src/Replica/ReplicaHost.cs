using System.Net;
using Decent.Replica.Execution;
using Decent.Replica.Faults;
using Decent.Replica.Http;
using Decent.Replica.State;
using Decent.Replica.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Decent.Replica;

/// <summary>Builds the local Internet Computer as a web application on the loopback interface.</summary>
public static class ReplicaHost
{
    /// <summary>A replica from a command line; see <see cref="ReplicaOptions.FromArguments"/>.</summary>
    /// <param name="args">Command line.</param>
    /// <exception cref="ArgumentException">A value is missing or no number.</exception>
    public static WebApplication Build(string[] args) => Build(ReplicaOptions.FromArguments(args));

    /// <summary>A replica that is not started yet. Its state is replayed from the log here.</summary>
    /// <param name="options">How to start it.</param>
    /// <param name="clock">
    /// Business time; null takes the clock file of the options, or the machine's time without one.
    /// </param>
    /// <param name="signer">Signs certificates; null takes the keys of the data directory, making them first.</param>
    /// <exception cref="InvalidDataException">The data directory is damaged or not a replica's.</exception>
    /// <exception cref="IOException">The data directory is in use or cannot be written.</exception>
    public static WebApplication Build(
        ReplicaOptions options, TimeProvider? clock = null, ICertificateSigner? signer = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.Limits.MaxRequestBodySize = 2L * IngressRules.MaxBody;
            kestrel.AddServerHeader = false;
        });
        if (clock is not null)
        {
            builder.Services.AddSingleton(clock);
        }
        else
        {
            // Through a factory, so that the container disposes the clock it made.
            builder.Services.AddSingleton(_ =>
                options.ClockFile is { } file ? new SandboxClock(file) : TimeProvider.System);
        }

        builder.Services.AddSingleton<FaultBoard>();
        builder.Services.AddSingleton(services => new ReplicaEngine(
            options, services.GetRequiredService<TimeProvider>(), signer));
        var app = builder.Build();
        var engine = app.Services.GetRequiredService<ReplicaEngine>();
        var faults = app.Services.GetRequiredService<FaultBoard>();
        new ApiEndpoints(engine, faults, TimeProvider.System).Map(app);
        new ControlEndpoints(engine, faults).Map(app);
        return app;
    }

    /// <summary>The address a started replica listens on, such as <c>http://127.0.0.1:4943</c>.</summary>
    /// <param name="app">The replica.</param>
    /// <exception cref="InvalidOperationException">It is not started.</exception>
    public static Uri AddressOf(WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses;
        return addresses is { Count: > 0 }
            ? new Uri(addresses.First())
            : throw new InvalidOperationException("The replica is not started.");
    }

    /// <summary>The faults of a replica, for tests in the same process.</summary>
    /// <param name="app">The replica.</param>
    public static FaultBoard FaultsOf(WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.Services.GetRequiredService<FaultBoard>();
    }
}
