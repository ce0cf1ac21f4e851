using Dapper;
using Decent.Ledger.Books;
using Npgsql;
using static Decent.Ledger.Tests.Assets;

namespace Decent.Ledger.Tests.Books;

public sealed class ImmutabilityTests(LedgerDatabase ledger) : IClassFixture<LedgerDatabase>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_application_role_writes_to_no_table_and_calls_only_the_functions_meant_for_it()
    {
        Assert.Equal(0, await ledger.ScalarAsync<long>(
            """
            select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = 'ledger' and c.relkind in ('r', 'p')
              and (has_table_privilege('decent_app', c.oid, 'insert') or has_table_privilege('decent_app', c.oid, 'update')
                or has_table_privilege('decent_app', c.oid, 'delete') or has_table_privilege('decent_app', c.oid, 'truncate')
                or has_table_privilege('decent_app', c.oid, 'references') or has_table_privilege('decent_app', c.oid, 'trigger')
                or has_any_column_privilege('decent_app', c.oid, 'insert') or has_any_column_privilege('decent_app', c.oid, 'update'))
            """));
        Assert.Equal("apply,log_close_round,log_sequence,log_state", await ledger.ScalarAsync<string>(
            """
            select string_agg(p.proname, ',' order by p.proname) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where n.nspname = 'ledger' and has_function_privilege('decent_app', p.oid, 'execute')
            """));
        Assert.Equal(0, await ledger.ScalarAsync<long>(
            """
            select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = 'ledger' and c.relkind = 'S'
              and (has_sequence_privilege('decent_app', c.oid, 'usage') or has_sequence_privilege('decent_app', c.oid, 'update'))
            """));
    }

    [Fact]
    public async Task The_application_role_is_refused_by_the_database_itself()
    {
        await WriteSomethingAsync();
        await using var connection = await ledger.Database.App.OpenConnectionAsync(Token);

        foreach (var table in Tables)
        {
            foreach (var sql in new[] { $"delete from ledger.{table}", $"truncate ledger.{table}", $"insert into ledger.{table} default values" })
            {
                var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(sql));
                Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
            }
        }
    }

    [Fact]
    public async Task Not_even_the_owner_changes_or_removes_what_is_recorded()
    {
        await WriteSomethingAsync();
        await ledger.SequenceAllAsync();
        await using (var nodes = await ledger.Database.App.OpenConnectionAsync(Token))
        {
            await nodes.ExecuteAsync(
                "select ledger.log_close_round(array[8::smallint], array[0::bigint], array[sha256('x')], 0, null, null, null)");
        }

        await using var connection = await ledger.Database.Owner.OpenConnectionAsync(Token);
        string[] updates =
        [
            "update ledger.postings set reason = 'x'", "update ledger.entries set amount = amount + 1", "update ledger.links set id = 'x'",
            "update ledger.breaches set reached_units = 0", "update ledger.idempotency_keys set digest = digest",
            "update ledger.holds set amount = amount + 1", "update ledger.hold_events set amount = amount + 1",
            "update ledger.assets set scale = 2", "update ledger.accounts set side = -side",
        ];

        foreach (var sql in updates.Concat(Tables.Select(t => $"delete from ledger.{t}")).Concat(Tables.Select(t => $"truncate ledger.{t} cascade")))
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(sql));
            Assert.True(refused.SqlState == "LB900", $"{sql}: {refused.MessageText}");
        }
    }

    [Fact]
    public async Task A_partition_is_as_immutable_as_its_table()
    {
        await WriteSomethingAsync();
        await using var connection = await ledger.Database.Owner.OpenConnectionAsync(Token);
        var partitions = (await connection.QueryAsync<string>(
            "select inhrelid::regclass::text from pg_inherits where inhparent in ('ledger.postings'::regclass, 'ledger.entries'::regclass, 'ledger.links'::regclass)")).ToList();

        Assert.Equal(3, partitions.Count);
        foreach (var sql in partitions.SelectMany(p => new[] { $"delete from {p}", $"update {p} set seq = seq + 1", $"truncate {p}" }))
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(sql));
            Assert.True(refused.SqlState == "LB900", $"{sql}: {refused.MessageText}");
        }
    }

    private static readonly string[] Tables =
    [
        "postings", "entries", "links", "breaches", "idempotency_keys", "holds", "hold_events", "assets", "accounts", "balances",
        "log_chunks", "log_nodes", "log_rounds", "checkpoints",
    ];

    private async Task WriteSomethingAsync()
    {
        var name = ledger.NextName();
        var escrow = ChartOfAccounts.ContractEscrow(name);
        var rail = ChartOfAccounts.RailClearingOf("stripe");
        var hold = ledger.Hold(name + "/hold", escrow, Dollars(3));
        await ledger.ApplyAsync(
            ledger.Posting(name + "/in", Leg.Debit(rail, Dollars(9)), Leg.Credit(escrow, Dollars(9))) with { Links = [new Link("contract", name)] },
            hold,
            ledger.Release(name + "/release", hold.Id),
            ledger.Posting(name + "/out", Leg.Debit(escrow, Dollars(10)), Leg.Credit(rail, Dollars(10))) with { Authority = PostingAuthority.Fact });
    }
}
