using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Decent.Replica.Tests.Foreign;

/// <summary>
/// The official JavaScript client, run once against a replica on a real port with the machine's clock. What it found
/// is kept by check, for one test each.
/// </summary>
public sealed class ForeignClient : IAsyncLifetime
{
    private const int OldestNode = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly Dictionary<string, string?> faults = new(StringComparer.Ordinal);
    private string? missing;

    /// <summary>Fault by check, null where it passed. Ends the test when the client cannot run here.</summary>
    internal IReadOnlyDictionary<string, string?> Faults
    {
        get
        {
            if (missing is not null)
            {
                Testing.Missing.Stop(missing);
            }

            return faults;
        }
    }

    public async ValueTask InitializeAsync()
    {
        var scripts = Path.Combine(Root(), "tests", "Replica.Tests", "Foreign", "js");
        try
        {
            var version = await RunAsync("node", scripts, "--version");
            if (int.Parse(version.Output.TrimStart('v').Split('.')[0], CultureInfo.InvariantCulture) < OldestNode)
            {
                missing = $"The foreign client needs Node {OldestNode} or newer; this is {version.Output.Trim()}.";
                return;
            }

            var installed = await InstallAsync(scripts, Path.Combine(Root(), "artifacts", "foreign-client"));
            if (missing is null)
            {
                await RunClientAsync(installed);
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            missing = "The foreign client needs Node 20 or newer and npm: apt-get install nodejs npm.";
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>
    /// The script beside its packages, in a folder named by everything that decides its content. Made aside and moved
    /// into place, so that a broken installation is never taken for a good one.
    /// </summary>
    private async Task<string> InstallAsync(string scripts, string cache)
    {
        string[] files = [".npmrc", "client.mjs", "package-lock.json", "package.json"];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            hash.AppendData(await File.ReadAllBytesAsync(Path.Combine(scripts, file)));
        }

        var folder = Path.Combine(cache, Convert.ToHexStringLower(hash.GetHashAndReset())[..16]);
        if (Directory.Exists(folder))
        {
            return folder;
        }

        var aside = Directory.CreateDirectory(Path.Combine(cache, $"making-{Environment.ProcessId}")).FullName;
        foreach (var file in files)
        {
            File.Copy(Path.Combine(scripts, file), Path.Combine(aside, file), overwrite: true);
        }

        var (exit, _, error) = await RunAsync("npm", aside, "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        if (exit != 0)
        {
            missing = $"npm could not install the foreign client: {error}";
            return aside;
        }

        try
        {
            Directory.Move(aside, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            Directory.Delete(aside, recursive: true);
        }

        return folder;
    }

    private async Task RunClientAsync(string folder)
    {
        var data = Directory.CreateTempSubdirectory("decent-foreign").FullName;
        try
        {
            await using var app = ReplicaHost.Build(new ReplicaOptions { DataDirectory = data }, TimeProvider.System);
            await app.StartAsync();
            var (exit, output, error) = await RunAsync(
                "node",
                folder,
                "client.mjs",
                ReplicaHost.AddressOf(app).ToString(),
                WellKnownCanisters.CkUsdtLedger.ToText());
            foreach (var line in output.Split('\n').Where(static l => l.StartsWith('{')))
            {
                var check = JsonDocument.Parse(line).RootElement;
                faults.Add(check.GetProperty("check").GetString()!, check.GetProperty("fault").GetString());
            }

            if (exit != 0)
            {
                faults.Add($"node ended with {exit}", error);
            }
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<(int Exit, string Output, string Error)> RunAsync(
        string file, string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return (-1, "", $"{file} did not end within {Patience.TotalMinutes} minutes");
        }
    }

    private static string Root()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Decent.sln")))
            {
                return at.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not run inside a checkout.");
    }
}
