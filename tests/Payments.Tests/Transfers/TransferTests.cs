using Decent.Canister.Client;
using Decent.Payments.Payouts;
using Decent.Payments.Reconciliation;
using Decent.Payments.Transfers;

namespace Decent.Payments.Tests.Transfers;

/// <summary>One transfer, one fault at a time, on every kind of ledger.</summary>
public sealed class TransferTests(PayoutDatabase fixture) : IClassFixture<PayoutDatabase>
{
    public static TheoryData<string> Tokens { get; } = ["DCT", "ICP", "ckUSDT"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task A_payout_without_faults_is_paid_once_with_its_memo_and_stamp(string token)
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var asset = world.Assets.Get(token);
        await world.FundAsync(host, asset, 10_000_000_000_000);
        var id = await world.PayoutAsync(host, asset);

        await world.SettleAsync(host, [id]);

        var payout = await host.Payouts.GetAsync(id, Ct);
        Assert.Equal(PayoutState.Confirmed, payout!.State);
        var transfer = await host.Transfers.GetAsync(payout.TransferId!.Value, Ct);
        var block = world.Ledgers[token].Blocks[(int)payout.Block!.Value];
        Assert.Equal(transfer!.Memo.ToArray(), block.Memo!.Value.ToArray());
        Assert.Equal((UInt128)transfer.Amount.Units, block.Amount);
        Assert.NotNull(block.CreatedAtTimeNs);
        await world.AssertSoundAsync(host, [id]);
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task A_lost_answer_is_found_by_asking_not_by_paying_again(string token)
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var id = await PreparedAsync(world, host, token);
        world.Agent.Next = Script(new Fate { AnswerLost = true });

        await world.SettleAsync(host, [id]);

        var history = await HistoryAsync(host, id);
        Assert.Single(history.Attempts);
        Assert.Equal(PayoutState.Confirmed, (await host.Payouts.GetAsync(id, Ct))!.State);
        await world.AssertSoundAsync(host, [id]);
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task Lost_bytes_are_sent_again_as_the_same_bytes(string token)
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var id = await PreparedAsync(world, host, token);
        world.Agent.Sent.Clear();
        world.Agent.Next = Script(new Fate { Lost = true }, new Fate { Throws = true, Lost = true });

        await world.SettleAsync(host, [id]);

        Assert.True(world.Agent.Sent.Count >= 3);
        Assert.All(world.Agent.Sent, s => Assert.Equal(world.Agent.Sent[0].Bytes.ToArray(), s.Bytes.ToArray()));
        Assert.Equal(PayoutState.Confirmed, (await host.Payouts.GetAsync(id, Ct))!.State);
        await world.AssertSoundAsync(host, [id]);
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task An_attempt_proven_dead_is_followed_by_one_with_the_same_arguments(string token)
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var id = await PreparedAsync(world, host, token);
        world.Agent.Sent.Clear();
        var until = world.Time.GetUtcNow().AddMinutes(5);
        world.Agent.Next = () => world.Time.GetUtcNow() < until ? new Fate { Lost = true } : Fate.Good;

        await world.SettleAsync(host, [id]);

        var history = await HistoryAsync(host, id);
        Assert.Equal(2, history.Attempts.Count);
        Assert.Equal("never_ran", history.Attempts[0].Outcome);
        Assert.Contains(history.Transitions, t => t is { From: TransferState.Submitted, To: TransferState.Prepared });
        var arguments = world.Agent.Sent.Select(s => Convert.ToHexString(RequestEnvelope.Parse(s.Bytes).Content.Arg.Span));
        Assert.Single(arguments.Distinct(StringComparer.Ordinal));
        Assert.Equal(2, world.Agent.Sent.Select(s => s.Id).Distinct().Count());
        await world.AssertSoundAsync(host, [id]);
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task An_executed_transfer_whose_fate_nobody_keeps_is_never_paid_twice(string token)
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var id = await PreparedAsync(world, host, token);
        world.Agent.Next = Script(new Fate { AnswerLost = true });
        await host.Work("transfers").RunDueAsync(Ct);
        world.Advance(TimeSpan.FromHours(2));

        await world.SettleAsync(host, [id]);

        Assert.Equal(PayoutState.Confirmed, (await host.Payouts.GetAsync(id, Ct))!.State);
        Assert.Equal("expired", (await HistoryAsync(host, id)).Attempts[0].Outcome);
        await world.AssertSoundAsync(host, [id]);
    }

    [Fact]
    public async Task The_platform_is_read_before_any_late_retry_even_when_its_memory_is_gone()
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var id = await PreparedAsync(world, host, "DCT");
        world.Agent.Next = Script(new Fate { AnswerLost = true });
        await host.Work("transfers").RunDueAsync(Ct);
        world.Ledgers["DCT"].Upgrade();
        world.Advance(TimeSpan.FromHours(1));
        world.Agent.Sent.Clear();

        await world.SettleAsync(host, [id]);

