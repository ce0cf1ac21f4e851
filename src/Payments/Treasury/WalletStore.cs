using System.Numerics;
using Dapper;
using Decent.Payments.Commands;
using Decent.Payments.Transfers;
using Npgsql;

namespace Decent.Payments.Treasury;

/// <summary>A transfer of ours that a block on chain belongs to.</summary>
internal sealed class OwnTransfer
{
    public Guid Id { get; init; }

    public string State { get; init; } = "";

    public BigInteger? BlockIndex { get; init; }

    public BigInteger? SeenBlock { get; init; }

    /// <summary>True when another block than this one already stands for it.</summary>
    public bool IsElsewhere(ulong block) =>
        (BlockIndex is { } confirmed && confirmed != block) || (SeenBlock is { } seen && seen != block);
}

/// <summary>A deposit as stored.</summary>
internal sealed class DepositRow
{
    public const string Columns = """
        asset, block_index::text as block_index, counterparty, units::text as units, deposit_state, block_at,
        decided_by, reason
        """;

    public string Asset { get; init; } = "";

    public UInt128 BlockIndex { get; init; }

    public string Counterparty { get; init; } = "";

    public Int128 Units { get; init; }

    public string DepositState { get; init; } = "";

    public DateTimeOffset BlockAt { get; init; }

    public string? DecidedBy { get; init; }

    public string? Reason { get; init; }

    public DepositView ToView() => new(
        Asset,
        (ulong)BlockIndex,
        Counterparty,
        AmountView.Of(Units, Asset),
        Enum.Parse<DepositState>(DepositState, ignoreCase: true),
        BlockAt,
        DecidedBy,
        Reason);
}

/// <summary>Reads and writes what the watcher saw.</summary>
internal sealed class WalletStore(NpgsqlDataSource dataSource)
{
    private const string CursorSql =
        "select next_block::text as next_block, watched_at from payments.chain_cursors where asset = @asset";

    private const string AdvanceSql = """
        insert into payments.chain_cursors as c (asset, ledger, next_block, watched_at)
        select @asset, @ledger, @next, @now where @expected = 0
        on conflict (asset) do update set next_block = excluded.next_block, watched_at = excluded.watched_at
          where c.next_block = @expected
        """;

    private const string MoveSql = """
        update payments.chain_cursors set next_block = @next, watched_at = @now
        where asset = @asset and ledger = @ledger and next_block = @expected
        """;

    private const string OwnSql = """
        select t.id, t.state, t.block_index::text as block_index,
          (select min(w.block_index)::text from payments.wallet_blocks w where w.transfer_id = t.id) as seen_block
        from payments.transfers t
        where t.asset = @asset and t.memo = @memo
        """;

    private const string InsertSql = """
        insert into payments.wallet_blocks
          (asset, block_index, direction, counterparty, units, fee_units, memo, created_at_time_ns, transaction_id,
           block_at, seen_at, transfer_id, deposit_state)
        values (@asset, @block, @direction, @counterparty, @units, @fee, @memo, @createdAtNs, @transactionId,
           @blockAt, @now, @transferId, @depositState)
        """;

    private const string InFlightSql = """
        select coalesce(sum(w.units + w.fee_units), 0)::text
        from payments.wallet_blocks w
        join payments.transfers t on t.id = w.transfer_id
        where w.asset = @asset and t.state not in ('confirmed', 'refused')
        """;

    /// <summary>Where the watcher stands on a ledger.</summary>
    public async Task<(ulong Next, DateTimeOffset? WatchedAt)> CursorAsync(
        string asset, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<CursorRow>(
            new CommandDefinition(CursorSql, new { asset }, cancellationToken: cancellationToken));
        return row is null ? (0, null) : ((ulong)row.NextBlock, row.WatchedAt);
    }

    /// <summary>Moves the cursor in the caller's transaction; false when another watcher was faster.</summary>
    public static async Task<bool> AdvanceAsync(
        CommandSession session, TokenLedger ledger, ulong expected, ulong next, CancellationToken cancellationToken)
    {
        var arguments = new
        {
            asset = ledger.Asset.Code,
            ledger = ledger.Client.Canister.ToText(),
            expected = (UInt128)expected,
            next = (UInt128)next,
            now = session.Now,
        };
        var moved = await session.Connection.ExecuteAsync(
            new CommandDefinition(MoveSql, arguments, session.Transaction, cancellationToken: cancellationToken));
        return moved == 1 || (expected == 0 && await session.Connection.ExecuteAsync(
            new CommandDefinition(
                AdvanceSql, arguments, session.Transaction, cancellationToken: cancellationToken)) == 1);
    }

    /// <summary>The transfer of ours with this memo, or null.</summary>
    public static async Task<OwnTransfer?> OwnAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        string asset,
        ReadOnlyMemory<byte>? memo,
        CancellationToken cancellationToken) =>
        memo is { Length: > 0 } bytes
            ? await connection.QuerySingleOrDefaultAsync<OwnTransfer>(new CommandDefinition(
                OwnSql, new { asset, memo = bytes.ToArray() }, transaction, cancellationToken: cancellationToken))
            : null;

    /// <summary>The state of the transfer of ours with this memo, or null.</summary>
    public async Task<OwnTransfer?> OwnAsync(
        string asset, ReadOnlyMemory<byte>? memo, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await OwnAsync(connection, null, asset, memo, cancellationToken);
    }

    /// <summary>Records a block of ours.</summary>
    public static async Task InsertAsync(
        CommandSession session,
        string asset,
        WalletBlock seen,
        Guid? transferId,
        DepositState? deposit,
        CancellationToken cancellationToken) =>
        await session.Connection.ExecuteAsync(new CommandDefinition(
            InsertSql,
            new
            {
                asset,
                block = (UInt128)seen.Block.Index,
                direction = seen.Direction.ToString().ToLowerInvariant(),
                counterparty = seen.Counterparty,
                units = seen.Moves ? seen.Block.Amount : UInt128.Zero,
                fee = seen.Block.Fee,
                memo = seen.Block.Memo?.ToArray(),
                createdAtNs = seen.Block.CreatedAtTimeNs is { } ns ? (UInt128?)ns : null,
                transactionId = seen.Block.TransactionId,
                blockAt = seen.At(session.Now),
                now = session.Now,
                transferId,
                depositState = deposit?.ToString().ToLowerInvariant(),
            },
            session.Transaction,
            cancellationToken: cancellationToken));

    /// <summary>Left our account on chain, seen by the watcher, by transfers the books do not have yet.</summary>
    public async Task<Int128> InFlightAsync(string asset, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<Int128>(
            new CommandDefinition(InFlightSql, new { asset }, cancellationToken: cancellationToken));
    }

    /// <summary>Deposits, newest first.</summary>
    public async Task<IReadOnlyList<DepositView>> DepositsAsync(
        DepositState? state, CancellationToken cancellationToken)
    {
        const string Sql = $"""
            select {DepositRow.Columns} from payments.wallet_blocks
            where direction = 'in' and (@state::text is null or deposit_state = @state)
            order by block_at desc, block_index desc
            limit 200
            """;
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<DepositRow>(new CommandDefinition(
            Sql, new { state = state?.ToString().ToLowerInvariant() }, cancellationToken: cancellationToken));
        return [.. rows.Select(static r => r.ToView())];
    }

    private sealed class CursorRow
    {
        public UInt128 NextBlock { get; init; }

        public DateTimeOffset WatchedAt { get; init; }
    }
}
