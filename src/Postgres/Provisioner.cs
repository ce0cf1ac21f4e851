using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Dapper;
using Npgsql;

namespace Decent.Postgres;

/// <summary>
/// Makes what belongs to the whole cluster, as a superuser: the roles and the database. Safe to repeat and to run
/// from several places at once.
/// </summary>
/// <remarks>
/// <c>decent_owner</c> owns the database and runs migrations; <c>decent_app</c> is what the host connects as and has
/// only what the modules' migrations grant it.
/// </remarks>
/// <param name="superuserConnectionString">Connects as a superuser, to any database of the cluster.</param>
public sealed partial class Provisioner(string superuserConnectionString)
{
    /// <summary>Owner of the database; runs migrations.</summary>
    public const string OwnerRole = "decent_owner";

    /// <summary>Role of the running host.</summary>
    public const string AppRole = "decent_app";

    private const string LockSql = "select pg_advisory_lock(4928197402183655538)";

    private const string RolesSql = """
        do $$
        begin
          if not exists (select from pg_roles where rolname = 'decent_owner') then
            create role decent_owner login nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
          end if;
          if not exists (select from pg_roles where rolname = 'decent_app') then
            create role decent_app login nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
          end if;
        end
        $$;
        """;

    /// <summary>Makes roles and database.</summary>
    /// <param name="database">Name: lower-case letters, digits and underscores.</param>
    /// <param name="passwords">Passwords to set; null where the cluster asks for none.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task ProvisionAsync(string database, RolePasswords? passwords, CancellationToken cancellationToken)
    {
        CheckName(database);
        await EnsureRolesAsync(passwords, cancellationToken);
        await EnsureDatabaseAsync(database, cancellationToken);
    }

    /// <summary>Makes the roles if they are missing and sets their passwords if given.</summary>
    public async Task EnsureRolesAsync(RolePasswords? passwords, CancellationToken cancellationToken)
    {
        await using var connection = await OpenLockedAsync(cancellationToken);
        await ExecuteAsync(connection, RolesSql, cancellationToken);
        if (passwords is not null)
        {
            await SetPasswordAsync(connection, OwnerRole, passwords.Owner, cancellationToken);
            await SetPasswordAsync(connection, AppRole, passwords.App, cancellationToken);
        }
    }

    /// <summary>Makes the database if it is missing, owned by <see cref="OwnerRole" />, closed to the public.</summary>
    /// <param name="database">Name: lower-case letters, digits and underscores.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <param name="template">Database to copy, closed to the public itself; null for an empty one.</param>
    /// <returns>True when it was made now.</returns>
    /// <exception cref="ArgumentException">The name has other characters than allowed.</exception>
    public async Task<bool> EnsureDatabaseAsync(
        string database, CancellationToken cancellationToken, string? template = null)
    {
        CheckName(database);
        CheckName(template ?? "template0");
        await using var connection = await OpenLockedAsync(cancellationToken);
        var exists = await connection.QuerySingleAsync<bool>(new CommandDefinition(
            "select exists (select from pg_database where datname = @database)",
            new { database },
            cancellationToken: cancellationToken));
        if (!exists)
        {
            await ExecuteAsync(
                connection, $"create database {database} owner {OwnerRole} template {template ?? "template0"}", cancellationToken);
        }

        await ExecuteAsync(connection, $"revoke all on database {database} from public", cancellationToken);
        await ExecuteAsync(connection, $"grant connect on database {database} to {AppRole}", cancellationToken);
        if (template is null)
        {
            await CloseToPublicAsync(database, cancellationToken);
        }

        return !exists;
    }

    private static void CheckName(string database)
    {
        if (!Name().IsMatch(database))
        {
            throw new ArgumentException(
                "A database name is 1 to 63 lower-case letters, digits and underscores and starts with a letter.",
                nameof(database));
        }
    }

    private async Task CloseToPublicAsync(string database, CancellationToken cancellationToken)
    {
        // Functions are executable by everybody unless told otherwise; ours run with their owner's rights.
        await using var inside = await OpenAsync(database, cancellationToken);
        await ExecuteAsync(
            inside, $"alter default privileges for role {OwnerRole} revoke execute on functions from public", cancellationToken);
        await ExecuteAsync(inside, "revoke create on schema public from public", cancellationToken);
    }

    private async Task<NpgsqlConnection> OpenLockedAsync(CancellationToken cancellationToken)
    {
        // A session lock is right here: the connection is not pooled, so closing it gives the lock back.
        var connection = await OpenAsync("postgres", cancellationToken);
        await ExecuteAsync(connection, LockSql, cancellationToken);
        return connection;
    }

    private async Task<NpgsqlConnection> OpenAsync(string database, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(superuserConnectionString) { Database = database, Pooling = false };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    private static async Task SetPasswordAsync(
        NpgsqlConnection connection, string role, string password, CancellationToken cancellationToken)
    {
        // ALTER ROLE takes no parameters; format() quotes on the server.
        var statement = await connection.QuerySingleAsync<string>(new CommandDefinition(
            "select format('alter role %I password %L', @role, @password)",
            new { role, password },
            cancellationToken: cancellationToken));
        await ExecuteAsync(connection, statement, cancellationToken);
    }

    private static Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(sql, commandTimeout: 120, cancellationToken: cancellationToken));

    [GeneratedRegex("^[a-z][a-z0-9_]{0,62}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();
}

/// <summary>Passwords of the two roles.</summary>
/// <param name="Owner">Of <see cref="Provisioner.OwnerRole" />.</param>
/// <param name="App">Of <see cref="Provisioner.AppRole" />.</param>
public sealed record RolePasswords(string Owner, string App)
{
    /// <summary>Two fresh random passwords of 192 bits.</summary>
    public static RolePasswords Generate() => new(RandomPassword(), RandomPassword());

    internal static string RandomPassword() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
}
