using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Decent.Sandbox.Supervision;

/// <summary>The loopback ports of a sandbox.</summary>
/// <param name="Host">REST and console.</param>
/// <param name="Replica">The local Internet Computer.</param>
/// <param name="ICPay">The ICPay emulator.</param>
/// <param name="Stripe">The Stripe emulator.</param>
/// <param name="Postgres">PostgreSQL.</param>
internal sealed record SandboxPorts(int Host, int Replica, int ICPay, int Stripe, int Postgres)
{
    private static readonly (string Name, int Default)[] Known =
        [("HOST", 8080), ("REPLICA", 8081), ("ICPAY", 8082), ("STRIPE", 8083), ("POSTGRES", 8084)];

    /// <summary>Ports from the environment (<c>DECENT_PORT_HOST</c>, <c>_REPLICA</c>, <c>_ICPAY</c>, <c>_STRIPE</c>,
    /// <c>_POSTGRES</c>) and the command line.</summary>
    /// <param name="hostPort">Port of the host from the command line; wins.</param>
    /// <param name="variable">Reads an environment variable.</param>
    /// <exception cref="SandboxException">A value is no port.</exception>
    public static SandboxPorts Read(string? hostPort, Func<string, string?> variable)
    {
        var ports = Known.Select(
            k => Parse($"DECENT_PORT_{k.Name}", variable($"DECENT_PORT_{k.Name}"), k.Default)).ToArray();
        ports[0] = Parse("--port", hostPort, ports[0]);
        return new SandboxPorts(ports[0], ports[1], ports[2], ports[3], ports[4]);
    }

    /// <summary>Five free ports.</summary>
    public static SandboxPorts Free()
    {
        // All are held together, so that none is handed out twice.
        var listeners = Enumerable.Range(0, Known.Length).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        try
        {
            var ports = listeners.Select(l =>
            {
                l.Start();
                return ((IPEndPoint)l.LocalEndpoint).Port;
            }).ToArray();
            return new SandboxPorts(ports[0], ports[1], ports[2], ports[3], ports[4]);
        }
        finally
        {
            Array.ForEach(listeners, l => l.Dispose());
        }
    }

    /// <summary>Refuses when a port is taken or named twice; nothing has been started then.</summary>
    /// <exception cref="SandboxException">Names the port and what it was for.</exception>
    public void RequireFree()
    {
        int[] ports = [Host, Replica, ICPay, Stripe, Postgres];
        for (var i = 0; i < ports.Length; i++)
        {
            var (name, port) = (Known[i].Name, ports[i]);
            if (Array.IndexOf(ports, port) != i)
            {
                throw new SandboxException($"Port {port} is given twice; set DECENT_PORT_{name} to another one.");
            }

            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
            }
            catch (SocketException)
            {
                throw new SandboxException(
                    $"Port {port} is taken; it is needed for {name.ToLowerInvariant()}. "
                    + $"Set DECENT_PORT_{name} to another one"
                    + (i == 0 ? " or use --port." : "."));
            }
        }
    }

    private static int Parse(string setting, string? text, int otherwise) => text switch
    {
        null or "" => otherwise,
        _ when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and < 65536 => port,
        _ => throw new SandboxException($"{setting} is '{text}'; a port is a number from 1 to 65535."),
    };
}

/// <summary>The sandbox cannot go on; the message is for the person who started it.</summary>
internal sealed class SandboxException(string message) : Exception(message);
