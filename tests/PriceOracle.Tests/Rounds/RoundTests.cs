using Dapper;
using Decent.PriceOracle.Aggregation;
using Decent.PriceOracle.Rounds;
using Npgsql;

namespace Decent.PriceOracle.Tests.Rounds;

public sealed class RoundTests(PricesDatabase fixture) : OracleTests(fixture)
{
    [Fact]
    public async Task Two_agreeing_venues_make_a_price_in_the_first_round()
    {
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        var dct = await oracle.Reader.CurrentAsync(Known.Dct, Ct);
        Assert.Equal(PriceState.Fresh, dct.State);
        Assert.True(dct.UsableForPayout, string.Join(", ", dct.Gate.Conditions.Where(c => !c.Holds)));
        Assert.InRange(dct.PriceE18!.Value, Known.Big("19999999999999900"), Known.Big("20000000000000100"));
        Assert.Equal(Known.Start, dct.ObservedAt);
        Assert.Equal(["icpswap", "taco"], dct.Venues);
        Assert.Equal([ReasonCodes.PegUnknown, ReasonCodes.Uncertified], dct.Flags);
        var round = await oracle.History.RoundAsync(dct.RoundId!.Value, Ct);
        Assert.Equal("DCT", round!.AssetCode);
        Assert.Equal(Outcomes.Accept, round.Outcome);
        Assert.Equal(["icpswap:DCT/ICP", "icpswap:ICP/ckUSDT", "taco:DCT/ckUSDT"],
            round.Observations.Select(o => o.SourceId));
        Assert.All(round.Candidates, c => Assert.True(c.Used));
    }

    [Fact]
    public async Task Nothing_is_known_before_the_first_round()
    {
        await using var oracle = Oracle();
        var reading = await oracle.Reader.CurrentAsync(Known.Dct, Ct);
        Assert.Equal(PriceState.Bootstrap, reading.State);
        Assert.Null(reading.PriceE18);
        Assert.False(reading.UsableForPayout);
        Assert.False(reading.Gate.Open);
        Assert.Equal(3, (await oracle.Reader.AllAsync(Ct)).Count);
    }

    [Fact]
    public async Task One_venue_alone_makes_no_price()
    {
        Market.Ic.Rejects(FakeMarket.Taco, "getAllAMMPools", "canister is stopped");
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        foreach (var reading in (await oracle.Reader.AllAsync(Ct)).Where(r => r.Asset != Known.Usdt))
        {
            Assert.Equal(PriceState.Bootstrap, reading.State);
            Assert.Null(reading.PriceE18);
            Assert.Contains("a canister cannot be reached", reading.ReasonInWords, StringComparison.Ordinal);
        }

        var round = Assert.Single(await oracle.History.RoundsAsync(Known.Dct, null, 10, Ct));
        Assert.Equal(Outcomes.NoQuorum, round.Outcome);
        Assert.Equal(ReasonCodes.Call, round.Candidates.Single(c => c.Venue == "taco").Code);
    }

    [Fact]
    public async Task Venues_more_than_five_percent_apart_make_no_price()
    {
        Market.TacoPool(Known.Dct, Known.Usdt, Known.Big("21100000000000000"));
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        Assert.Null((await oracle.Reader.CurrentAsync(Known.Dct, Ct)).PriceE18);
        Assert.Equal(Outcomes.Disagree, (await oracle.History.RoundsAsync(Known.Dct, null, 1, Ct))[0].Outcome);

        // The other token's venues still agree.
        Assert.True((await oracle.Reader.CurrentAsync(Known.Icp, Ct)).UsableForPayout);
    }

    [Fact]
    public async Task A_price_grows_stale_and_is_halted_by_time_alone()
    {
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        Time.Advance(TimeSpan.FromMinutes(15));
        Assert.True((await oracle.Reader.CurrentAsync(Known.Dct, Ct)).UsableForPayout);
        Time.Advance(TimeSpan.FromSeconds(1));
        var stale = await oracle.Reader.CurrentAsync(Known.Dct, Ct);
        Assert.Equal(PriceState.Stale, stale.State);
        Assert.NotNull(stale.PriceE18);
        Assert.False(stale.UsableForPayout);
        Assert.Equal("The last good price is 15 min old, the limit is 15 min. No round has been held since.",
            stale.ReasonInWords);
        Time.Advance(TimeSpan.FromHours(4));
        var halted = await oracle.Reader.CurrentAsync(Known.Dct, Ct);
        Assert.Equal(PriceState.Halted, halted.State);
        Assert.Null(halted.PriceE18);
        Assert.Null(halted.RoundId);
        Assert.NotNull(halted.LastGoodE18);
    }

