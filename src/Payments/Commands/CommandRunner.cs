using System.Text.Json;
using Dapper;
using Decent.Ledger.Books;
using Decent.Payments.Reconciliation;
using Npgsql;

namespace Decent.Payments.Commands;

/// <inheritdoc cref="ICommands" />
public sealed class CommandRunner(
    NpgsqlDataSource dataSource, IBooks books, TimeProvider time, IFindings? findings = null) : ICommands
{
    private const int MaxRuns = 8;
    private static readonly JsonSerializerOptions Json = CommandJson.Options;

    private const string ClaimSql = """
        insert into payments.http_idempotency (scope, key, body_digest, response, created_at)
        values (@scope, @key, @digest, null, @now)
        on conflict (scope, key) do nothing
        """;

    private const string ReadSql = """
        select body_digest, response::text from payments.http_idempotency where scope = @scope and key = @key
        """;

    private const string StoreSql = """
        update payments.http_idempotency set response = @response::jsonb where scope = @scope and key = @key
        """;

    /// <inheritdoc />
    public async Task<CommandResult<T>> RunAsync<T>(
        CommandContext context,
        Func<CommandSession, CancellationToken, Task<T>> body,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(body);
        for (var run = 1; ; run++)
        {
            try
            {
                return await RunOnceAsync(context, body, cancellationToken);
            }
            catch (PostgresException e) when (run < MaxRuns && e.SqlState is PostgresErrorCodes.DeadlockDetected
                                                  or PostgresErrorCodes.SerializationFailure)
            {
                // The transaction is gone as a whole, so the whole command runs again.
            }
        }
    }

    private async Task<CommandResult<T>> RunOnceAsync<T>(
        CommandContext context,
        Func<CommandSession, CancellationToken, Task<T>> body,
        CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = Microseconds(time.GetUtcNow());
        if (context.Idempotency is { } key
            && await FindFirstAsync<T>(transaction, key, now, cancellationToken) is { } first)
        {
            return first;
        }

        var session = new CommandSession(transaction, context, now);
        var value = await body(session, cancellationToken);
        if (context.Idempotency is { } storedKey)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                StoreSql,
                new
                {
                    scope = storedKey.Scope,
                    key = storedKey.Value,
                    response = JsonSerializer.Serialize(value, Json),
                },
                transaction,
                cancellationToken: cancellationToken));
        }

        if (!session.Books.IsEmpty)
        {
            var outcomes = await books.ApplyAsync(transaction, session.Books, now, cancellationToken);
            await ReportBreachesAsync(session, outcomes, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return new CommandResult<T>(value, false);
    }

    /// <summary>A fact is posted even when it goes through a limit; somebody must know about it.</summary>
    private async Task ReportBreachesAsync(
        CommandSession session, IReadOnlyList<BooksOutcome> outcomes, CancellationToken cancellationToken)
    {
        if (findings is null)
        {
            return;
        }

        foreach (var (outcome, breach) in outcomes.SelectMany(o => o.Breaches.Select(b => (o, b))))
        {
            await findings.RaiseAsync(
                session,
                new Finding(
                    "limit_breached",
                    FindingSeverity.Critical,
                    $"account:{breach.Account}:{breach.Balance.Asset.Code}",
                    $"Posting {outcome.Id} left {breach.Balance} on {breach.Account}; its limit is {breach.Limit}."),
                cancellationToken);
        }
    }

    private static async Task<CommandResult<T>?> FindFirstAsync<T>(
        NpgsqlTransaction transaction, IdempotencyKey key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // A concurrent request with the same key waits here until the first one commits or rolls back.
        var claimed = await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            ClaimSql,
            new { scope = key.Scope, key = key.Value, digest = key.BodyDigest.ToArray(), now },
            transaction,
            cancellationToken: cancellationToken));
        if (claimed == 1)
        {
            return null;
        }

        var (digest, response) = await transaction.Connection!.QuerySingleAsync<(byte[] Digest, string Response)>(
            new CommandDefinition(
                ReadSql,
                new { scope = key.Scope, key = key.Value },
                transaction,
                cancellationToken: cancellationToken));
        if (!digest.AsSpan().SequenceEqual(key.BodyDigest.Span))
        {
            throw new RefusedException("idempotency_conflict", "This Idempotency-Key was used with another request.")
            {
                Extensions = FirstResource(response),
            };
        }

        return new CommandResult<T>(JsonSerializer.Deserialize<T>(response, Json)!, true);
    }

    private static Dictionary<string, string> FirstResource(string response)
    {
        using var document = JsonDocument.Parse(response);
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("id", out var id)
            ? new Dictionary<string, string>(StringComparer.Ordinal) { ["firstId"] = id.ToString() }
            : new Dictionary<string, string>(StringComparer.Ordinal);
    }

    private static DateTimeOffset Microseconds(DateTimeOffset value) =>
        new(value.Ticks - (value.Ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
