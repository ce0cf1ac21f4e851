using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Decent.Acceptance.Tests;

/// <summary>The product as a person starts it: one process, known by what it prints and where it listens.</summary>
internal sealed class SandboxProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _progress = new();

    private SandboxProcess(Process process, string state)
    {
        _process = process;
        State = state;
    }

    /// <summary>The state folder.</summary>
    public string State { get; }

    /// <summary>Everything on standard output so far.</summary>
    public string Output => Read(_output);

    /// <summary>Everything on standard error so far.</summary>
    public string Progress => Read(_progress);

    /// <summary>Process id of the supervisor.</summary>
    public int Id => _process.Id;

    /// <summary>True when it ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What runs where, once it is ready.</summary>
    public JsonNode? Run => ReadJson("run.json");

    /// <summary>The API keys.</summary>
    public JsonNode Keys =>
        ReadJson(Path.Combine("secrets", "api-keys.json")) ?? throw new InvalidOperationException("No keys.");

    /// <summary>Process id of the host as it runs now; 0 while there is none.</summary>
    public int HostId => Run?["hostProcessId"]?.GetValue<int>() ?? 0;

    /// <summary>Starts the product.</summary>
    /// <param name="state">State folder; null makes one of its own.</param>
    /// <param name="arguments">Command and options without <c>--state</c>.</param>
    public static SandboxProcess Start(string? state, params IReadOnlyList<string> arguments)
    {
        state ??= NewState();
        // Whoever started the tests may have Ctrl-C ignored for all below; a person's shell has not.
        var info = new ProcessStartInfo("env")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        foreach (var argument in (string[])["--default-signal=INT", Runtime, Assembly, .. arguments, "--state", state])
        {
            info.ArgumentList.Add(argument);
        }

        if (arguments[0] == "up")
        {
            foreach (var (name, port) in new[] { "HOST", "REPLICA", "ICPAY", "STRIPE", "POSTGRES" }.Zip(FreePorts(5)))
            {
                info.Environment["DECENT_PORT_" + name] = port.ToString(CultureInfo.InvariantCulture);
            }
        }

        var sandbox = new SandboxProcess(new Process { StartInfo = info }, state);
        sandbox._process.OutputDataReceived += (_, line) => Append(sandbox._output, line.Data);
        sandbox._process.ErrorDataReceived += (_, line) => Append(sandbox._progress, line.Data);
        sandbox._process.Start();
        sandbox._process.BeginOutputReadLine();
        sandbox._process.BeginErrorReadLine();
        return sandbox;
    }

    /// <summary>A folder that PostgreSQL's account can reach.</summary>
    public static string NewState() =>
        Path.Combine(
            Path.GetTempPath(), "decent-acceptance-" + RandomNumberGenerator.GetHexString(12, lowercase: true));

    /// <summary>Waits until it is ready.</summary>
    public async Task<JsonNode> ReadyAsync()
    {
        await UntilAsync(() => Run is not null || HasExited, "ready");
        return Run ?? throw new InvalidOperationException($"It ended with {_process.ExitCode}:\n{Progress}");
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>Waits until something holds.</summary>
    /// <param name="holds">What has to hold.</param>
    /// <param name="what">The same in words.</param>
    /// <param name="detail">What is seen instead, for the message.</param>
    public async Task UntilAsync(Func<bool> holds, string what, Func<string>? detail = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (!holds())
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"Not {what} within {Patience}: {detail?.Invoke()}\n{Progress}");
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Sends a signal.</summary>
    /// <param name="processId">To whom.</param>
    /// <param name="signal">Such as 9.</param>
    public static void Signal(int processId, int signal) => _ = Kill(processId, signal);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal(_process.Id, 15);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    /// <summary>Removes a state folder.</summary>
    public static void Remove(string state)
    {
        if (Directory.Exists(state))
        {
            Directory.Delete(state, recursive: true);
        }
    }

    private static string Runtime =>
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    // The sandbox's own output folder beside ours, where the console's files are found.
    private static string Assembly
    {
        get
        {
            var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            return Path.Combine(own.Parent!.Parent!.FullName, "Sandbox", own.Name, "Decent.Sandbox.dll");
        }
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        try
        {
            Array.ForEach(listeners, l => l.Start());
            return [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        }
        finally
        {
            Array.ForEach(listeners, l => l.Dispose());
        }
    }

    private JsonNode? ReadJson(string name)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(Path.Combine(State, name)));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
        {
            text.AppendLine(line);
        }
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int processId, int signal);
}