    [Fact]
    public async Task A_restart_restores_the_exact_state()
    {
        PriceReading before;
        await using (var oracle = Oracle(("Oracle:ConfirmRounds", "3")))
        {
            await oracle.Refresh.RefreshAsync(Ct);
            Time.Advance(TimeSpan.FromMinutes(5));
            await oracle.Refresh.RefreshAsync(Ct);
            before = await oracle.Reader.CurrentAsync(Known.Dct, Ct);
            Assert.Equal(PriceState.Bootstrap, before.State);
        }

        await using (var oracle = Oracle(("Oracle:ConfirmRounds", "3")))
        {
            Assert.Equivalent(before, await oracle.Reader.CurrentAsync(Known.Dct, Ct));
            Time.Advance(TimeSpan.FromMinutes(5));
            await oracle.Refresh.RefreshAsync(Ct);
            Assert.Equal(PriceState.Fresh, (await oracle.Reader.CurrentAsync(Known.Dct, Ct)).State);
        }
    }

    [Fact]
    public async Task A_step_beyond_half_halts_until_people_look()
    {
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        Market.TacoPool(Known.Icp, Known.Usdt, Known.Big("9000000000000000000"));
        Market.IcpSwap(FakeMarket.IcpUsdtPool, Known.Icp, Known.Usdt, Known.Big("9000000000000000000"));
        Time.Advance(TimeSpan.FromMinutes(5));
        await oracle.Refresh.RefreshAsync(Ct);
        var reading = await oracle.Reader.CurrentAsync(Known.Icp, Ct);
        Assert.Equal(PriceState.Halted, reading.State);
        Assert.Contains("two people must look", reading.ReasonInWords, StringComparison.Ordinal);
        Assert.False(reading.UsableForPayout);

        // The other token hangs on the same leg at one venue only: there the venues now disagree.
        Assert.Equal(PriceState.Held, (await oracle.Reader.CurrentAsync(Known.Dct, Ct)).State);
    }

    [Fact]
    public async Task Rounds_form_a_chain_and_replay_to_the_same_decision()
    {
        await using var oracle = Oracle();
        for (var i = 0; i < 4; i++)
        {
            await oracle.Refresh.RefreshAsync(Ct);
            Time.Advance(TimeSpan.FromMinutes(5));
            Market.TacoPool(Known.Dct, Known.Usdt, Known.Big("20000000000000000") + (i * Known.Big("300000000000000")));
        }

        await using var connection = await Database.App.OpenConnectionAsync(Ct);
        var rows = (await connection.QueryAsync<(long Id, byte[]? Previous, byte[] Hash)>(
            "select id, previous_hash, hash from prices.rounds where asset = 'DCT' order by id")).ToList();
        Assert.Equal(4, rows.Count);
        Assert.Null(rows[0].Previous);
        for (var i = 1; i < rows.Count; i++)
        {
            Assert.Equal(rows[i - 1].Hash, rows[i].Previous);
        }

        foreach (var row in rows)
        {
            Assert.Equal(new ReplayResult(row.Id, true, null), await oracle.History.ReplayAsync(row.Id, Ct));
        }

        Assert.Null(await oracle.History.ReplayAsync(long.MaxValue, Ct));
        Assert.Equal(4, (await oracle.History.PricesAsync(Known.Dct, Known.Start, Time.GetUtcNow(), 100, Ct)).Count);
    }

    [Fact]
    public async Task A_changed_round_is_found_out()
    {
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        var id = (await oracle.Reader.CurrentAsync(Known.Dct, Ct)).RoundId!.Value;
        await using var connection = new NpgsqlConnection(Database.SuperuserConnectionString);
        await connection.ExecuteAsync("""
            alter table prices.rounds disable trigger rounds_only_added;
            update prices.rounds set decision = replace(decision, '"flags":["W_PEG_UNKNOWN"', '"flags":["W_THIN"') where id = @id;
            alter table prices.rounds enable trigger rounds_only_added;
            """, new { id });
        Assert.False((await oracle.History.ReplayAsync(id, Ct))!.Equal);
    }

