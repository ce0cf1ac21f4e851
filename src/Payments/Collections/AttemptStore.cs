using System.Text.Json;
using Dapper;
using Decent.Payments.Commands;
using Decent.Payments.Providers;
using Npgsql;

namespace Decent.Payments.Collections;

/// <summary>Calls that start a collection; each row is committed before its call leaves.</summary>
internal static class AttemptStore
{
    private const string InsertSql = """
        insert into payments.collection_attempts (collection_id, n, idempotency_key, request, outcome, created_at)
        values (@collectionId, 1, @key, @request::jsonb, 'committed', @now)
        """;

    private const string AnswerSql = """
        update payments.collection_attempts
        set outcome = @outcome, detail = @detail, answered_at = @now
        where collection_id = @collectionId and n = 1 and outcome in ('committed', 'unknown')
        """;

    private const string RequestSql =
        "select request::text from payments.collection_attempts where collection_id = @collectionId and n = 1";

    /// <summary>Stores what will be sent.</summary>
    public static Task InsertAsync(
        CommandSession session, CheckoutRequest request, CancellationToken cancellationToken)
    {
        var arguments = new
        {
            collectionId = request.CollectionId,
            key = request.IdempotencyKey,
            request = JsonSerializer.Serialize(request, CommandJson.Options),
            now = session.Now,
        };
        return session.Connection.ExecuteAsync(
            new CommandDefinition(InsertSql, arguments, session.Transaction, cancellationToken: cancellationToken));
    }

    /// <summary>Stores how it ended; an end that is known stays.</summary>
    public static Task AnswerAsync(
        CommandSession session,
        Guid collectionId,
        string outcome,
        string? detail,
        CancellationToken cancellationToken) =>
        session.Connection.ExecuteAsync(new CommandDefinition(
            AnswerSql,
            new { collectionId, outcome, detail, now = session.Now },
            session.Transaction,
            cancellationToken: cancellationToken));

    /// <summary>What was sent, or will be; the same on every retry.</summary>
    public static async Task<CheckoutRequest> RequestAsync(
        NpgsqlConnection connection, Guid collectionId, CancellationToken cancellationToken)
    {
        var json = await connection.QuerySingleAsync<string>(
            new CommandDefinition(RequestSql, new { collectionId }, cancellationToken: cancellationToken));
        return JsonSerializer.Deserialize<CheckoutRequest>(json, CommandJson.Options)
            ?? throw new InvalidOperationException($"The stored request of collection {collectionId} is empty.");
    }
}
