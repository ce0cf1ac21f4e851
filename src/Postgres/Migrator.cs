using System.Reflection;
using System.Security.Cryptography;
using Dapper;
using Npgsql;

namespace Decent.Postgres;

/// <summary>
/// Brings a database forward. Every module embeds numbered SQL files named <c>schema/NNNN_name.sql</c>; what is new is
/// applied in one transaction under an advisory lock, so that any number of hosts may start together.
/// </summary>
public static class Migrator
{
    // Any constant will do; it only has to be the same in every host.
    private const long LockKey = 0x4465_6365_6e74_4d67;

    private const string PrepareSql = """
        create schema if not exists ops;
        create table if not exists ops.migrations (
          key text primary key,
          sha256 bytea not null check (length(sha256) = 32),
          applied_at timestamptz not null
        );
        """;

    private const string AppliedSql = "select key, sha256 from ops.migrations";

    private const string RecordSql =
        "insert into ops.migrations (key, sha256, applied_at) values (@key, @sha256, @appliedAt)";

    /// <summary>Applies what is missing.</summary>
    /// <param name="owner">Connections as the owner of the database.</param>
    /// <param name="modules">Assemblies in the order of application; the house's own <c>ops</c> schema comes first.</param>
    /// <param name="cancellationToken">Stops; nothing is applied then.</param>
    /// <returns>Keys of the files applied now, in order; empty when the database was up to date.</returns>
    /// <exception cref="MigrationException">A file changed after it was applied, or the database is newer.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(
        NpgsqlDataSource owner, IReadOnlyList<Assembly> modules, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(modules);
        return await RunAsync(owner, await ReadAllAsync(modules, cancellationToken), cancellationToken);
    }

    /// <summary>Says which files are missing, and changes nothing.</summary>
    /// <param name="dataSource">Connections that may read <c>ops.migrations</c>.</param>
    /// <param name="modules">As in <see cref="RunAsync(NpgsqlDataSource, IReadOnlyList{Assembly}, CancellationToken)" />.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="MigrationException">A file changed after it was applied, or the database is newer.</exception>
    public static async Task<IReadOnlyList<string>> PendingAsync(
        NpgsqlDataSource dataSource, IReadOnlyList<Assembly> modules, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        ArgumentNullException.ThrowIfNull(modules);
        var files = await ReadAllAsync(modules, cancellationToken);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var exists = await connection.QuerySingleAsync<bool>(new CommandDefinition(
            "select to_regclass('ops.migrations') is not null", cancellationToken: cancellationToken));
        if (!exists)
        {
            return [.. files.Select(f => f.Key)];
        }

        var applied = await AppliedAsync(connection, null, cancellationToken);
        return [.. Missing(files, applied).Select(f => f.Key)];
    }

    internal static async Task<IReadOnlyList<string>> RunAsync(
        NpgsqlDataSource owner, IReadOnlyList<MigrationFile> files, CancellationToken cancellationToken)
    {
        await using var connection = await owner.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // Transaction-scoped on purpose: a session lock would outlive the return of the connection to its pool.
        await connection.ExecuteAsync(new CommandDefinition(
            "select pg_advisory_xact_lock(@key)", new { key = LockKey }, transaction, cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(
            PrepareSql, transaction: transaction, cancellationToken: cancellationToken));
        var pending = Missing(files, await AppliedAsync(connection, transaction, cancellationToken));
        foreach (var file in pending)
        {
            await ApplyAsync(connection, transaction, file, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        if (pending.Count > 0)
        {
            await connection.ReloadTypesAsync(cancellationToken);
        }

        return [.. pending.Select(f => f.Key)];
    }

    private static async Task ApplyAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, MigrationFile file, CancellationToken cancellationToken)
    {
        try
        {
#pragma warning disable CA2100 // The text is an embedded file of our own assembly.
            await using var command = new NpgsqlCommand(file.Sql, connection, transaction) { CommandTimeout = 0 };
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException e)
        {
            throw new MigrationException($"Migration {file.Key} failed: {e.MessageText}", e);
        }

        await connection.ExecuteAsync(new CommandDefinition(
            RecordSql,
            new { key = file.Key, sha256 = file.Sha256, appliedAt = TimeProvider.System.GetUtcNow().UtcDateTime },
            transaction,
            cancellationToken: cancellationToken));
    }

    private static async Task<Dictionary<string, byte[]>> AppliedAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync<(string Key, byte[] Sha256)>(new CommandDefinition(
            AppliedSql, transaction: transaction, cancellationToken: cancellationToken));
        return rows.ToDictionary(r => r.Key, r => r.Sha256, StringComparer.Ordinal);
    }

    private static List<MigrationFile> Missing(IReadOnlyList<MigrationFile> files, Dictionary<string, byte[]> applied)
    {
        foreach (var file in files)
        {
            if (applied.TryGetValue(file.Key, out var digest) && !digest.AsSpan().SequenceEqual(file.Sha256))
            {
                throw new MigrationException(
                    $"Migration {file.Key} was changed after it was applied; add a new file instead.");
            }
        }

        var carried = files.Select(f => f.Schema).ToHashSet(StringComparer.Ordinal);
        var known = files.Select(f => f.Key).ToHashSet(StringComparer.Ordinal);
        var newer = applied.Keys.Where(k => carried.Contains(MigrationFile.SchemaOf(k)) && !known.Contains(k)).Order(StringComparer.Ordinal);
        return newer.FirstOrDefault() is { } stranger
            ? throw new MigrationException($"The database has {stranger}, which this program does not know; it is newer.")
            : [.. files.Where(f => !applied.ContainsKey(f.Key))];
    }

    private static async Task<List<MigrationFile>> ReadAllAsync(IReadOnlyList<Assembly> modules, CancellationToken cancellationToken)
    {
        var files = new List<MigrationFile>();
        foreach (var module in modules.Prepend(typeof(Migrator).Assembly).Distinct())
        {
            var names = module.GetManifestResourceNames()
                .Where(n => n.EndsWith(".sql", StringComparison.Ordinal) && n.Contains('/', StringComparison.Ordinal))
                .Order(StringComparer.Ordinal);
            foreach (var name in names)
            {
                await using var stream = module.GetManifestResourceStream(name)!;
                using var reader = new StreamReader(stream);
                files.Add(MigrationFile.Of(name[..^".sql".Length], await reader.ReadToEndAsync(cancellationToken)));
            }
        }

        return files;
    }
}

/// <summary>The database cannot be brought forward; nothing was changed.</summary>
public sealed class MigrationException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>One numbered SQL file.</summary>
/// <param name="Key">Such as <c>ledger/0001_accounts</c>.</param>
/// <param name="Sql">Its text.</param>
/// <param name="Sha256">Digest of the text with line feeds alone, so that a checkout's line endings do not matter.</param>
internal sealed record MigrationFile(string Key, string Sql, byte[] Sha256)
{
    public string Schema => SchemaOf(Key);

    public static string SchemaOf(string key) => key[..key.IndexOf('/', StringComparison.Ordinal)];

    public static MigrationFile Of(string key, string sql)
    {
        var text = sql.ReplaceLineEndings("\n");
        return new MigrationFile(key, text, SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
    }
}
