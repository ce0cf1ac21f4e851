using Dapper;
using Decent.Payments.Commands;
using Decent.Payments.Transfers;
using Npgsql;

namespace Decent.Payments.Payouts;

/// <summary>Reads and writes payouts. States change in <see cref="MoveAsync" /> and nowhere else.</summary>
internal sealed class PayoutStore(NpgsqlDataSource dataSource, MachineClock machine)
{
    private const string ItemsSql = """
        select i.payout_id, i.release_id, r.contract_id, r.net_units::text as net_units, r.currency
        from payments.payout_items i
        join payments.releases r on r.id = i.release_id
        where i.payout_id = any(@ids)
        order by r.payable_at, r.id
        """;

    // The payout's own steps, its transfer's between them, then how it ended.
    private const string StepsSql = """
        select t.payout_id, t.to_state, null as transfer_to, t.actor, t.reason, t.at, t.machine_at,
          case when t.to_state in ('confirmed', 'refused') then 2 else 0 end as part, t.seq
        from payments.payout_transitions t
        where t.payout_id = any(@ids)
        union all
        select p.id, 'executing', x.to_state, x.actor, x.reason, x.at, x.machine_at, 1, x.seq
        from payments.payouts p
        join payments.transfer_transitions x on x.transfer_id = p.transfer_id
        where p.id = any(@ids) and x.from_state <> 'none' and x.to_state not in ('confirmed', 'refused')
        order by part, seq
        """;

    private const string MoveSql = """
        select payments.move_payout(@id, @from, @to, @actor, @reason, @now, @machineNow, @transfer, @tokens, @price,
          @round, @observed, @hold, @block, @fee)
        """;

    /// <summary>A payout as stored, locked until the caller's transaction ends.</summary>
    public static async Task<PayoutRow?> LockAsync(
        CommandSession session, Guid id, bool skipLocked, CancellationToken cancellationToken)
    {
        var sql = PayoutRow.Select + " where p.id = @id for update of p" + (skipLocked ? " skip locked" : "");
        return await session.Connection.QuerySingleOrDefaultAsync<PayoutRow>(
            new CommandDefinition(sql, new { id }, session.Transaction, cancellationToken: cancellationToken));
    }

    /// <summary>An approved payout waits; says why, in the caller's transaction.</summary>
    public static async Task PostponeAsync(
        CommandSession session, Guid id, string why, DateTimeOffset retryAt, CancellationToken cancellationToken) =>
        await session.Connection.ExecuteAsync(new CommandDefinition(
            "update payments.payouts set waiting = @why, retry_at = @retryAt, tries = tries + 1 where id = @id",
            new { id, why, retryAt },
            session.Transaction,
            cancellationToken: cancellationToken));

    /// <summary>The one transition function.</summary>
    public async Task MoveAsync(CommandSession session, PayoutMove move, CancellationToken cancellationToken) =>
        await session.Connection.ExecuteAsync(new CommandDefinition(
            MoveSql,
            new
            {
                id = move.Id,
                from = move.From,
                to = move.To,
                actor = session.Context.Actor,
                reason = move.Reason,
                now = session.Now,
                machineNow = machine.Now,
                transfer = move.Transfer,
                tokens = move.TokenUnits,
                price = move.PriceE18,
                round = move.PriceRound,
                observed = move.PriceObservedAt,
                hold = move.PayableHold,
                block = (UInt128?)move.Block,
                fee = move.FeeUnits,
            },
            session.Transaction,
            cancellationToken: cancellationToken));

    /// <summary>A payout with its items and timeline as the caller's transaction sees it.</summary>
    public static async Task<PayoutView> ViewAsync(CommandSession session, Guid id, CancellationToken cancellationToken)
    {
        var row = await session.Connection.QuerySingleAsync<PayoutRow>(new CommandDefinition(
            PayoutRow.Select + " where p.id = @id",
            new { id },
            session.Transaction,
            cancellationToken: cancellationToken));
        var views = await CompleteAsync(session.Connection, session.Transaction, [row], cancellationToken);
        return views[0];
    }

