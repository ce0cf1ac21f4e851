using Dapper;
using Decent.Payments.Payouts;
using Decent.Payments.Transfers;
using Npgsql;

namespace Decent.Payments.Tests.Transfers;

/// <summary>What the database itself refuses, whatever the program does.</summary>
public sealed class TransferConstraintTests(PayoutDatabase fixture) : IClassFixture<PayoutDatabase>
{
    private const string Move = """
        select payments.move_transfer(@id, (select lease_token from payments.transfers where id = @id), @from, @to, 'send',
          @now, 'x', 'x', @now, @now, null, null, null, false)
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_transfer_leaves_the_paths_that_are_drawn()
    {
        var (world, host, id) = await PreparedAsync();
        await using var owned = host;
        var states = Enum.GetNames<TransferState>().Select(static s => s.ToLowerInvariant()).ToList();
        foreach (var to in states.Where(static s => s is not ("unknown" or "submitting")))
        {
            await RefusedAsync(world.Database, Move, new { id, from = "prepared", to, now = DateTime.UtcNow });
        }

        await RefusedAsync(world.Database, Move, new { id, from = "prepared", to = "submitting", now = DateTime.UtcNow });
    }

    [Fact]
    public async Task The_host_cannot_write_a_state_past_the_transition_function()
    {
        var (world, host, id) = await PreparedAsync();
        await using var owned = host;
        await RefusedAsync(world.Database, "update payments.transfers set state = 'unknown' where id = @id", new { id });
        await RefusedAsync(world.Database, "update payments.transfers set units = 1 where id = @id", new { id });
        await RefusedAsync(world.Database, "update payments.transfers set to_account = 'x' where id = @id", new { id });
        await RefusedAsync(world.Database, "delete from payments.transfers where id = @id", new { id });
        await RefusedAsync(
            world.Database, "update payments.payouts set state = 'confirmed' where transfer_id = @id", new { id });
    }

    [Fact]
    public async Task Arguments_attempts_and_history_never_change_once_written()
    {
        var (world, host, id) = await PreparedAsync();
        await using var owned = host;
        world.Agent.Next = static () => new Fate { Lost = true };
        await host.Work("transfers").RunDueAsync(Ct);
        foreach (var database in new[] { world.Database, world.Owner })
        {
            await RefusedAsync(database, "update payments.transfers set argument = 'x' where id = @id", new { id });
            await RefusedAsync(database, "update payments.transfers set created_at_time_ns = 1 where id = @id", new { id });
            await RefusedAsync(database, "update payments.transfer_attempts set envelope = 'x' where transfer_id = @id", new { id });
            await RefusedAsync(database, "delete from payments.transfer_attempts where transfer_id = @id", new { id });
            await RefusedAsync(database, "delete from payments.transfer_attempt_events where transfer_id = @id", new { id });
            await RefusedAsync(database, "update payments.transfer_transitions set reason = 'x' where transfer_id = @id", new { id });
        }
    }

    [Fact]
    public async Task A_second_attempt_is_impossible_while_the_first_can_run()
    {
        const string Insert = """
            insert into payments.transfer_attempts
              (transfer_id, number, request_id, ingress_expiry_ns, envelope, argument, created_at, machine_at)
            select id, 2, decode(repeat('ab', 32), 'hex'), 1, 'x', argument, send_until - interval '1 hour', since
            from payments.transfers where id = @id
            """;
        var (world, host, id) = await PreparedAsync();
        await using var owned = host;
        world.Agent.Next = static () => new Fate { Lost = true };
        await host.Work("transfers").RunDueAsync(Ct);

        var refusal = await RefusedAsync(world.Database, Insert, new { id });
        Assert.Contains("no attempt may start", refusal.MessageText, StringComparison.Ordinal);
        var refused = await RefusedAsync(
            world.Database, Move, new { id, from = "submitted", to = "prepared", now = DateTime.UtcNow });
        Assert.Contains("an attempt can still run", refused.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_ledger_called_paid_can_never_be_refused()
    {
        const string Refuse = """
            select payments.move_transfer(@id, (select lease_token from payments.transfers where id = @id), @from, 'refused',
              null, null, 'x', 'x', @now, @now, null, null, null, false)
            """;
        var (world, host, id) = await PreparedAsync();
        await using var owned = host;
        world.Ledgers["ICP"].ShownBlocks = 0;
        await host.Work("transfers").RunDueAsync(Ct);
        var transfer = await host.Transfers.GetAsync(id, Ct);
        Assert.Equal(TransferState.Submitted, transfer!.State);
        var refused = await RefusedAsync(world.Database, Refuse, new { id, from = "submitted", now = DateTime.UtcNow });
        Assert.Contains("the ledger said it was paid", refused.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_settled_transfer_is_closed_and_its_releases_stay_claimed()
    {
        var (world, host, id) = await PreparedAsync();
        await using var owned = host;
        await host.Work("transfers").RunDueAsync(Ct);
        Assert.Equal(TransferState.Confirmed, (await host.Transfers.GetAsync(id, Ct))!.State);
        await RefusedAsync(world.Owner, "update payments.transfers set lease_token = 9 where id = @id", new { id });
        await RefusedAsync(
            world.Database,
            "delete from payments.payout_claims where payout_id = (select id from payments.payouts where transfer_id = @id)",
            new { id });
        await RefusedAsync(
            world.Owner, "update payments.payouts set block_index = 99 where transfer_id = @id", new { id });
    }

    [Fact]
    public async Task The_memo_is_the_hash_of_the_preimage_that_is_stored_with_its_version()
    {
        var (world, host, id) = await PreparedAsync();
        await using var owned = host;
        await using var connection = await world.Database.OpenConnectionAsync(Ct);
        var (version, preimage, memo) = await connection.QuerySingleAsync<(short Version, byte[] Preimage, byte[] Memo)>(
            "select memo_version, memo_preimage, memo from payments.transfers where id = @id", new { id });
        Assert.Equal(1, version);
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(preimage), memo);
        Assert.Equal("decent/transfer"u8.ToArray().Append((byte)1).Concat(id.ToByteArray(bigEndian: true)), preimage);
    }

    private static async Task<PostgresException> RefusedAsync(NpgsqlDataSource database, string sql, object arguments)
    {
        await using var connection = await database.OpenConnectionAsync(Ct);
        return await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(sql, arguments));
    }

    private async Task<(PayoutWorld World, PayoutHost Host, Guid Transfer)> PreparedAsync()
    {
        var world = await fixture.WorldAsync();
        var host = world.Host();
        await world.FundAsync(host, world.Icp, 10_000_000_000_000);
        var id = await world.PayoutAsync(host, world.Icp);
        await host.Work("payouts").RunDueAsync(Ct);
        var payout = await host.Payouts.GetAsync(id, Ct);
        Assert.Equal(PayoutState.Prepared, payout!.State);
        return (world, host, payout.TransferId!.Value);
    }
}
