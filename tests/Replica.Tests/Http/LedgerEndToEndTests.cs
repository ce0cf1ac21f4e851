using Decent.Canister.Client;

namespace Decent.Replica.Tests.Http;

/// <summary>All three ledger kinds over real HTTP, through the clients the product uses.</summary>
public sealed class LedgerEndToEndTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("icrc", "ckUSDT", 6, 10_000)]
    [InlineData("icp", "ICP", 8, 10_000)]
    [InlineData("platform", "DC", 9, 1_000_000)]
    public async Task A_ledger_states_its_facts(string profile, string symbol, byte decimals, int fee)
    {
        await using var replica = await RunningReplica.StartAsync();
        Assert.Equal(
            new LedgerFacts(symbol, decimals, (UInt128)fee), await replica.Ledger(profile).FactsAsync(Ct));
        Assert.Equal(0UL, await replica.Ledger(profile).LengthAsync(Ct));
    }

    [Theory]
    [InlineData("icrc")]
    [InlineData("icp")]
    [InlineData("platform")]
    public async Task A_transfer_is_paid_once_found_in_the_blocks_and_repeated_as_duplicate(string profile)
    {
        await using var replica = await RunningReplica.StartAsync();
        await replica.MintAsync(profile, 50_000_000);
        var agent = replica.Agent();
        var ledger = replica.Ledger(profile, agent);
        var from = new IcrcAccount(agent.Sender);
        var argument = replica.Argument(7_000_000);

        var ok = Assert.IsType<TransferAnswer.Ok>(await SendAsync(agent, ledger, argument));
        Assert.Equal(new TransferAnswer.Duplicate(ok.Block), await SendAsync(agent, ledger, argument));

        var fee = (await ledger.FactsAsync(Ct)).Fee;
        Assert.Equal(50_000_000 - 7_000_000 - fee, await ledger.BalanceAsync(from, Ct));
        Assert.Equal((UInt128)7_000_000, await ledger.BalanceAsync(argument.To, Ct));
        Assert.Equal(2UL, await ledger.LengthAsync(Ct));
        var blocks = await ledger.BlocksAsync(0, Ct).ToListAsync(Ct);
        Assert.Equal([0UL, 1UL], blocks.Select(static b => b.Index));
        Assert.Equal(LedgerOperation.Mint, blocks[0].Operation);
        Assert.True(blocks[0].Credits(from));
        Assert.True(blocks[1].Matches(argument, from, ledger.Profile));
        Assert.True(blocks[1].Debits(from));
        Assert.True(blocks[1].Credits(argument.To));
        Assert.Equal(fee, blocks[1].Fee);
        Assert.False(blocks[0].Matches(argument, from, ledger.Profile));
    }

    [Theory]
    [InlineData("icrc")]
    [InlineData("icp")]
    [InlineData("platform")]
    public async Task Every_part_of_the_match_key_counts(string profile)
    {
        await using var replica = await RunningReplica.StartAsync();
        await replica.MintAsync(profile, 50_000_000);
        var agent = replica.Agent();
        var ledger = replica.Ledger(profile, agent);
        var from = new IcrcAccount(agent.Sender);
        var argument = replica.Argument(7_000_000);
        Assert.IsType<TransferAnswer.Ok>(await SendAsync(agent, ledger, argument));
        var block = (await ledger.BlocksAsync(1, Ct).ToListAsync(Ct)).Single();

        Assert.True(block.Matches(argument, from, ledger.Profile));
        Assert.False(block.Matches(argument with { Amount = 7_000_001 }, from, ledger.Profile));
        Assert.False(block.Matches(argument with { Memo = new byte[32] }, from, ledger.Profile));
        Assert.False(block.Matches(
            argument with { CreatedAtTimeNs = argument.CreatedAtTimeNs + 1 }, from, ledger.Profile));
        Assert.False(block.Matches(argument with { To = from }, from, ledger.Profile));
        Assert.False(block.Matches(argument, argument.To, ledger.Profile));
        byte[] other = [1, .. new byte[31]];
        Assert.False(block.Matches(argument, new IcrcAccount(agent.Sender, other), ledger.Profile));
    }

    [Theory]
    [InlineData("icrc")]
    [InlineData("icp")]
    [InlineData("platform")]
    public async Task Errors_arrive_as_their_own_cases(string profile)
    {
        await using var replica = await RunningReplica.StartAsync();
        await replica.MintAsync(profile, 50_000_000);
        var agent = replica.Agent();
        var ledger = replica.Ledger(profile, agent);
        var good = replica.Argument(1);
        Assert.Equal(
            new TransferAnswer.InsufficientFunds(50_000_000),
            await SendAsync(agent, ledger, good with { Amount = 60_000_000 }));
        var fee = (await ledger.FactsAsync(Ct)).Fee;
        Assert.Equal(new TransferAnswer.BadFee(fee), await SendAsync(agent, ledger, good with { Fee = fee + 1 }));
        Assert.IsType<TransferAnswer.TooOld>(await SendAsync(
            agent, ledger, good with { CreatedAtTimeNs = replica.NowNs - ((86_400 + 121) * RunningReplica.Second) }));
        Assert.Equal(
            new TransferAnswer.CreatedInFuture(replica.NowNs),
            await SendAsync(
                agent, ledger, good with { CreatedAtTimeNs = replica.NowNs + (121 * RunningReplica.Second) }));
        Assert.Throws<ArgumentException>(() => ledger.EncodeTransfer(good with { Memo = new byte[33] }));
    }

    [Theory]
    [InlineData("icrc")]
    [InlineData("icp")]
    public async Task Archived_blocks_are_fetched_by_callback_in_order_and_without_gap(string profile)
    {
        await using var replica = await RunningReplica.StartAsync(archiveAfter: 5);
        for (var i = 1; i <= 97; i++)
        {
            await replica.MintAsync(profile, (UInt128)i);
        }

        var ledger = replica.Ledger(profile);
        Assert.Equal(97UL, await ledger.LengthAsync(Ct));
        var all = await ledger.BlocksAsync(0, Ct).ToListAsync(Ct);
        Assert.Equal(Enumerable.Range(0, 97).Select(static i => (ulong)i), all.Select(static b => b.Index));
        Assert.Equal(Enumerable.Range(1, 97).Select(static i => (UInt128)i), all.Select(static b => b.Amount));
        var tail = await ledger.BlocksAsync(90, Ct).ToListAsync(Ct);
        Assert.Equal([90UL, 91, 92, 93, 94, 95, 96], tail.Select(static b => b.Index));
        Assert.Empty(await ledger.BlocksAsync(97, Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task The_platform_log_is_read_page_by_page_and_again_from_where_it_ended()
    {
        await using var replica = await RunningReplica.StartAsync();
        for (var i = 1; i <= 230; i++)
        {
            await replica.MintAsync("platform", (UInt128)i);
        }

        var ledger = replica.Ledger("platform");
        Assert.Equal(230UL, await ledger.LengthAsync(Ct));
        await replica.MintAsync("platform", 231);
        Assert.Equal(231UL, await ledger.LengthAsync(Ct));
        Assert.Equal(
            Enumerable.Range(151, 80).Select(static i => (ulong)i),
            (await ledger.BlocksAsync(151, Ct).ToListAsync(Ct)).Select(static b => b.Index));
        var amounts = (await ledger.BlocksAsync(0, Ct).ToListAsync(Ct)).Select(static b => b.Amount);
        Assert.Equal(Enumerable.Range(1, 231).Select(static i => (UInt128)i), amounts);
    }

    [Fact]
    public async Task The_platform_canister_shows_its_token_value()
    {
        await using var replica = await RunningReplica.StartAsync();
        var platform = new PlatformCanisterClient(replica.Agent(), WellKnownCanisters.Platform);
        Assert.Equal(20_385UL, (await platform.MetadataAsync(Ct)).TokenValueInUsdE6);
        _ = await replica.ControlAsync("token-value", new { usdE6 = 19_000 });
        Assert.Equal(19_000UL, (await platform.MetadataAsync(Ct)).TokenValueInUsdE6);
    }

    [Fact]
    public async Task A_method_the_canister_does_not_have_says_so()
    {
        await using var replica = await RunningReplica.StartAsync();
        var platform = LedgerClients.Create(replica.Agent(), WellKnownCanisters.Platform, LedgerProfile.Icrc);
        var refused = await Assert.ThrowsAsync<CanisterCallException>(() => platform.LengthAsync(Ct));
        Assert.Equal("IC0536", refused.ErrorCode);
    }

    [Fact]
    public async Task The_tip_certificate_of_the_ledger_holds_the_hash_of_its_last_block()
    {
        await using var replica = await RunningReplica.StartAsync();
        await replica.MintAsync("icrc", 5);
        var agent = replica.Agent();
        var answer = Assert.IsType<QueryOutcome.Replied>(await agent.QueryAsync(
            WellKnownCanisters.CkUsdtLedger, "icrc3_get_tip_certificate", Decent.Candid.CandidArg.Empty.Encode(), Ct));
        var tip = Decent.Candid.CandidArg.Decode(answer.Reply.Span)[0].AsOpt()!;
        var tree = HashTree.Parse(tip["hash_tree"].AsBlob());
        var certificate = Certificate.Parse(tip["certificate"].AsBlob());
        var certified = Assert.IsType<LookupResult.Found>(certificate.Tree.Lookup(
            StatePath.Of("canister").Add(WellKnownCanisters.CkUsdtLedger.ToArray()).Add("certified_data")));
        Assert.Equal(tree.RootHash(), certified.Value.ToArray());
        var last = (await replica.ReadAsync("blocks/ckUSDT"))[0].GetProperty("hash").GetString();
        var hash = Assert.IsType<LookupResult.Found>(tree.Lookup(StatePath.Of("last_block_hash")));
        Assert.Equal(last, Convert.ToHexStringLower(hash.Value.Span));
    }

    private static async Task<TransferAnswer> SendAsync(IAgent agent, ILedgerClient ledger, TransferArgument argument)
    {
        var outcome = await agent.CallAsync(
            ledger.Canister, ledger.TransferMethod, ledger.EncodeTransfer(argument), Ct);
        return ledger.DecodeTransferAnswer(Assert.IsType<CallOutcome.Replied>(outcome).Reply);
    }
}
