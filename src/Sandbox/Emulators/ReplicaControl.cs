using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;

namespace Decent.Sandbox.Emulators;

/// <summary>The replica's control calls.</summary>
internal sealed class ReplicaControl(Uri replica, HttpClient http)
{
    /// <summary>Mints tokens.</summary>
    /// <param name="ledger">Ledger canister, text.</param>
    /// <param name="account">ICRC-1 account text.</param>
    /// <param name="units">Base units.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task MintAsync(string ledger, string account, BigInteger units, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsJsonAsync(
            new Uri(replica, "/control/mint"),
            new { ledger, account, units = units.ToString(CultureInfo.InvariantCulture) },
            cancellationToken);
        await RequireAsync(answer, cancellationToken);
    }

    /// <summary>Every block of a ledger.</summary>
    public async Task<JsonArray> BlocksAsync(string ledger, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(new Uri(replica, $"/control/blocks/{ledger}"), cancellationToken);
        await RequireAsync(answer, cancellationToken);
        var node = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
        return node as JsonArray ?? node!["blocks"]!.AsArray();
    }

    /// <summary>Sets faults of the replica.</summary>
    public async Task FaultsAsync(JsonObject faults, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsJsonAsync(new Uri(replica, "/control/faults"), faults, cancellationToken);
        await RequireAsync(answer, cancellationToken);
    }

    private static async Task RequireAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException(
                $"The replica answered {(int)answer.StatusCode}: "
                + await answer.Content.ReadAsStringAsync(cancellationToken));
        }
    }
}