        Assert.Empty(world.Agent.Sent);
        Assert.Equal(PayoutState.Confirmed, (await host.Payouts.GetAsync(id, Ct))!.State);
        await world.AssertSoundAsync(host, [id]);
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task After_23_hours_nothing_is_sent_and_the_blocks_decide(string token)
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var paid = await PreparedAsync(world, host, token);
        world.Agent.Next = Script(new Fate { AnswerLost = true });
        await host.Work("transfers").RunDueAsync(Ct);
        var unpaid = await PreparedAsync(world, host, token);
        world.Agent.Next = Script(new Fate { Lost = true });
        await host.Work("transfers").RunDueAsync(Ct);
        world.Advance(TimeSpan.FromHours(23) + TimeSpan.FromMinutes(1));
        world.Agent.Sent.Clear();

        await world.SettleAsync(host, [paid, unpaid]);

        Assert.Empty(world.Agent.Sent);
        Assert.Equal(PayoutState.Confirmed, (await host.Payouts.GetAsync(paid, Ct))!.State);
        Assert.Equal(PayoutState.Refused, (await host.Payouts.GetAsync(unpaid, Ct))!.State);
        await world.AssertSoundAsync(host, [paid, unpaid]);
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task A_request_that_lingers_in_the_network_is_waited_for(string token)
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var id = await PreparedAsync(world, host, token);
        world.Agent.Next = Script(new Fate { Delay = TimeSpan.FromMinutes(3), AnswerLost = true });

        await world.SettleAsync(host, [id]);

        Assert.Single((await HistoryAsync(host, id)).Attempts);
        await world.AssertSoundAsync(host, [id]);
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task A_trap_after_the_block_was_written_still_confirms(string token)
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var id = await PreparedAsync(world, host, token);
        world.Agent.Next = Script(new Fate { RejectCode = 5, ErrorCode = "IC0502", RejectAfterwards = true });

        await world.SettleAsync(host, [id]);

        Assert.Equal(PayoutState.Confirmed, (await host.Payouts.GetAsync(id, Ct))!.State);
        await world.AssertSoundAsync(host, [id]);
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task A_generic_error_after_execution_still_confirms_and_without_is_refused_or_paid_once(string token)
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var executed = await PreparedAsync(world, host, token);
        world.Agent.Next = Script(new Fate { Afterwards = new TransferAnswer.GenericError(1, "x") });
        await host.Work("transfers").RunDueAsync(Ct);
        var not = await PreparedAsync(world, host, token);
        world.Agent.Next = Script(new Fate { Instead = new TransferAnswer.GenericError(1, "x") });
        await host.Work("transfers").RunDueAsync(Ct);

        await world.SettleAsync(host, [executed, not]);

        Assert.Equal(PayoutState.Confirmed, (await host.Payouts.GetAsync(executed, Ct))!.State);
        var expected = token == "DCT" ? PayoutState.Refused : PayoutState.Confirmed;
        Assert.Equal(expected, (await host.Payouts.GetAsync(not, Ct))!.State);
        await world.AssertSoundAsync(host, [executed, not]);
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task A_wrong_block_is_not_believed(string token)
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var id = await PreparedAsync(world, host, token);
        world.Agent.Next = Script(new Fate { Afterwards = new TransferAnswer.Ok(0) });

        await world.SettleAsync(host, [id]);

        var payout = await host.Payouts.GetAsync(id, Ct);
        Assert.Equal(PayoutState.Confirmed, payout!.State);
        Assert.NotEqual(0UL, payout.Block);
        await world.AssertSoundAsync(host, [id]);
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task Said_to_be_paid_and_not_on_chain_stays_unsettled_and_tells_a_person(string token)
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var id = await PreparedAsync(world, host, token);
        world.Agent.Next = Script(new Fate { Instead = new TransferAnswer.Ok(0) });
        for (var i = 0; i < 60; i++)
        {
            await host.Work("transfers").RunDueAsync(Ct);
            world.Advance(TimeSpan.FromMinutes(30));
            world.Ledgers[token].Tick();
        }