    /// <summary>A payout, or null.</summary>
    public async Task<PayoutView?> GetAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<PayoutRow>(new CommandDefinition(
            PayoutRow.Select + " where p.id = @id", new { id }, cancellationToken: cancellationToken));
        return row is null ? null : (await CompleteAsync(connection, null, [row], cancellationToken))[0];
    }

    /// <summary>Payouts, newest first.</summary>
    public async Task<IReadOnlyList<PayoutView>> ListAsync(
        PayoutState? state, Guid? before, int limit, CancellationToken cancellationToken)
    {
        const string Where = """
             where (@before::uuid is null or p.id < @before)
               and (@own::text is null or p.state = @own)
               and (@transfer::text is null or t.state = @transfer)
             order by p.id desc
             limit @limit
            """;
        var executing =
            state is PayoutState.Prepared or PayoutState.Submitting or PayoutState.Submitted or PayoutState.Unknown;
        var word = state?.ToString().ToLowerInvariant();
        var arguments = new { before, limit, own = executing ? "executing" : word, transfer = executing ? word : null };
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<PayoutRow>(
            new CommandDefinition(PayoutRow.Select + Where, arguments, cancellationToken: cancellationToken));
        return await CompleteAsync(connection, null, rows.AsList(), cancellationToken);
    }

    /// <summary>Approved payouts whose turn it is, oldest first.</summary>
    public async Task<IReadOnlyList<Guid>> DueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var ids = await connection.QueryAsync<Guid>(new CommandDefinition(
            "select id from payments.payouts where retry_at <= @now order by retry_at, id limit 500",
            new { now },
            cancellationToken: cancellationToken));
        return ids.AsList();
    }

    /// <summary>Business time of the next look at an approved payout.</summary>
    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<DateTimeOffset?>(new CommandDefinition(
            "select retry_at from payments.payouts where retry_at is not null order by retry_at limit 1",
            cancellationToken: cancellationToken));
    }

    private static async Task<IReadOnlyList<PayoutView>> CompleteAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        IReadOnlyList<PayoutRow> rows,
        CancellationToken cancellationToken)
    {
        var ids = rows.Select(static r => r.Id).ToArray();
        var items = (await connection.QueryAsync<ItemRow>(new CommandDefinition(
            ItemsSql, new { ids }, transaction, cancellationToken: cancellationToken))).ToLookup(
                static i => i.PayoutId);
        var steps = (await connection.QueryAsync<StepRow>(new CommandDefinition(
            StepsSql, new { ids }, transaction, cancellationToken: cancellationToken))).ToLookup(
                static s => s.PayoutId);
        return
        [
            .. rows.Select(r => r.ToView(
                [.. items[r.Id].Select(
                    static i => new PayoutItem(i.ReleaseId, i.ContractId, AmountView.Of(i.NetUnits, i.Currency)))],
                StepRow.Chain(steps[r.Id]))),
        ];
    }

    private sealed class ItemRow
    {
        public Guid PayoutId { get; init; }

        public Guid ReleaseId { get; init; }

        public string ContractId { get; init; } = "";

        public Int128 NetUnits { get; init; }

        public string Currency { get; init; } = "";
    }

    private sealed class StepRow
    {
        public Guid PayoutId { get; init; }

        public string ToState { get; init; } = "";

        public string? TransferTo { get; init; }

        public string Actor { get; init; } = "";

        public string Reason { get; init; } = "";

        public DateTimeOffset At { get; init; }

        public DateTimeOffset MachineAt { get; init; }

        /// <summary>The payout's own steps and its transfer's as one chain.</summary>
        public static IReadOnlyList<PayoutStep> Chain(IEnumerable<StepRow> rows)
        {
            var chain = new List<PayoutStep>();
            PayoutState? before = null;
            foreach (var row in rows)
            {
                var to = PayoutRow.Show(row.ToState, row.TransferTo ?? "prepared");
                chain.Add(new PayoutStep(before, to, row.Actor, row.Reason, row.At, row.MachineAt));
                before = to;
            }

            return chain;
        }
    }
}

/// <summary>A transition of a payout with what it adds.</summary>
/// <param name="Id">The payout.</param>
/// <param name="From">State before, as stored; <c>none</c> for the first.</param>
/// <param name="To">State after.</param>
/// <param name="Reason">Why, in words; the note of an approval.</param>
internal sealed record PayoutMove(Guid Id, string From, string To, string Reason)
{
    public Guid? Transfer { get; init; }

    public Int128? TokenUnits { get; init; }

    public System.Numerics.BigInteger? PriceE18 { get; init; }

    public long? PriceRound { get; init; }

    public DateTimeOffset? PriceObservedAt { get; init; }

    public Guid? PayableHold { get; init; }

    public ulong? Block { get; init; }

    public Int128? FeeUnits { get; init; }
}
