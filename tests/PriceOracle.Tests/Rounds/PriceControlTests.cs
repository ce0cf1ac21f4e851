using Dapper;
using Decent.Ledger;
using Decent.PriceOracle.Aggregation;
using Decent.PriceOracle.Control;
using Decent.PriceOracle.Quotes;
using Npgsql;

namespace Decent.PriceOracle.Tests.Rounds;

public sealed class PriceControlTests(PricesDatabase fixture) : OracleTests(fixture)
{
    private const string Why = "The market moved and we looked at it.";

    [Fact]
    public async Task A_tripped_breaker_is_resumed_by_two_people_and_starts_over()
    {
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        SetIcp("9000000000000000000");
        await NextAsync(oracle);
        Assert.Equal(PriceState.Halted, (await ReadAsync(oracle)).State);
        await NextAsync(oracle);
        Assert.Equal(PriceState.Halted, (await ReadAsync(oracle)).State);

        var proposal = await DoneAsync(oracle.Control.ProposeResumeAsync(Known.Icp, "anna", Why, Ct));
        Assert.Null(proposal.RoundId);
        Assert.Equal(PriceState.Halted, (await ReadAsync(oracle)).State);
        Assert.Equal("same_person",
            await RefusedAsync(oracle.Control.ApproveAsync(proposal.ProposalId!.Value, "anna", true, Ct)));
        var resumed = await DoneAsync(oracle.Control.ApproveAsync(proposal.ProposalId.Value, "ben", true, Ct));
        Assert.Equal(PriceState.Bootstrap, (await ReadAsync(oracle)).State);
        Assert.Null((await ReadAsync(oracle)).PriceE18);
        await NextAsync(oracle);
        var reading = await ReadAsync(oracle);
        Assert.True(reading.UsableForPayout, reading.ReasonInWords);
        Assert.InRange(reading.PriceE18!.Value, Known.Big("8999999999000000000"), Known.Big("9000000001000000000"));

        // A day later the old price must not look like a drift.
        Time.Advance(TimeSpan.FromHours(24));
        await NextAsync(oracle);
        Assert.NotEqual(HaltReasons.TripDrift, (await oracle.History.RoundsAsync(Known.Icp, null, 1, Ct))[0].Outcome);
        Assert.True((await oracle.History.ReplayAsync(resumed.RoundId!.Value, Ct))!.Equal);
        Assert.Equal("proposal_closed",
            await RefusedAsync(oracle.Control.ApproveAsync(proposal.ProposalId.Value, "carl", true, Ct)));
    }

