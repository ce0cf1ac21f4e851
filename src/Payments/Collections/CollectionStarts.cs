using Dapper;
using Decent.Payments.Commands;
using Decent.Payments.Providers;
using Decent.Postgres;
using Npgsql;

namespace Decent.Payments.Collections;

/// <summary>
/// Carries a stored start to the rail and its answer back. Without an answer the collection stays <c>starting</c>:
/// with idempotency keys the same request goes again, without them the rail is asked first whether it has it.
/// </summary>
internal sealed class CollectionStarts(
    ICommands commands, NpgsqlDataSource dataSource, Rails rails, IFaultProbe probe)
{
    /// <summary>How long an answer may take before somebody else asks for it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan FirstPoll = TimeSpan.FromMinutes(5);

    // The stored answer of the HTTP request is the collection once it is open, not the intent to open it.
    private const string ReplaySql = """
        update payments.http_idempotency set response = @response::jsonb where scope = @scope and key = @key
        """;

    /// <summary>Sends the stored request, or asks for its answer, and records what is known then.</summary>
    /// <param name="context">Who asks; with the key under which the start was asked for, if it was.</param>
    /// <param name="collectionId">The collection.</param>
    /// <param name="firstTry">True when nothing can have been sent before.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<CollectionView> DriveAsync(
        CommandContext context, Guid collectionId, bool firstTry, CancellationToken cancellationToken)
    {
        CheckoutRequest request;
        CollectionRow row;
        await using (var connection = await dataSource.OpenConnectionAsync(cancellationToken))
        {
            request = await AttemptStore.RequestAsync(connection, collectionId, cancellationToken);
            row = await CollectionStore.GetAsync(connection, collectionId, null, cancellationToken)
                ?? throw new InvalidOperationException($"Collection {collectionId} is gone.");
        }

        if (row.State != CollectionStates.Starting || rails.Find(row.Rail) is not { } rail)
        {
            return row.ToView();
        }

        probe.Reached("attempt_committed");
        var outcome = firstTry
            ? await rail.StartAsync(request, cancellationToken)
            : await rail.FindStartedAsync(request, cancellationToken)
                ?? await rail.StartAsync(request, cancellationToken);
        probe.Reached("answer_received");

        // The key itself is used up by the intent; the answer is an internal step of the same request.
        var recorded = await commands.RunAsync(
            context with { Idempotency = null },
            (s, ct) => RecordAsync(s, context.Idempotency, collectionId, outcome, ct),
            cancellationToken);
        return recorded.Value;
    }

    private static async Task<CollectionView> RecordAsync(
        CommandSession session,
        IdempotencyKey? key,
        Guid collectionId,
        StartOutcome outcome,
        CancellationToken cancellationToken)
    {
        var row = await CollectionStore.LockAsync(session, collectionId, cancellationToken);
        var (attempt, detail) = outcome switch
        {
            StartOutcome.Started s => ("started", s.ProviderReference),
            StartOutcome.Refused r => ("refused", $"{r.Code}: {r.Detail}"),
            StartOutcome.Unknown u => ("unknown", u.Why),
            _ => throw new InvalidOperationException("No such outcome."),
        };
        await AttemptStore.AnswerAsync(session, collectionId, attempt, detail, cancellationToken);
        var next = row.State == CollectionStates.Starting
            ? Answered(row, outcome, session.Now)
            : Completed(row, outcome);
        await CollectionStore.SaveAsync(session, next, cancellationToken);
        var view = next.ToView();
        if (key is not null && next.State != CollectionStates.Starting)
        {
            var response = System.Text.Json.JsonSerializer.Serialize(view, CommandJson.Options);
            await session.Connection.ExecuteAsync(new CommandDefinition(
                ReplaySql,
                new { scope = key.Scope, key = key.Value, response },
                session.Transaction,
                cancellationToken: cancellationToken));
        }

        return view;
    }

    private static CollectionRow Answered(CollectionRow row, StartOutcome outcome, DateTimeOffset now) => outcome switch
    {
        StartOutcome.Started started => Completed(row, started) with
        {
            State = CollectionStates.Open,
            OpenedAt = now,
            NextPollAt = now + FirstPoll,
            Polls = 0,
            Error = null,
        },
        StartOutcome.Refused refused => row with
        {
            State = CollectionStates.Failed,
            NextPollAt = null,
            Error = $"{refused.Code}: {refused.Detail}",
        },
        StartOutcome.Unknown unknown => row with
        {
            NextPollAt = now + Backoff(row.Polls),
            Polls = row.Polls + 1,
            Error = unknown.Why,
        },
        _ => row,
    };

    /// <summary>
    /// A webhook may have opened the collection before the answer came; what it could not know is filled in.
    /// </summary>
    private static CollectionRow Completed(CollectionRow row, StartOutcome outcome) =>
        outcome is StartOutcome.Started started
        && (row.ProviderReference is null || row.ProviderReference == started.ProviderReference)
            ? row with
            {
                ProviderReference = started.ProviderReference,
                CheckoutUrl = row.CheckoutUrl ?? started.CheckoutUrl,
                ExpectedAsset = row.ExpectedAsset ?? row.Token,
                ExpectedUnits = row.ExpectedUnits ?? started.ExpectedUnits,
            }
            : row;

    private static TimeSpan Backoff(int tries) => TimeSpan.FromSeconds(Math.Min(3600, 30 << Math.Min(tries, 7)));
}
