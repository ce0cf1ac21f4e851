using System.Text.Json;
using Decent.Api.Composition;
using Decent.Postgres;
using Npgsql;

namespace Decent.Sandbox.Supervision;

/// <summary>The API keys of a sandbox, by caller.</summary>
/// <param name="Marketplace">Registers contracts, starts collections, sets payout accounts, reads.</param>
/// <param name="Treasurer">Drafts payouts, accepts deposits, reconciles, reads.</param>
/// <param name="Approver">Approves payouts; may not draft them.</param>
/// <param name="Operator">Everything a person at the console may do.</param>
internal sealed record SandboxKeys(string Marketplace, string Treasurer, string Approver, string Operator)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static readonly string[] Reading =
    [
        Scopes.ContractsRead, Scopes.PaymentsRead, Scopes.PayoutsRead, Scopes.BooksRead, Scopes.OracleRead,
        Scopes.FindingsRead,
    ];

    /// <summary>Reads the keys of a state folder.</summary>
    /// <exception cref="SandboxException">There are none yet.</exception>
    public static SandboxKeys Read(SandboxSecrets secrets) => File.Exists(secrets.ApiKeys)
        ? JsonSerializer.Deserialize<SandboxKeys>(File.ReadAllText(secrets.ApiKeys), Json)!
        : throw new SandboxException("This sandbox has no keys yet; start it with './decent up'.");

    /// <summary>The keys, made now when the database does not know them.</summary>
    public static async Task<SandboxKeys> EnsureAsync(
        SandboxSecrets secrets, NpgsqlDataSource owner, TimeProvider time, CancellationToken cancellationToken)
    {
        if (File.Exists(secrets.ApiKeys)
            && Read(secrets) is var known
            && await new ApiKeys(owner).FindAsync(known.Operator, cancellationToken) is not null)
        {
            return known;
        }

        var ids = new Ids(time);
        Task<string> Make(string name, params string[] scopes) =>
            ApiKeys.CreateAsync(
                owner, ids, time, name, [.. scopes.Distinct(StringComparer.Ordinal)], cancellationToken);

        // The operator's key is made last: it is the one that tells whether all were made.
        var keys = new SandboxKeys(
            await Make("marketplace", [Scopes.ContractsWrite, Scopes.PaymentsWrite, Scopes.PayeesWrite, .. Reading]),
            await Make("treasurer", [Scopes.PayoutsCreate, Scopes.TreasuryWrite, Scopes.FindingsWrite, .. Reading]),
            await Make("approver", [Scopes.PayoutsApprove, Scopes.PayoutsRead]),
            await Make("operator", [.. Scopes.All]));
        SandboxSecrets.Write(secrets.ApiKeys, JsonSerializer.Serialize(keys, Json));
        return keys;
    }
}
