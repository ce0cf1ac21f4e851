using Dapper;
using Decent.Payments.Collections;
using Decent.Payments.Commands;
using Decent.Payments.Providers;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Decent.Payments.Contracts;

/// <summary>
/// Closes what may no longer be paid: collections of contracts past their deadline, and those of contracts that were
/// paid or cancelled otherwise. A contract expires only when each of its collections is closed at its rail, or was
/// read once more there; "already complete" means that the payment counts.
/// </summary>
internal sealed class DeadlineWork(
    ICommands commands,
    NpgsqlDataSource dataSource,
    Rails rails,
    Settlements settlements,
    TimeProvider time,
    ILogger<DeadlineWork> logger) : IDueWork
{
    private static readonly CommandContext Context = CommandContext.Job("job/payment-deadlines");
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LatePoll = TimeSpan.FromHours(1);

    private const string DueSql = """
        select id from payments.contracts where next_check_at <= @now order by next_check_at, id limit 500
        """;

    private const string NextSql = "select min(next_check_at) from payments.contracts having count(next_check_at) > 0";

    /// <inheritdoc />
    public string Name => "payment-deadlines";

    /// <inheritdoc />
    public async Task<int> RunDueAsync(CancellationToken cancellationToken)
    {
        List<string> due;
        await using (var connection = await dataSource.OpenConnectionAsync(cancellationToken))
        {
            due = (await connection.QueryAsync<string>(new CommandDefinition(
                DueSql, new { now = time.GetUtcNow() }, cancellationToken: cancellationToken))).AsList();
        }

        return await DueItems.EachAsync(due, CloseAsync, logger, Name, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<DateTimeOffset?>(
            new CommandDefinition(NextSql, cancellationToken: cancellationToken));
    }

    private async Task<bool> CloseAsync(string contractId, CancellationToken cancellationToken)
    {
        List<CollectionRow> collections;
        await using (var connection = await dataSource.OpenConnectionAsync(cancellationToken))
        {
            collections = await CollectionStore.OfContractAsync(connection, contractId, null, cancellationToken);
        }

        var allClosed = true;
        foreach (var collection in collections.Where(c => c.WaitsForMoney))
        {
            allClosed &= await CloseAsync(collection, cancellationToken);
        }

        await commands.RunAsync(Context, (s, ct) => FinishAsync(s, contractId, allClosed, ct), cancellationToken);
        return true;
    }

    /// <summary>Closes one collection at its rail.</summary>
    /// <returns>False when it is not certain that it is closed, so that it must be tried again.</returns>
    private async Task<bool> CloseAsync(CollectionRow collection, CancellationToken cancellationToken)
    {
        if (rails.Find(collection.Rail) is not { } rail)
        {
            return false;
        }

        if (collection.ProviderReference is not { } reference)
        {
            // Its start was never answered, so nobody was given a way to pay it.
            return (await commands.RunAsync(
                Context,
                (s, ct) => RecordAsync(s, collection, ExpireOutcome.NotFound, null, ct),
                cancellationToken)).Value;
        }

        var outcome = await rail.ExpireAsync(reference, cancellationToken);
        if (outcome == ExpireOutcome.Unknown)
        {
            return false;
        }

        var closed = outcome is ExpireOutcome.Expired or ExpireOutcome.NotFound;
        var reading = closed
            ? null
            : await rail.ReadAsync(
                new PaymentQuery(collection.Id, collection.ContractId, reference, collection.PaymentReference),
                cancellationToken);
        if (reading is ProviderReading.Unavailable)
        {
            return false;
        }

        return (await commands.RunAsync(
            Context, (s, ct) => RecordAsync(s, collection, outcome, reading, ct), cancellationToken)).Value;
    }

    private async Task<bool> RecordAsync(
        CommandSession session,
        CollectionRow collection,
        ExpireOutcome outcome,
        ProviderReading? reading,
        CancellationToken cancellationToken)
    {
        await ContractStore.LockAsync(session, collection.ContractId!, cancellationToken);
        if (reading is ProviderReading.Found found)
        {
            await settlements.TakeAsync(session, found.Translation, $"close:{collection.Id}", cancellationToken);
        }

        var row = await CollectionStore.LockAsync(session, collection.Id, cancellationToken);
        if (!row.WaitsForMoney)
        {
            return true;
        }

        // Complete but not paid: a slow payment method. Its end is awaited.
        if (outcome == ExpireOutcome.AlreadyPaid)
        {
            return false;
        }

        var canStillBePaid = outcome == ExpireOutcome.Unsupported;
        await CollectionStore.SaveAsync(
            session,
            row with
            {
                State = CollectionStates.Expired,
                NextPollAt = canStillBePaid ? session.Now + LatePoll : null,
                Polls = 0,
            },
            cancellationToken);
        return true;
    }

    private static async Task<bool> FinishAsync(
        CommandSession session, string contractId, bool allClosed, CancellationToken cancellationToken)
    {
        if (await ContractStore.LockAsync(session, contractId, cancellationToken) is not { } contract)
        {
            return false;
        }

        if (!allClosed)
        {
            await ContractStore.SaveQuietlyAsync(
                session, contract with { NextCheckAt = session.Now + RetryAfter }, cancellationToken);
            return false;
        }

        if (contract.Phase != ContractState.AwaitingPayment)
        {
            await ContractStore.SaveQuietlyAsync(session, contract with { NextCheckAt = null }, cancellationToken);
            return false;
        }

        await ContractStore.SaveAsync(
            session,
            contract with { State = ContractState.Expired.Name(), EndedAt = session.Now, NextCheckAt = null },
            "expired",
            "Not paid before the deadline.",
            cancellationToken);
        return true;
    }
}
