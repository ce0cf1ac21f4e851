using Dapper;
using Decent.Canister.Client;
using Decent.Payments.Commands;
using Npgsql;

namespace Decent.Payments.Transfers;

/// <summary>Another worker has the transfer now, or it stands elsewhere; whatever was about to be written is
/// void.</summary>
internal sealed class ClaimLostException(Guid id) : Exception($"The claim on transfer {id} is lost.")
{
    /// <summary>SQLSTATE of a move under an old claim.</summary>
    public const string SqlState = "PT001";
}

/// <summary>Reads and writes transfers. States change in <see cref="MoveAsync" /> and nowhere else.</summary>
internal sealed class TransferStore(NpgsqlDataSource dataSource, MachineClock machine)
{
    private const string ClaimSql = $"""
        update payments.transfers t
        set lease_token = t.lease_token + 1, lease_until = @leaseUntil
        where t.id = (
          select id from payments.transfers
          where due_at <= @now and (lease_until is null or lease_until <= @machineNow)
          order by due_at, id
          limit 1
          for update skip locked)
        returning {TransferRow.Columns}
        """;

    private const string PostponeSql = """
        update payments.transfers set next_step = @step, due_at = @due, lease_until = null
        where id = @id and lease_token = @token and state not in ('confirmed', 'refused')
        """;

    private const string PostponeUnchangedSql = """
        update payments.transfers set due_at = @due, lease_until = null
        where id = @id and lease_token = @token and due_at is not null
        """;

    private const string AttemptsSql = """
        select a.number, a.request_id, a.ingress_expiry_ns, a.envelope, a.created_at, e.kind as end_kind
        from payments.transfer_attempts a
        left join payments.transfer_attempt_events e
          on e.transfer_id = a.transfer_id and e.number = a.number and e.kind <> 'sent'
        where a.transfer_id = @id
        order by a.number
        """;

    private const string FixSql = """
        update payments.transfers
        set argument = @argument, created_at_time_ns = @createdAtNs, explicit_fee_units = @fee, scan_origin = @origin,
            send_until = @sendUntil
        where id = @id and lease_token = @token
        """;

    private const string AttemptSql = """
        insert into payments.transfer_attempts
          (transfer_id, number, request_id, ingress_expiry_ns, envelope, argument, created_at, machine_at)
        values (@id, @number, @requestId, @expiry, @envelope, @argument, @now, @machineNow)
        """;

    private const string SentSql = """
        insert into payments.transfer_attempt_events (transfer_id, number, kind, detail, at, machine_at)
        select t.id, @number, 'sent', '', @now, @machineNow
        from payments.transfers t
        where t.id = @id and t.lease_token = @token and t.state in ('submitting', 'submitted')
        """;

    private const string EndSql = """
        insert into payments.transfer_attempt_events (transfer_id, number, kind, detail, certificate, at, machine_at)
        values (@id, @number, @kind, @detail, @certificate, @now, @machineNow)
        """;

    private const string ClaimBlockSql = """
        update payments.transfers set claimed_block = @block, next_step = 'verify', due_at = @now, lease_until = null
        where id = @id and lease_token = @token and state = 'submitted'
        """;

    private const string MoveSql = """
        select payments.move_transfer(@id, @token, @from, @to, @step, @due, @actor, @reason, @now, @machineNow,
          @claimed, @block, @transactionId, @keep)
        """;

    /// <summary>Takes the transfer that is due longest, or null when none is free.</summary>
    public async Task<TransferRow?> ClaimAsync(DateTimeOffset now, TimeSpan lease, CancellationToken cancellationToken)
    {
        var machineNow = machine.Now;
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<TransferRow>(new CommandDefinition(
            ClaimSql, new { now, machineNow, leaseUntil = machineNow + lease }, cancellationToken: cancellationToken));
    }

