using Decent.Payments.Commands;
using Decent.Payments.Contracts;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Decent.Payments.Releases;

/// <summary>
/// Releases earned slices at the end of every slot, and completes contracts whose service has ended. A run that comes
/// late releases everything since the last one as one slice; the sum is the same.
/// </summary>
internal sealed class ReleaseWork(
    ICommands commands,
    NpgsqlDataSource dataSource,
    Accrual accrual,
    PaymentsOptions options,
    TimeProvider time,
    ILogger<ReleaseWork> logger) : IDueWork
{
    private static readonly CommandContext Context = CommandContext.Job("job/releases");

    /// <inheritdoc />
    public string Name => "releases";

    /// <inheritdoc />
    public async Task<int> RunDueAsync(CancellationToken cancellationToken)
    {
        List<string> due;
        await using (var connection = await dataSource.OpenConnectionAsync(cancellationToken))
        {
            due = await ReleaseStore.DueAsync(
                connection, time.GetUtcNow(), options.ReleaseSlot, DueItems.MostPerRun, cancellationToken);
        }

        return await DueItems.EachAsync(due, ReleaseAsync, logger, Name, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await ReleaseStore.NextDueAsync(connection, options.ReleaseSlot, cancellationToken);
    }

    private async Task<bool> ReleaseAsync(string contractId, CancellationToken cancellationToken) =>
        (await commands.RunAsync(Context, (s, ct) => ReleaseAsync(s, contractId, ct), cancellationToken)).Value;

    private async Task<bool> ReleaseAsync(
        CommandSession session, string contractId, CancellationToken cancellationToken)
    {
        // Somebody else who works on it right now will leave it right; the next run looks again.
        var contract = await ContractStore.LockIfFreeAsync(session, contractId, cancellationToken);
        if (contract is not { Phase: ContractState.Active })
        {
            return false;
        }

        var until = contract.Window.SlotEnd(session.Now, options.ReleaseSlot);
        if (until <= (contract.ReleasedUntil ?? contract.ServiceStart))
        {
            return false;
        }

        var (next, released) = await accrual.ReleaseAsync(session, contract, until, cancellationToken);
        if (until < contract.ServiceEnd)
        {
            await ContractStore.SaveQuietlyAsync(session, next, cancellationToken);
            return true;
        }

        await ContractStore.SaveAsync(
            session,
            next with { State = ContractState.Completed.Name(), EndedAt = session.Now },
            "completed",
            $"Service has ended; the last slice was {released}.",
            cancellationToken);
        return true;
    }
}
