using Dapper;
using Decent.Ledger;
using Decent.Ledger.Books;
using Decent.Payments.Commands;
using Decent.Payments.Reconciliation;
using Decent.Payments.Tests.In;

namespace Decent.Payments.Tests.Commands;

public sealed class CommandRunnerTests
{
    private static CancellationToken Token => InWorld.Token;

    [Fact]
    public async Task The_same_key_and_body_answers_the_first_value_and_does_nothing()
    {
        await using var world = await InWorld.CreateAsync();
        var runs = 0;
        Task<CommandResult<Answer>> RunAsync() => world.Commands.RunAsync(
            InWorld.Caller("k"), (_, _) => Task.FromResult(new Answer($"value-{++runs}")), Token);

        var first = await RunAsync();
        var second = await RunAsync();
        Assert.False(first.Replayed);
        Assert.True(second.Replayed);
        Assert.Equal("value-1", second.Value.Id);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused_and_names_the_first_resource()
    {
        await using var world = await InWorld.CreateAsync();
        await world.Commands.RunAsync(InWorld.Caller("k", "a"), (_, _) => Task.FromResult(new Answer("first")), Token);
        var before = await world.DigestAsync();
        var refused = await Assert.ThrowsAsync<RefusedException>(() => world.Commands.RunAsync(
            InWorld.Caller("k", "b"), (_, _) => Task.FromResult(new Answer("second")), Token));
        Assert.Equal("idempotency_conflict", refused.Code);
        Assert.Equal("first", refused.Extensions["firstId"]);
        Assert.Equal(before, await world.DigestAsync());
    }

    [Fact]
    public async Task Keys_of_different_scopes_do_not_meet()
    {
        await using var world = await InWorld.CreateAsync();
        var other = new CommandContext("x", new IdempotencyKey("x POST /y", "k", new byte[32]));
        await world.Commands.RunAsync(InWorld.Caller("k"), (_, _) => Task.FromResult(new Answer("a")), Token);
        var second = await world.Commands.RunAsync(other, (_, _) => Task.FromResult(new Answer("b")), Token);
        Assert.Equal(("b", false), (second.Value.Id, second.Replayed));
    }

    [Fact]
    public async Task A_refused_command_leaves_its_key_free()
    {
        await using var world = await InWorld.CreateAsync();
        var before = await world.DigestAsync();
        await Assert.ThrowsAsync<RefusedException>(() => world.Commands.RunAsync<Answer>(
            InWorld.Caller("k"), (_, _) => throw new RefusedException("no", "no"), Token));
        Assert.Equal(before, await world.DigestAsync());
        var again = await world.Commands.RunAsync(
            InWorld.Caller("k", "other"), (_, _) => Task.FromResult(new Answer("a")), Token);
        Assert.False(again.Replayed);
    }

    [Fact]
    public async Task Many_at_once_under_one_key_run_once()
    {
        await using var world = await InWorld.CreateAsync();
        var runs = 0;
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => world.Commands.RunAsync(
            InWorld.Caller("k"),
            async (s, ct) =>
            {
                // Long enough for the others to arrive at the key.
                await s.Connection.ExecuteAsync(new CommandDefinition("select pg_sleep(0.05)", null, s.Transaction, cancellationToken: ct));
                return new Answer($"value-{Interlocked.Increment(ref runs)}");
            },
            Token)));
        Assert.Equal(1, runs);
        Assert.Single(all, r => !r.Replayed);
        Assert.All(all, r => Assert.Equal("value-1", r.Value.Id));
    }

    [Fact]
    public async Task When_the_first_of_two_fails_the_second_runs()
    {
        await using var world = await InWorld.CreateAsync();
        var claimed = new TaskCompletionSource();
        var fail = new TaskCompletionSource();
        var first = world.Commands.RunAsync<Answer>(
            InWorld.Caller("k"),
            async (_, _) =>
            {
                claimed.SetResult();
                await fail.Task;
                throw new InvalidOperationException("gone");
            },
            Token);
        await claimed.Task;
        var second = world.Commands.RunAsync(
            InWorld.Caller("k"), (_, _) => Task.FromResult(new Answer("second")), Token);
        fail.SetResult();
        await Assert.ThrowsAsync<InvalidOperationException>(() => first);
        Assert.Equal(("second", false), ((await second).Value.Id, (await second).Replayed));
    }

    [Fact]
    public async Task A_deadlock_repeats_the_whole_command()
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync("a");
        await world.ContractAsync("b");
        var runs = 0;
        using var both = new Barrier(2);
        var met = 0;
        async Task<CommandResult<Answer>> LockAsync(string first, string second) => await world.Commands.RunAsync(
            InWorld.Caller(),
            async (s, ct) =>
            {
                Interlocked.Increment(ref runs);
                await TouchAsync(s, first, ct);
                if (Interlocked.Increment(ref met) <= 2)
                {
                    both.SignalAndWait(TimeSpan.FromSeconds(10), ct);
                }

                await TouchAsync(s, second, ct);
                return new Answer(first);
            },
            Token);

        var results = await Task.WhenAll(
            Task.Run(() => LockAsync("a", "b"), Token), Task.Run(() => LockAsync("b", "a"), Token));
        Assert.Equal(["a", "b"], results.Select(r => r.Value.Id).Order());
        Assert.True(runs > 2, $"{runs} runs");
        await using var connection = await world.App.OpenConnectionAsync(Token);
        Assert.Equal([252, 252], await connection.QueryAsync<int>("select fee_bps from payments.contracts"));
    }

    [Fact]
    public async Task The_effect_the_postings_and_the_key_commit_together_or_not_at_all()
    {
        await using var world = await InWorld.CreateAsync();
        var before = await world.DigestAsync();
        var refused = await Assert.ThrowsAsync<BooksRefusedException>(() => world.Commands.RunAsync(
            InWorld.Caller("k"),
            async (s, ct) =>
            {
                await world.Get<IFindings>().RaiseAsync(
                    s, new Finding("some_code", FindingSeverity.Info, "x:1", "d"), ct);
                s.Books.Add(Posting(PostingAuthority.Intent));
                return new Answer("x");
            },
            Token));
        Assert.Equal(BooksRefusal.FloorBreached, refused.Refusal);
        Assert.Equal(before, await world.DigestAsync());
    }

    [Fact]
    public async Task A_fact_that_goes_through_a_limit_is_posted_and_found()
    {
        await using var world = await InWorld.CreateAsync();
        await world.Commands.RunAsync(
            InWorld.Caller(),
            (s, _) =>
            {
                s.Books.Add(Posting(PostingAuthority.Fact));
                return Task.FromResult(new Answer("x"));
            },
            Token);
        Assert.Equal("-5", await world.BalanceAsync("suspense/stripe"));
        Assert.Equal(["limit_breached"], await world.OpenFindingsAsync());
    }

    private static Posting Posting(PostingAuthority authority) => new()
    {
        Id = Guid.CreateVersion7(),
        IdempotencyKey = "test",
        Reason = "test",
        EffectiveAt = InWorld.Start,
        Authority = authority,
        Legs =
        [
            Leg.Debit("suspense/stripe", new Money(InWorld.Usd, 5)),
            Leg.Credit("platform/fees", new Money(InWorld.Usd, 5)),
        ],
    };

    private static Task<int> TouchAsync(CommandSession session, string id, CancellationToken cancellationToken) =>
        session.Connection.ExecuteAsync(new CommandDefinition(
            """
            update payments.contracts set fee_bps = fee_bps + 1 where id = @id
            """,
            new { id },
            session.Transaction,
            cancellationToken: cancellationToken));

    private sealed record Answer(string Id);
}