    [Fact]
    public async Task One_person_stops_a_feed_and_agreeing_venues_do_not_start_it_again()
    {
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        await DoneAsync(oracle.Control.HaltAsync(Known.Icp, "anna", Why, Ct));
        for (var i = 0; i < 3; i++)
        {
            await NextAsync(oracle);
            var reading = await ReadAsync(oracle);
            Assert.Equal(PriceState.Halted, reading.State);
            Assert.False(reading.UsableForPayout);
            Assert.Null(reading.PriceE18);
        }

        Assert.Equal("already_stopped", await RefusedAsync(oracle.Control.HaltAsync(Known.Icp, "ben", Why, Ct)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_feed_stopped_before_its_first_price_does_not_get_one(bool declared)
    {
        var asset = declared ? Known.Usdt : Known.Icp;
        await using var oracle = Oracle();
        await DoneAsync(oracle.Control.HaltAsync(asset, "anna", Why, Ct));
        await NextAsync(oracle);
        await NextAsync(oracle);
        var reading = await oracle.Reader.CurrentAsync(asset, Ct);
        Assert.Equal(PriceState.Bootstrap, reading.State);
        Assert.Contains("stopped by an operator", reading.ReasonInWords, StringComparison.Ordinal);
        var proposal = await DoneAsync(oracle.Control.ProposeResumeAsync(asset, "anna", Why, Ct));
        await DoneAsync(oracle.Control.ApproveAsync(proposal.ProposalId!.Value, "ben", false, Ct));
        await NextAsync(oracle);
        Assert.True((await oracle.Reader.CurrentAsync(asset, Ct)).UsableForPayout);
    }

    [Fact]
    public async Task A_manual_price_pays_until_it_expires_and_no_longer()
    {
        Market.Ic.Rejects(FakeMarket.Taco, "getAllAMMPools", "stopped");
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        var proposal =
            await DoneAsync(
            oracle.Control.ProposeManualPriceAsync(Known.Dct, Manual("30000000000000000", 48), "anna", Ct));
        Assert.Equal(PriceState.Bootstrap, (await oracle.Reader.CurrentAsync(Known.Dct, Ct)).State);
        var approved = await DoneAsync(oracle.Control.ApproveAsync(proposal.ProposalId!.Value, "ben", false, Ct));
        var reading = await oracle.Reader.CurrentAsync(Known.Dct, Ct);
        Assert.Equal(PriceState.Override, reading.State);
        Assert.Equal(approved.RoundId, reading.RoundId);
        Assert.Equal([ReasonCodes.Manual], reading.Flags);
        var quote = await oracle.Get<IQuotes>().QuoteAsync(Known.Dct, new Money(Known.Usd, 3_000_000_000), Ct);
        Assert.Equal((100_000_000_000, approved.RoundId),
            (Assert.IsType<QuoteResult.Quoted>(quote).Units.Units, reading.RoundId));
        Assert.True((await oracle.History.ReplayAsync(approved.RoundId!.Value, Ct))!.Equal);

        // Rounds go on underneath and do not touch it.
        await NextAsync(oracle);
        Assert.Equal(PriceState.Override, (await oracle.Reader.CurrentAsync(Known.Dct, Ct)).State);
        Time.Advance(TimeSpan.FromHours(48) - TimeSpan.FromMinutes(5));
        Assert.Equal(PriceState.Bootstrap, (await oracle.Reader.CurrentAsync(Known.Dct, Ct)).State);
        Assert.IsType<QuoteResult.Refused>(
            await oracle.Get<IQuotes>().QuoteAsync(Known.Dct, new Money(Known.Usd, 3_000_000_000), Ct));
    }

    [Fact]
    public async Task A_manual_price_ends_when_it_is_revoked_stopped_or_overtaken_by_the_market()
    {
        await using var oracle = Oracle();
        var first = await SetAsync(oracle, Known.Dct, clears: false);
        await DoneAsync(oracle.Control.RevokeAsync(first, "carl", Why, Ct));
        Assert.Equal(PriceState.Bootstrap, (await oracle.Reader.CurrentAsync(Known.Dct, Ct)).State);
        Assert.Equal("proposal_closed", await RefusedAsync(oracle.Control.RevokeAsync(first, "carl", Why, Ct)));

        await SetAsync(oracle, Known.Dct, clears: true);
        await oracle.Refresh.RefreshAsync(Ct);
        Assert.Equal(PriceState.Fresh, (await oracle.Reader.CurrentAsync(Known.Dct, Ct)).State);

        await SetAsync(oracle, Known.Dct, clears: false);
        await NextAsync(oracle);
        Assert.Equal(PriceState.Override, (await oracle.Reader.CurrentAsync(Known.Dct, Ct)).State);
        await DoneAsync(oracle.Control.HaltAsync(Known.Dct, "anna", Why, Ct));
        Assert.Equal(PriceState.Halted, (await oracle.Reader.CurrentAsync(Known.Dct, Ct)).State);
        Assert.Equal(["approved", "approved", "revoked"],
            (await oracle.Control.ListAsync(Known.Dct, 10, Ct)).Select(p => p.State));
    }

    [Fact]
    public async Task A_price_ten_times_off_needs_someone_who_may_take_the_risk()
    {
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        var proposal =
            await DoneAsync(
            oracle.Control.ProposeManualPriceAsync(Known.Dct, Manual("200000000000000000", 1), "anna", Ct));
        Assert.Equal("risk_role_needed",
            await RefusedAsync(oracle.Control.ApproveAsync(proposal.ProposalId!.Value, "ben", false, Ct)));
        Assert.Equal(PriceState.Fresh, (await oracle.Reader.CurrentAsync(Known.Dct, Ct)).State);
        await DoneAsync(oracle.Control.ApproveAsync(proposal.ProposalId.Value, "ben", true, Ct));
        var words = (await oracle.Reader.CurrentAsync(Known.Dct, Ct)).ReasonInWords;
        Assert.Contains("90000 basis points away", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_proposals_change_nothing()
    {
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        var eur = Asset.Fiat("EUR");
        Assert.Equal("asset_not_priced", await RefusedAsync(oracle.Control.HaltAsync(eur, "anna", Why, Ct)));
        Assert.Equal("reason_too_short",
            await RefusedAsync(oracle.Control.HaltAsync(Known.Icp, "anna", "because   ", Ct)));
        Assert.Equal("not_halted", await RefusedAsync(oracle.Control.ProposeResumeAsync(Known.Icp, "anna", Why, Ct)));
        Assert.Equal("proposal_unknown", await RefusedAsync(oracle.Control.ApproveAsync(404, "anna", true, Ct)));
        foreach (var price in new[] { "0", "-1", "999999999999", "1000000000000000000001" })
        {
            Assert.Equal("price_out_of_range", await RefusedAsync(
                oracle.Control.ProposeManualPriceAsync(Known.Dct, Manual(price, 1), "anna", Ct)));
        }

        foreach (var hours in new[] { -1, 0, 73 })
        {
            Assert.Equal("validity_invalid", await RefusedAsync(
                oracle.Control.ProposeManualPriceAsync(Known.Dct, Manual("20000000000000000", hours), "anna", Ct)));
        }

        Assert.Empty(await oracle.Control.ListAsync(null, 10, Ct));
        Assert.Single(await oracle.History.RoundsAsync(Known.Dct, null, 10, Ct));
    }

    [Fact]
    public async Task Two_approvals_at_once_act_once()
    {
        await using var oracle = Oracle();
        var proposal =
            await DoneAsync(
            oracle.Control.ProposeManualPriceAsync(Known.Dct, Manual("20000000000000000", 1), "anna", Ct));
        var results = await Task.WhenAll(
            Enumerable.Range(0, 4)
                .Select(i => oracle.Control.ApproveAsync(proposal.ProposalId!.Value, "ben" + i, true, Ct)));
        Assert.Single(results.OfType<ControlResult.Done>());
        Assert.Single(await oracle.History.RoundsAsync(Known.Dct, null, 10, Ct));
    }

    [Fact]
    public async Task The_database_itself_asks_for_two_people()
    {
        await using var oracle = Oracle();
        var proposal =
            await DoneAsync(
            oracle.Control.ProposeManualPriceAsync(Known.Dct, Manual("20000000000000000", 1), "anna", Ct));
        await using var connection = await Database.App.OpenConnectionAsync(Ct);
        var e = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(
            "insert into prices.proposal_decisions values (@id, 'approved', 'anna', 'anna', @at, '', null)",
            new { id = proposal.ProposalId, at = Time.GetUtcNow() }));
        Assert.Equal("two_people", e.ConstraintName);
    }

    private async Task<long> SetAsync(Oracle oracle, Asset asset, bool clears)
    {
        var proposal = await DoneAsync(oracle.Control.ProposeManualPriceAsync(
            asset, Manual("20000000000000000", 24) with { ClearsOnAccept = clears }, "anna", Ct));
        await DoneAsync(oracle.Control.ApproveAsync(proposal.ProposalId!.Value, "ben", true, Ct));
        return proposal.ProposalId.Value;
    }

    private ManualPriceProposal Manual(string price, int hours) => new(
        Known.Big(price), Why, "https://example.org/rate", Time.GetUtcNow(), Time.GetUtcNow().AddHours(hours), false);

    private void SetIcp(string price)
    {
        Market.TacoPool(Known.Icp, Known.Usdt, Known.Big(price));
        Market.IcpSwap(FakeMarket.IcpUsdtPool, Known.Icp, Known.Usdt, Known.Big(price));
    }

    private async Task NextAsync(Oracle oracle)
    {
        Time.Advance(TimeSpan.FromMinutes(5));
        await oracle.Refresh.RefreshAsync(Ct);
    }

    private Task<PriceReading> ReadAsync(Oracle oracle) => oracle.Reader.CurrentAsync(Known.Icp, Ct);

    private static async Task<ControlResult.Done> DoneAsync(Task<ControlResult> result) =>
        Assert.IsType<ControlResult.Done>(await result);

    private static async Task<string> RefusedAsync(Task<ControlResult> result) =>
        Assert.IsType<ControlResult.Refused>(await result).Code;
}
