using Dapper;
using Decent.Canister.Client;
using Decent.Ledger;
using Decent.Ledger.Books;
using Decent.Payments.Commands;
using Decent.Postgres;
using Npgsql;

namespace Decent.Payments.Transfers;

/// <inheritdoc cref="ITransfers" />
internal sealed class TransferBook(
    NpgsqlDataSource dataSource, ITokenLedgers ledgers, Ids ids, MachineClock machine) : ITransfers
{
    private const string InsertSql = """
        insert into payments.transfers
          (id, kind, owner_id, asset, ledger, profile, from_account, to_account, units, reserved_fee_units, wallet_hold,
           memo, memo_version, memo_preimage, state, reason, planned_at, since, next_step, due_at)
        values (@id, @kind, @ownerId, @asset, @ledger, @profile, @from, @to, @units, @fee, @hold,
           @memo, @memoVersion, @preimage, 'prepared', @reason, @now, @now, 'send', @now)
        on conflict (kind, owner_id) where state <> 'refused' do nothing
        """;

    private const string FirstSql = """
        insert into payments.transfer_transitions
          (transfer_id, seq, from_state, to_state, actor, reason, at, machine_at)
        values (@id, 1, 'none', 'prepared', @actor, @reason, @now, @machineNow)
        """;

    private const string TransitionsSql = """
        select from_state, to_state, actor, reason, at, machine_at
        from payments.transfer_transitions where transfer_id = @id order by seq
        """;

    private const string AttemptsSql = """
        select a.number, a.request_id, a.ingress_expiry_ns, a.created_at, e.kind, e.detail,
          (select coalesce(array_agg(s.at order by s.id), '{}') from payments.transfer_attempt_events s
           where s.transfer_id = a.transfer_id and s.number = a.number and s.kind = 'sent') as sent_at
        from payments.transfer_attempts a
        left join payments.transfer_attempt_events e
          on e.transfer_id = a.transfer_id and e.number = a.number and e.kind <> 'sent'
        where a.transfer_id = @id
        order by a.number
        """;

    /// <inheritdoc />
    public async Task<Guid> PlanAsync(CommandSession session, TransferPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(plan);
        var ledger = Check(plan);
        var id = ids.Next();
        var hold = ids.Next();
        var memo = TransferMemo.OfVersion1(id);
        var reason = $"Planned for {plan.Kind} {plan.OwnerId}.";
        var inserted = await session.Connection.ExecuteAsync(new CommandDefinition(
            InsertSql,
            new
            {
                id,
                kind = plan.Kind,
                ownerId = plan.OwnerId,
                asset = plan.Asset.Code,
                ledger = ledger.Client.Canister.ToText(),
                profile = ledger.Client.Profile.Name,
                from = ledger.Wallet.ToString(),
                to = plan.To.ToString(),
                units = plan.Units,
                fee = ledger.FeeUnits,
                hold,
                memo = memo.Memo,
                memoVersion = memo.Version,
                preimage = memo.Preimage,
                reason,
                now = session.Now,
            },
            session.Transaction,
            cancellationToken: cancellationToken));
        if (inserted == 0)
        {
            throw new RefusedException(
                "transfer_exists", $"There is a transfer for {plan.Kind} {plan.OwnerId} already.");
        }

        var first = new { id, actor = session.Context.Actor, reason, now = session.Now, machineNow = machine.Now };
        await session.Connection.ExecuteAsync(
            new CommandDefinition(FirstSql, first, session.Transaction, cancellationToken: cancellationToken));
        session.Books.Add(new HoldPlacement
        {
            Id = hold,
            IdempotencyKey = $"transfer/{id}/wallet-hold",
            Reason = "transfer_reserved",
            Links = [new Link("transfer", id.ToString()), new Link(plan.Kind, plan.OwnerId)],
            Account = ChartOfAccounts.Wallet(plan.Asset.Code),
            Amount = new Money(plan.Asset, checked(plan.Units + ledger.FeeUnits)),
        });
        return id;
    }

    /// <inheritdoc />
    public async Task<TransferView?> GetAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<TransferRow>(new CommandDefinition(
            $"select {TransferRow.Columns} from payments.transfers where id = @id",
            new { id },
            cancellationToken: cancellationToken));
        return row is null ? null : View(row);
    }

    /// <inheritdoc />
    public async Task<TransferHistory> HistoryAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var steps = await connection.QueryAsync<StepRow>(
            new CommandDefinition(TransitionsSql, new { id }, cancellationToken: cancellationToken));
        var attempts = await connection.QueryAsync<HistoryRow>(
            new CommandDefinition(AttemptsSql, new { id }, cancellationToken: cancellationToken));
        return new TransferHistory(
            [.. steps.Select(static s => s.ToView())], [.. attempts.Select(static a => a.ToView())]);
    }

    private TokenLedger Check(TransferPlan plan)
    {
        var ledger = ledgers.Find(plan.Asset.Code);
        if (ledger is null || ledger.Asset != plan.Asset)
        {
            throw new RefusedException("asset_unknown", $"{plan.Asset.Code} is no token here.", RefusalKind.Invalid);
        }

        if (plan.Units <= 0)
        {
            throw new RefusedException(
                "amount_not_positive", "A transfer pays more than nothing.", RefusalKind.Invalid);
        }

        if (plan.Units > ledger.Client.Profile.MaxUnits() - ledger.FeeUnits)
        {
            throw new RefusedException(
                "amount_out_of_range", "The ledger cannot count that much.", RefusalKind.Invalid);
        }

        return DestinationRules.Forbids(ledger, plan.To) is { } why
            ? throw new RefusedException("account_forbidden", why, RefusalKind.Invalid)
            : ledger;
    }

    private TransferView View(TransferRow row) =>
        row.ToView(ledgers.Find(row.Asset)?.Asset
            ?? throw new InvalidOperationException($"The installation no longer has the asset {row.Asset}."));

    private sealed class StepRow
    {
        public string FromState { get; init; } = "";

        public string ToState { get; init; } = "";

        public string Actor { get; init; } = "";

        public string Reason { get; init; } = "";

        public DateTimeOffset At { get; init; }

        public DateTimeOffset MachineAt { get; init; }

        public TransferTransition ToView() => new(
            FromState == "none" ? null : Names.State(FromState), Names.State(ToState), Actor, Reason, At, MachineAt);
    }

    private sealed class HistoryRow
    {
        public int Number { get; init; }

        public byte[] RequestId { get; init; } = [];

        public long IngressExpiryNs { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public string? Kind { get; init; }

        public string? Detail { get; init; }

        public DateTime[] SentAt { get; init; } = [];

        public TransferAttemptView ToView() => new(
            Number,
            new RequestId(RequestId).ToString(),
            LedgerTime.FromUnixNanoseconds((ulong)IngressExpiryNs),
            Kind ?? "open",
            Detail ?? "",
            CreatedAt,
            [.. SentAt.Select(static s => new DateTimeOffset(s))]);
    }
}
