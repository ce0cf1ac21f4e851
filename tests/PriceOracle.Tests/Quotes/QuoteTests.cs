using Decent.Ledger;
using Decent.PriceOracle.Quotes;

namespace Decent.PriceOracle.Tests.Quotes;

public sealed class QuoteTests(PricesDatabase fixture) : OracleTests(fixture)
{
    [Fact]
    public async Task A_quote_names_its_round_and_rounds_down()
    {
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        var reading = await oracle.Reader.CurrentAsync(Known.Icp, Ct);
        var quoted = Assert.IsType<QuoteResult.Quoted>(await QuoteAsync(oracle, Known.Icp, 10_000_000_001));
        Assert.Equal(reading.RoundId, quoted.RoundId);
        Assert.Equal(reading.PriceE18, quoted.PriceE18);
        Assert.Equal(Conversion.Units(10_000_000_001, 8, reading.PriceE18!.Value), quoted.Units.Units);
        Assert.Equal(Known.Icp, quoted.Units.Asset);
    }

    [Fact]
    public async Task Without_a_price_there_is_no_quote()
    {
        await using var oracle = Oracle();
        var refused = Assert.IsType<QuoteResult.Refused>(await QuoteAsync(oracle, Known.Icp, 1_000_000_000));
        Assert.Equal("price_unavailable", refused.Code);
        Assert.Equal("No round has been held for ICP yet.", refused.Words);
    }

    [Fact]
    public async Task An_old_price_is_no_quote()
    {
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        Time.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal("price_stale",
            Assert.IsType<QuoteResult.Refused>(await QuoteAsync(oracle, Known.Icp, 1_000_000_000)).Code);
    }

    [Fact]
    public async Task Another_currency_is_not_priced()
    {
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        var result = await oracle.Get<IQuotes>().QuoteAsync(Known.Icp, new Money(Asset.Fiat("EUR"), 1_000_000_000), Ct);
        Assert.Equal("currency_not_priced", Assert.IsType<QuoteResult.Refused>(result).Code);
    }

    [Fact]
    public async Task What_the_ledgers_fee_would_eat_is_dust()
    {
        await using var oracle = Oracle();
        await oracle.Refresh.RefreshAsync(Ct);
        Assert.Equal("dust", Assert.IsType<QuoteResult.Refused>(await QuoteAsync(oracle, Known.Usdt, 10_000_000)).Code);
        Assert.Equal(10_001,
            Assert.IsType<QuoteResult.Quoted>(await QuoteAsync(oracle, Known.Usdt, 10_001_000)).Units.Units);
    }

    [Fact]
    public async Task A_shut_gate_says_which_condition_shuts_it()
    {
        await using var oracle = Oracle(("Oracle:Gate:MinTvlUsd", "600000"));
        await oracle.Refresh.RefreshAsync(Ct);
        var refused = Assert.IsType<QuoteResult.Refused>(await QuoteAsync(oracle, Known.Dct, 1_000_000_000));
        Assert.Equal("price_unavailable", refused.Code);
        Assert.Contains("tvl is $", refused.Words, StringComparison.Ordinal);
        Assert.Contains("asked is at least $600000", refused.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task Nothing_and_less_cannot_be_quoted(int units)
    {
        await using var oracle = Oracle();
        await Assert.ThrowsAsync<ArgumentException>(() => QuoteAsync(oracle, Known.Icp, units));
    }

    [Fact]
    public async Task A_quote_is_asked_for_a_currency_in_a_token()
    {
        await using var oracle = Oracle();
        var quotes = oracle.Get<IQuotes>();
        await Assert.ThrowsAsync<ArgumentException>(() => quotes.QuoteAsync(Known.Usd, new Money(Known.Usd, 1), Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => quotes.QuoteAsync(Known.Icp, new Money(Known.Usdt, 1), Ct));
    }

    private static Task<QuoteResult> QuoteAsync(Oracle oracle, Asset token, Int128 e9s) =>
        oracle.Get<IQuotes>().QuoteAsync(token, new Money(Known.Usd, e9s), Ct);
}