    /// <summary>Puts a transfer down again until later, in the state it has.</summary>
    public async Task PostponeAsync(
        TransferRow row, NextStep step, DateTimeOffset due, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            PostponeSql,
            new { id = row.Id, token = row.LeaseToken, step = Names.Of(step), due },
            cancellationToken: cancellationToken));
    }

    /// <summary>Puts a transfer down again until later with the step it has, whatever that became meanwhile.</summary>
    public async Task PostponeUnchangedAsync(TransferRow row, DateTimeOffset due, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            PostponeUnchangedSql,
            new { id = row.Id, token = row.LeaseToken, due },
            cancellationToken: cancellationToken));
    }

    /// <summary>Another step in the same state, in the caller's transaction.</summary>
    public static async Task PlanStepAsync(
        CommandSession session, TransferRow row, NextStep step, DateTimeOffset due, CancellationToken cancellationToken)
    {
        var changed = await session.Connection.ExecuteAsync(new CommandDefinition(
            PostponeSql,
            new { id = row.Id, token = row.LeaseToken, step = Names.Of(step), due },
            session.Transaction,
            cancellationToken: cancellationToken));
        if (changed != 1)
        {
            throw new ClaimLostException(row.Id);
        }
    }

    /// <summary>All attempts, oldest first.</summary>
    public async Task<IReadOnlyList<AttemptRow>> AttemptsAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<AttemptRow>(
            new CommandDefinition(AttemptsSql, new { id }, cancellationToken: cancellationToken));
        return rows.AsList();
    }

    /// <summary>Business time of the next step of any transfer.</summary>
    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<DateTimeOffset?>(new CommandDefinition(
            "select due_at from payments.transfers where due_at is not null order by due_at limit 1",
            cancellationToken: cancellationToken));
    }

    /// <summary>Fixes the arguments for life; in the transaction of the first attempt.</summary>
    public static async Task FixArgumentsAsync(
        CommandSession session, TransferRow row, FixedArguments arguments, CancellationToken cancellationToken)
    {
        var changed = await session.Connection.ExecuteAsync(new CommandDefinition(
            FixSql,
            new
            {
                id = row.Id,
                token = row.LeaseToken,
                argument = arguments.Argument,
                createdAtNs = checked((long)arguments.CreatedAtTimeNs),
                fee = arguments.ExplicitFee,
                origin = (UInt128)arguments.ScanOrigin,
                sendUntil = arguments.SendUntil,
            },
            session.Transaction,
            cancellationToken: cancellationToken));
        if (changed != 1)
        {
            throw new ClaimLostException(row.Id);
        }
    }

    /// <summary>Commits an attempt's bytes with the caller's transaction.</summary>
    public async Task AddAttemptAsync(
        CommandSession session,
        TransferRow row,
        int number,
        SignedRequest request,
        byte[] argument,
        CancellationToken cancellationToken) =>
        await session.Connection.ExecuteAsync(new CommandDefinition(
            AttemptSql,
            new
            {
                id = row.Id,
                number,
                requestId = request.Id.ToArray(),
                expiry = checked((long)request.IngressExpiryNs),
                envelope = request.Bytes.ToArray(),
                argument,
                now = session.Now,
                machineNow = machine.Now,
            },
            session.Transaction,
            cancellationToken: cancellationToken));

    /// <summary>Notes that the bytes are about to leave; fails when the claim is lost, and then they must
    /// not.</summary>
    public async Task MarkSentAsync(
        TransferRow row, int number, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var marked = await connection.ExecuteAsync(new CommandDefinition(
            SentSql,
            new { id = row.Id, token = row.LeaseToken, number, now, machineNow = machine.Now },
            cancellationToken: cancellationToken));
        if (marked != 1)
        {
            throw new ClaimLostException(row.Id);
        }
    }

    /// <summary>Records how an attempt ended, in the caller's transaction.</summary>
    public async Task EndAttemptAsync(
        CommandSession session,
        TransferRow row,
        int number,
        AttemptEnd end,
        string detail,
        ReadOnlyMemory<byte>? certificate,
        CancellationToken cancellationToken) =>
        await session.Connection.ExecuteAsync(new CommandDefinition(
            EndSql,
            new
            {
                id = row.Id,
                number,
                kind = Names.Of(end),
                detail,
                certificate = certificate?.ToArray(),
                now = session.Now,
                machineNow = machine.Now,
            },
            session.Transaction,
            cancellationToken: cancellationToken));

    /// <summary>Notes the block the ledger named, of a transfer that is submitted already.</summary>
    public static async Task ClaimBlockAsync(
        CommandSession session, TransferRow row, ulong block, CancellationToken cancellationToken)
    {
        var changed = await session.Connection.ExecuteAsync(new CommandDefinition(
            ClaimBlockSql,
            new { id = row.Id, token = row.LeaseToken, block = (UInt128)block, now = session.Now },
            session.Transaction,
            cancellationToken: cancellationToken));
        if (changed != 1)
        {
            throw new ClaimLostException(row.Id);
        }
    }

    /// <summary>The one transition function.</summary>
    /// <exception cref="ClaimLostException">Another worker was here.</exception>
    public async Task MoveAsync(CommandSession session, TransferRow row, Move move, CancellationToken cancellationToken)
    {
        try
        {
            await session.Connection.ExecuteAsync(new CommandDefinition(
                MoveSql,
                new
                {
                    id = row.Id,
                    token = row.LeaseToken,
                    from = row.State,
                    to = Names.Of(move.To),
                    step = move.Step is { } step ? Names.Of(step) : null,
                    due = move.Step is null ? null : move.Due,
                    actor = session.Context.Actor,
                    reason = move.Reason,
                    now = session.Now,
                    machineNow = machine.Now,
                    claimed = (UInt128?)move.ClaimedBlock,
                    block = (UInt128?)move.Block,
                    transactionId = move.TransactionId,
                    keep = move.KeepClaim,
                },
                session.Transaction,
                cancellationToken: cancellationToken));
        }
        catch (PostgresException e) when (e.SqlState == ClaimLostException.SqlState)
        {
            throw new ClaimLostException(row.Id);
        }
    }
}

/// <summary>What never changes after the first attempt.</summary>
/// <param name="Argument">Candid bytes of the transfer argument.</param>
/// <param name="CreatedAtTimeNs">Nanoseconds since 1970, in the argument.</param>
/// <param name="ExplicitFee">Fee in the argument, or null for the ledger's own.</param>
/// <param name="ScanOrigin">Length of the ledger before the first attempt.</param>
/// <param name="SendUntil">No attempt is made from then on.</param>
internal sealed record FixedArguments(
    byte[] Argument, ulong CreatedAtTimeNs, Int128? ExplicitFee, ulong ScanOrigin, DateTimeOffset SendUntil);

/// <summary>A transition.</summary>
/// <param name="To">State after.</param>
/// <param name="Step">What comes next; null when the transfer is settled.</param>
/// <param name="Due">Business time of that.</param>
/// <param name="Reason">Why, in words.</param>
internal sealed record Move(TransferState To, NextStep? Step, DateTimeOffset? Due, string Reason)
{
    /// <summary>Block the ledger named, to be read.</summary>
    public ulong? ClaimedBlock { get; init; }

    /// <summary>Block that paid, on confirmation.</summary>
    public ulong? Block { get; init; }

    /// <summary>Transaction id of that block, where the ledger has one.</summary>
    public string? TransactionId { get; init; }

    /// <summary>True when the worker goes on with the transfer at once.</summary>
    public bool KeepClaim { get; init; }
}