        var payout = await host.Payouts.GetAsync(id, Ct);
        Assert.True(payout!.State is PayoutState.Unknown or PayoutState.Submitted);
        Assert.Equal(0, await world.TimesPaidAsync(host, id));
        var findings = await host.Findings.ListAsync(FindingState.Open, Ct);
        Assert.Contains(findings, f => f.Code == "transfer_needs_review" && f.Subject == $"transfer:{payout.TransferId}");
    }

    [Theory]
    [InlineData("ICP")]
    [InlineData("ckUSDT")]
    public async Task A_raised_fee_does_not_hide_that_a_transfer_was_paid(string token)
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var id = await PreparedAsync(world, host, token);
        world.Agent.Next = Script(new Fate { AnswerLost = true });
        await host.Work("transfers").RunDueAsync(Ct);
        world.Ledgers[token].Fee = 20_000;
        world.Advance(TimeSpan.FromHours(1));

        await world.SettleAsync(host, [id]);

        Assert.Equal(PayoutState.Confirmed, (await host.Payouts.GetAsync(id, Ct))!.State);
        await world.AssertSoundAsync(host, [id]);
    }

    [Fact]
    public async Task A_fee_above_what_is_reserved_is_not_sent_and_told()
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var id = await PreparedAsync(world, host, "ICP");
        world.Agent.Sent.Clear();
        world.Ledgers["ICP"].Fee = 20_000;

        await host.Work("transfers").RunDueAsync(Ct);

        Assert.Empty(world.Agent.Sent);
        Assert.Equal(PayoutState.Prepared, (await host.Payouts.GetAsync(id, Ct))!.State);
        Assert.Contains(await host.Findings.ListAsync(FindingState.Open, Ct), f => f.Code == "ledger_fee_raised");
        world.Ledgers["ICP"].Fee = 10_000;
        await world.SettleAsync(host, [id]);
        await world.AssertSoundAsync(host, [id]);
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task Too_little_money_on_chain_refuses_and_frees_everything(string token)
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var id = await PreparedAsync(world, host, token);
        world.Agent.Next = Script(new Fate { Instead = new TransferAnswer.InsufficientFunds(3) });

        await world.SettleAsync(host, [id]);

        var payout = await host.Payouts.GetAsync(id, Ct);
        Assert.Equal(PayoutState.Refused, payout!.State);
        await world.AssertSoundAsync(host, [id]);
        var again = await PayoutWorld.ApprovedAsync(host, payout.ProviderId, world.Assets.Get(token));
        await world.SettleAsync(host, [again]);
        Assert.Equal(PayoutState.Confirmed, (await host.Payouts.GetAsync(again, Ct))!.State);
        await world.AssertSoundAsync(host, [id, again]);
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task An_unreadable_ledger_only_delays(string token)
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var id = await PreparedAsync(world, host, token);
        var reads = 0;
        world.Ledgers[token].ReadFails = () => ++reads % 3 != 0 && reads < 40;

        await world.SettleAsync(host, [id]);

        world.Ledgers[token].ReadFails = static () => false;
        Assert.Equal(PayoutState.Confirmed, (await host.Payouts.GetAsync(id, Ct))!.State);
        await world.AssertSoundAsync(host, [id]);
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task A_node_that_lags_never_turns_a_paid_transfer_into_a_refused_one(string token)
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var id = await PreparedAsync(world, host, token);
        var ledger = world.Ledgers[token];
        ledger.ShownBlocks = ledger.Blocks.Count;
        world.Agent.TimeFails = static () => true;
        world.Agent.Next = Script(new Fate { AnswerLost = true });
        await host.Work("transfers").RunDueAsync(Ct);
        world.Agent.Next = static () => new Fate { Lost = true };
        for (var i = 0; i < 30; i++)
        {
            world.Advance(TimeSpan.FromHours(1));
            await host.Work("transfers").RunDueAsync(Ct);
        }

        Assert.Equal(PayoutState.Unknown, (await host.Payouts.GetAsync(id, Ct))!.State);
        ledger.ShownBlocks = null;
        world.Agent.TimeFails = static () => false;
        await world.SettleAsync(host, [id]);
        Assert.Equal(PayoutState.Confirmed, (await host.Payouts.GetAsync(id, Ct))!.State);
        await world.AssertSoundAsync(host, [id]);
    }

    [Theory]
    [InlineData("attempt_committed", "DCT")]
    [InlineData("attempt_committed", "ckUSDT")]
    [InlineData("answer_received", "DCT")]
    [InlineData("answer_received", "ICP")]
    public async Task A_host_that_dies_at_a_named_point_is_taken_over_by_the_next(string point, string token)
    {
        var world = await fixture.WorldAsync();
        var crashes = new CrashPlan { At = p => p == point };
        Guid id;
        await using (var first = world.Host(crashes))
        {
            id = await PreparedAsync(world, first, token);
            await Assert.ThrowsAsync<Crash>(() => first.Work("transfers").RunDueAsync(Ct));
        }

        await using var second = world.Host();
        Assert.Equal(0, await second.Work("transfers").RunDueAsync(Ct));
        world.Advance(TimeSpan.FromSeconds(40));
        await world.SettleAsync(second, [id]);

        Assert.Single((await HistoryAsync(second, id)).Attempts);
        Assert.Equal(PayoutState.Confirmed, (await second.Payouts.GetAsync(id, Ct))!.State);
        await world.AssertSoundAsync(second, [id]);
    }

    internal static Func<Fate> Script(params Fate[] fates)
    {
        var queue = new Queue<Fate>(fates);
        return () => queue.TryDequeue(out var fate) ? fate : Fate.Good;
    }

    private static async Task<TransferHistory> HistoryAsync(PayoutHost host, Guid payout)
    {
        var view = await host.Payouts.GetAsync(payout, Ct);
        return await host.Transfers.HistoryAsync(view!.TransferId!.Value, Ct);
    }

    /// <summary>Quoted and reserved, nothing sent.</summary>
    private static async Task<Guid> PreparedAsync(PayoutWorld world, PayoutHost host, string token)
    {
        var asset = world.Assets.Get(token);
        await world.FundAsync(host, asset, 10_000_000_000_000);
        var id = await world.PayoutAsync(host, asset);
        await host.Work("payouts").RunDueAsync(Ct);
        Assert.Equal(PayoutState.Prepared, (await host.Payouts.GetAsync(id, Ct))!.State);
        return id;
    }
}
