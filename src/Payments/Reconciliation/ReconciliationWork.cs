using Decent.Payments.Commands;

namespace Decent.Payments.Reconciliation;

/// <summary>When reconciliation runs by itself.</summary>
internal sealed record ReconciliationOptions
{
    /// <summary>Distance of scheduled runs, business time; slots are counted from 1970.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Offset of the slots.</summary>
    public TimeSpan At { get; init; } = TimeSpan.FromHours(3);
}

/// <summary>Runs reconciliation once per slot, on whichever host comes first.</summary>
internal sealed class ReconciliationWork(
    ReconciliationRunner reconciliation, ReconciliationOptions options, TimeProvider time)
    : IDueWork
{
    /// <inheritdoc />
    public string Name => "reconciliation";

    /// <inheritdoc />
    public async Task<int> RunDueAsync(CancellationToken cancellationToken)
    {
        var slot = CurrentSlot();
        if (await reconciliation.LastSlotAsync(cancellationToken) >= slot)
        {
            return 0;
        }

        await reconciliation.RunAsync(CommandContext.Job("job/reconciliation"), slot, cancellationToken);
        return 1;
    }

    /// <inheritdoc />
    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) =>
        await reconciliation.LastSlotAsync(cancellationToken) is { } last ? last + options.Every : CurrentSlot();

    private DateTimeOffset CurrentSlot()
    {
        var since = time.GetUtcNow() - DateTimeOffset.UnixEpoch - options.At;
        var slots = since.Ticks / options.Every.Ticks;
        return DateTimeOffset.UnixEpoch + options.At + (slots * options.Every);
    }
}