    [Theory]
    [InlineData("observations")]
    [InlineData("samples")]
    [InlineData("rounds")]
    [InlineData("prices")]
    [InlineData("events")]
    public async Task What_was_seen_and_decided_cannot_be_changed(string table)
    {
        await using (var oracle = Oracle())
        {
            await oracle.Refresh.RefreshAsync(Ct);
        }

        foreach (var source in new[] { Database.App, Database.Owner })
        {
            await using var connection = await source.OpenConnectionAsync(Ct);
            foreach (var sql in new[] { $"delete from prices.{table}", $"update prices.{table} set asset = 'X'" })
            {
                var text = table == "observations" ? sql.Replace("asset", "venue", StringComparison.Ordinal) : sql;
                var e = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(text));
                Assert.Equal("42501", e.SqlState);
            }
        }
    }

    [Fact]
    public async Task Hosts_that_decide_at_once_leave_one_unbroken_chain()
    {
        await using var first = Oracle();
        await using var second = Oracle();
        await Task.WhenAll(first.Refresh.RefreshAsync(Ct), second.Refresh.RefreshAsync(Ct),
            first.Refresh.RefreshAsync(Ct));
        await using var connection = await Database.App.OpenConnectionAsync(Ct);
        var rows = (await connection.QueryAsync<(byte[]? Previous, byte[] Hash)>(
            "select previous_hash, hash from prices.rounds where asset = 'ICP' order by id")).ToList();
        Assert.Equal(3, rows.Count);
        Assert.Equal(rows.Take(2).Select(r => r.Hash), rows.Skip(1).Select(r => r.Previous!));
    }

    [Fact]
    public async Task Work_is_due_at_once_and_then_every_round()
    {
        await using var oracle = Oracle();
        Assert.Equal(Known.Start, await oracle.Work.NextDueAsync(Ct));
        Assert.Equal(4, await oracle.Work.RunDueAsync(Ct));
        Assert.Equal(0, await oracle.Work.RunDueAsync(Ct));
        Assert.Equal(Known.Start.AddMinutes(5), await oracle.Work.NextDueAsync(Ct));
        Time.Advance(TimeSpan.FromDays(3));
        Assert.Equal(4, await oracle.Work.RunDueAsync(Ct));
        Assert.Equal(0, await oracle.Work.RunDueAsync(Ct));
    }

    [Fact]
    public async Task Every_change_of_state_is_an_event()
    {
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        Market.TacoPool(Known.Dct, Known.Usdt, Known.Big("30000000000000000"));
        Time.Advance(TimeSpan.FromMinutes(5));
        await oracle.Refresh.RefreshAsync(Ct);
        Time.Advance(TimeSpan.FromMinutes(5));
        await oracle.Refresh.RefreshAsync(Ct);
        await using var connection = await Database.App.OpenConnectionAsync(Ct);
        var events = await connection.QueryAsync<(string From, string To)>(
            "select state_from, state_to from prices.events where asset = 'DCT' order by id");
        Assert.Equal([("Bootstrap", "Fresh"), ("Fresh", "Held")], events);
    }

    [Fact]
    public void A_state_survives_its_text()
    {
        var state = new FeedState
        {
            State = PriceState.Held,
            LastGoodE18 = Known.Big("20385213481152993"),
            LastGoodAt = Known.Start.AddMicroseconds(1),
            LastGoodRound = 7,
            PendingE18 = [Known.Big("26100000000000000"), Known.Big("1")],
            Venues = ["icpswap"],
            Flags = [ReasonCodes.PegUnknown],
            ConfidenceE18 = 5,
            TvlUsdE6 = 6,
            GraceRounds = 2,
            HaltReason = HaltReasons.Age,
            LastOutcome = Outcomes.PendingStep,
            LastCodes = [ReasonCodes.Call],
        };
        Assert.Equivalent(state, RoundJson.Read<FeedState>(RoundJson.Write(state)), strict: true);
    }
}
