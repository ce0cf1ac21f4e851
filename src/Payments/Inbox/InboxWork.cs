using System.Text.Json;
using Decent.Payments.Collections;
using Decent.Payments.Commands;
using Decent.Payments.Facts;
using Decent.Payments.Reconciliation;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Decent.Payments.Inbox;

/// <summary>
/// Works stored deliveries off: translate, store the facts, fold, book, all in one transaction with the mark that it
/// is done. A delivery that fails again and again is set aside with a finding; the raw body stays.
/// </summary>
internal sealed class InboxWork(
    ICommands commands,
    NpgsqlDataSource dataSource,
    IEnumerable<IFactTranslator> translators,
    Settlements settlements,
    IFindings findings,
    ILogger<InboxWork> logger) : IDueWork
{
    private const int MostAttempts = 10;

    private static readonly CommandContext Context = CommandContext.Job("job/inbox");

    private readonly Dictionary<string, IFactTranslator> _translators =
        translators.ToDictionary(t => t.ProviderId, StringComparer.Ordinal);

    /// <inheritdoc />
    public string Name => "inbox";

    /// <inheritdoc />
    public Task<int> RunDueAsync(CancellationToken cancellationToken) =>
        DueItems.UntilNoneAsync(NextAsync, cancellationToken);

    /// <inheritdoc />
    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await InboxStore.NextDueAsync(connection, cancellationToken);
    }

    private async Task<bool> NextAsync(CancellationToken cancellationToken)
    {
        InboxRow? taken = null;
        try
        {
            return (await commands.RunAsync(
                Context,
                async (s, ct) =>
                {
                    taken = await InboxStore.LockNextAsync(s, ct);
                    if (taken is not { } row)
                    {
                        return false;
                    }

                    var outcome = await settlements.TakeAsync(s, Translate(row), $"{row.Source}:{row.EventId}", ct);
                    await InboxStore.DoneAsync(s, row, outcome, ct);
                    return true;
                },
                cancellationToken)).Value;
        }
        catch (Exception e) when (taken is not null
            && (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested))
        {
            var row = taken;
            logger.LogError(e, "Delivery {Source}:{Event} failed.", row.Source, row.EventId);
            await commands.RunAsync(Context, (s, ct) => PutOffAsync(s, row, e, ct), cancellationToken);
            return true;
        }
    }

    private Translation Translate(InboxRow row)
    {
        if (!_translators.TryGetValue(row.Source, out var translator))
        {
            throw new InvalidOperationException($"The rail '{row.Source}' is not enabled any more.");
        }

        using var document = JsonDocument.Parse(row.Body);
        return translator.Translate(document.RootElement);
    }

    private async Task<bool> PutOffAsync(
        CommandSession session, InboxRow row, Exception fault, CancellationToken cancellationToken)
    {
        var last = row.Attempts + 1 >= MostAttempts;
        DateTimeOffset? retryAt = last ? null : session.Now + TimeSpan.FromSeconds(5 << row.Attempts);
        var outcome = fault.GetType().Name + ": " + fault.Message;
        await InboxStore.RetryAsync(session, row, retryAt, outcome, cancellationToken);
        if (last)
        {
            await findings.RaiseAsync(
                session,
                new Finding(
                    "webhook_set_aside",
                    FindingSeverity.Critical,
                    $"webhook:{row.Source}:{row.EventId}",
                    $"The delivery '{row.Type}' failed {MostAttempts} times and was set aside: {fault.Message}"),
                cancellationToken);
        }

        return true;
    }
}
