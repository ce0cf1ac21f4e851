using Dapper;
using Npgsql;

namespace Decent.Postgres.Leases;

/// <summary>
/// Named leases in the database. They run on machine time, never on the business clock: a sandbox that jumps a month
/// must not take the work away from a live host.
/// </summary>
public sealed class LeaseStore(NpgsqlDataSource dataSource, TimeProvider machineTime)
{
    private const string AcquireSql = """
        insert into ops.leases as l (name, holder, token, expires_at) values (@name, @holder, 1, @expiresAt)
        on conflict (name) do update
          set holder = excluded.holder, token = l.token + 1, expires_at = excluded.expires_at
          where l.expires_at <= @now
        returning token
        """;

    private const string RenewSql = """
        update ops.leases set expires_at = @expiresAt
        where name = @name and token = @token and expires_at > @now
        """;

    private const string ReleaseSql = "update ops.leases set expires_at = @now where name = @name and token = @token";

    private const string FenceSql = "select token from ops.leases where name = @name for share";

    /// <summary>Takes a lease that is free or has run out.</summary>
    /// <returns>The lease, or null while somebody else holds it.</returns>
    public async Task<Lease?> TryAcquireAsync(string name, string holder, TimeSpan duration, CancellationToken cancellationToken)
    {
        var now = machineTime.GetUtcNow();
        var expiresAt = now + duration;
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var token = await connection.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(
            AcquireSql,
            new { name, holder, expiresAt = expiresAt.UtcDateTime, now = now.UtcDateTime },
            cancellationToken: cancellationToken));
        return token is { } granted ? new Lease(name, holder, granted, expiresAt) : null;
    }

    /// <summary>Keeps a lease for longer.</summary>
    /// <returns>The lease with its new end, or null when it has run out or somebody else holds it.</returns>
    public async Task<Lease?> RenewAsync(Lease lease, TimeSpan duration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        var now = machineTime.GetUtcNow();
        var expiresAt = now + duration;
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var renewed = await connection.ExecuteAsync(new CommandDefinition(
            RenewSql,
            new { name = lease.Name, token = lease.Token, expiresAt = expiresAt.UtcDateTime, now = now.UtcDateTime },
            cancellationToken: cancellationToken));
        return renewed == 1 ? lease with { ExpiresAt = expiresAt } : null;
    }

    /// <summary>Gives a lease back early; nothing happens when it is not held any more.</summary>
    public async Task ReleaseAsync(Lease lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            ReleaseSql,
            new { name = lease.Name, token = lease.Token, now = machineTime.GetUtcNow().UtcDateTime },
            cancellationToken: cancellationToken));
    }

    /// <summary>
    /// Whether a lease is still the last one granted, in the caller's transaction; until that ends nobody else can
    /// take it. Call it before the writes the lease protects.
    /// </summary>
    public static async Task<bool> IsCurrentAsync(NpgsqlTransaction transaction, Lease lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(lease);
        var token = await transaction.Connection!.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(
            FenceSql, new { name = lease.Name }, transaction, cancellationToken: cancellationToken));
        return token == lease.Token;
    }
}
