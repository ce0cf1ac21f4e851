using System.Text.Json.Nodes;

namespace Decent.Sandbox.Hosting;

/// <summary>Asks the emulators which webhooks have not arrived yet.</summary>
internal sealed class EmulatorTraffic(HttpClient http, IReadOnlyList<Uri> emulators) : IOutsideTraffic
{
    /// <inheritdoc />
    public async Task<int> PendingAsync(CancellationToken cancellationToken)
    {
        var pending = 0;
        foreach (var emulator in emulators)
        {
            var answer = await http.GetFromJsonAsync<JsonObject>(new Uri(emulator, "/control/idle"), cancellationToken);
            pending += answer!["pending"]!.GetValue<int>();
        }

        return pending;
    }
}
