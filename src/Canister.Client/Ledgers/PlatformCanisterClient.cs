using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>The platform canister beyond its ICRC-1 face: metadata and the entries of its ledger.</summary>
/// <param name="agent">Asks the canister.</param>
/// <param name="canister">The canister.</param>
public sealed class PlatformCanisterClient(IAgent agent, Principal canister)
{
    private readonly Platform.PlatformCanister platform = new(agent, canister);

    /// <summary>The canister.</summary>
    public Principal Canister { get; } = canister;

    /// <summary>Everything <c>metadata</c> says.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="CanisterCallException">The canister refused or could not be asked.</exception>
    public async Task<PlatformMetadata> MetadataAsync(CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, Platform.MetadataValue>(StringComparer.Ordinal);
        foreach (var (key, value) in await platform.MetadataAsync(cancellationToken))
        {
            values[key] = value;
        }

        return new PlatformMetadata(values);
    }

    /// <summary>One page of ledger entries, committed ones unless asked otherwise.</summary>
    /// <param name="label">Only entries with this label; null for all.</param>
    /// <param name="cursor">
    /// Where to go on. Start with <see cref="PlatformMetadata.DataStart"/> and entry 0: without a cursor the canister
    /// starts before its own data.
    /// </param>
    /// <param name="limit">At most this many entries.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <param name="includeNextBlock">
    /// True for the entries of the block being made as well. They are not final: good for absence, never for presence.
    /// </param>
    /// <exception cref="CanisterCallException">The canister refused or could not be asked.</exception>
    public async Task<PlatformEntriesPage> LedgerEntriesAsync(
        string? label,
        PlatformCursor? cursor,
        uint limit,
        CancellationToken cancellationToken,
        bool includeNextBlock = false)
    {
        var result = await platform.LedgerEntriesAsync(
            label,
            cursor is null ? null : new Platform.EntriesCursor(cursor.BlockPosition, cursor.EntryIndex),
            limit,
            includeNextBlock,
            cancellationToken);
        return new PlatformEntriesPage(
            [.. result.Entries.Select(static e => new PlatformEntry(e.Label, e.Key, e.Value))],
            result.HasMore,
            result.NextCursor is { } next ? new PlatformCursor(next.BlockPosition, next.EntryIndex) : null);
    }
}

/// <summary>A place in the platform canister's ledger.</summary>
/// <param name="BlockPosition">Byte position of a block.</param>
/// <param name="EntryIndex">Number of entries of the asked label in that block that were already read.</param>
public sealed record PlatformCursor(ulong BlockPosition, uint EntryIndex);

/// <summary>One entry of the platform canister's ledger.</summary>
/// <param name="Label">What kind of entry it is.</param>
/// <param name="Key">Its key; the transaction id for transfers.</param>
/// <param name="Value">Its value in Borsh.</param>
public sealed record PlatformEntry(string Label, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value);

/// <summary>A page of entries.</summary>
/// <param name="Entries">The entries in ledger order.</param>
/// <param name="HasMore">Whether the canister says there are more; it may say false too early.</param>
/// <param name="Next">Where to go on, or null at the end.</param>
public sealed record PlatformEntriesPage(IReadOnlyList<PlatformEntry> Entries, bool HasMore, PlatformCursor? Next);

/// <summary>What the platform canister says about itself.</summary>
/// <param name="Values">The raw entries by key.</param>
public sealed record PlatformMetadata(IReadOnlyDictionary<string, Platform.MetadataValue> Values)
{
    /// <summary>USD per whole token × 10^6 as the canister shows it, or null when it shows none.</summary>
    public ulong? TokenValueInUsdE6 => Number("ledger:token_value_in_usd_e6");

    /// <summary>Byte position of the first block, or null when it shows none.</summary>
    public ulong? DataStart => Number("ledger:data_start_lba");

    /// <summary>Number of blocks, or null when it shows none.</summary>
    public ulong? Blocks => Number("ledger:num_blocks");

    private ulong? Number(string key) =>
        Values.TryGetValue(key, out var value) && value is Platform.MetadataValue.Nat number
        && number.Value <= ulong.MaxValue
            ? (ulong)number.Value
            : null;
}
