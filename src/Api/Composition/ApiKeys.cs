using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Decent.Postgres;
using Npgsql;

namespace Decent.Api.Composition;

/// <summary>A caller as its key says.</summary>
/// <param name="Id">Id of the key.</param>
/// <param name="Name">Account id of the caller.</param>
/// <param name="Scopes">What it may do.</param>
public sealed record ApiCaller(Guid Id, string Name, IReadOnlyList<string> Scopes);

/// <summary>API keys: opaque texts, kept as SHA-256.</summary>
public sealed class ApiKeys(NpgsqlDataSource dataSource)
{
    private const string Prefix = "dk_";

    /// <summary>Makes a key with the owner's rights and answers its text, which is shown this once.</summary>
    /// <param name="owner">Data source of the owner role.</param>
    /// <param name="ids">Source of ids.</param>
    /// <param name="time">Clock.</param>
    /// <param name="name">Account id of the caller.</param>
    /// <param name="scopes">Scopes out of <see cref="Scopes.All" />.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="StartRefusedException">The name is empty or a scope is unknown.</exception>
    public static async Task<string> CreateAsync(
        NpgsqlDataSource owner, Ids ids, TimeProvider time, string name, IReadOnlyList<string> scopes, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(name) || scopes.Count == 0 || scopes.FirstOrDefault(s => !Scopes.All.Contains(s, StringComparer.Ordinal)) is { } _)
        {
            throw new StartRefusedException($"A key needs a name and scopes out of: {string.Join(' ', Scopes.All)}.");
        }

        var key = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        await using var connection = await owner.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into access.api_keys (id, name, key_sha256, scopes, created_at) values (@id, @name, @hash, @scopes, @now)",
            new { id = ids.Next(), name, hash = Hash(key), scopes = scopes.ToArray(), now = time.GetUtcNow() },
            cancellationToken: cancellationToken));
        return key;
    }

    /// <summary>The caller of a key, or null when there is no such live key.</summary>
    public async Task<ApiCaller?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (!key.StartsWith(Prefix, StringComparison.Ordinal) || key.Length > 128)
        {
            return null;
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<(Guid Id, string Name, string[] Scopes)?>(new CommandDefinition(
            "select id, name, scopes from access.api_keys where key_sha256 = @hash and revoked_at is null",
            new { hash = Hash(key) },
            cancellationToken: cancellationToken));
        return row is { } found ? new ApiCaller(found.Id, found.Name, found.Scopes) : null;
    }

    /// <summary>Whether a key still exists and is not revoked.</summary>
    public async Task<bool> IsLiveAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select 1 from access.api_keys where id = @id and revoked_at is null)",
            new { id },
            cancellationToken: cancellationToken));
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
