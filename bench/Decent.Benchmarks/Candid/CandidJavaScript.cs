using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Decent.Benchmarks.Candid;

/// <summary>The same messages by the official JavaScript library, in Node.</summary>
internal sealed class CandidJavaScript
{
    private const string Package = "@icp-sdk/core@5.4.0";

    private readonly string _folder;

    private CandidJavaScript(string folder) => _folder = folder;

    /// <summary>Installs the library into a cache folder; null when Node or the library is not to be had.</summary>
    internal static async Task<CandidJavaScript?> PrepareAsync(
        Action<string> progress, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "decent", "candid-javascript");
        Directory.CreateDirectory(folder);
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "@icp-sdk", "core")))
        {
            progress("candid: installing " + Package);
            var installed = await RunAsync(
                "npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", Package], cancellationToken);
            if (installed is null)
            {
                progress("candid: npm is not there or cannot install; the JavaScript stack is not measured");
                return null;
            }
        }

        File.Copy(
            Path.Combine(AppContext.BaseDirectory, "Candid", "candid.mjs"),
            Path.Combine(folder, "candid.mjs"),
            overwrite: true);
        return new CandidJavaScript(folder);
    }

    /// <summary>CPU nanoseconds per operation, or null when it fails.</summary>
    internal async Task<double?> MeasureAsync(string name, CancellationToken cancellationToken)
    {
        var answer = await RunAsync("node", [Path.Combine(_folder, "candid.mjs"), name], cancellationToken);
        return double.TryParse(answer, NumberStyles.Float, CultureInfo.InvariantCulture, out var ns) ? ns : null;
    }

    private static async Task<string?> RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            };
            using var process = Process.Start(start)!;
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
