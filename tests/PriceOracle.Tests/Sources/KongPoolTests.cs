using System.Globalization;
using System.Text.Json;
using Decent.Candid;
using Decent.Canister.Client;
using Decent.Ledger;
using Decent.PriceOracle.Aggregation;
using Decent.PriceOracle.Settings;
using Decent.PriceOracle.Sources;
using Decent.PriceOracle.Sources.KongSwap;
using Decent.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Decent.PriceOracle.Tests.Sources;

public sealed class KongPoolTests
{
    [Fact]
    public void Recorded_and_broken_pools_get_the_published_verdicts()
    {
        var failures = new List<string>();
        using var file = JsonDocument.Parse(Vectors.Text("oracle-kong-pools.json"));
        foreach (var c in file.RootElement.GetProperty("cases").EnumerateArray())
        {
            var id = c.GetProperty("id").GetString()!;
            var expect = c.GetProperty("expect");
            var verdict = Judge(c);
            var expected = expect.GetProperty("verdict").GetString() is var v && v is "ok" or "ok_inverted"
                ? ReasonCodes.Ok : v;
            if (verdict.Code != expected)
            {
                failures.Add($"{id}: {verdict.Code}, expected {expected}");
            }

            if (expect.TryGetProperty("price_e18", out var price) && verdict.PriceE18.ToString() != price.GetString())
            {
                failures.Add($"{id}: price {verdict.PriceE18}");
            }

            if (expect.TryGetProperty("tvl_usd_e6", out var tvl)
                && (verdict.TvlQuoteE18 / E18.PerE6).ToString() != tvl.GetString())
            {
                failures.Add($"{id}: tvl {verdict.TvlQuoteE18}");
            }

            if (expect.TryGetProperty("depth_up_2pct_usd_e6", out var depth)
                && (verdict.DepthQuoteE18 / E18.PerE6).ToString() != depth.GetString())
            {
                failures.Add($"{id}: depth {verdict.DepthQuoteE18}");
            }
        }

        Assert.Empty(failures);
    }

    [Fact]
    public async Task A_closed_venue_is_never_asked_and_says_so()
    {
        var closed = new DateTimeOffset(2026, 4, 6, 0, 0, 0, TimeSpan.Zero);
        var time = new FakeTimeProvider(Known.Start);
        var source = new KongPoolSource(new KongSettings(closed), Known.Dct, Known.Usdt, time);
        var observation = await source.SampleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ReasonCodes.Sunset, observation.Code);
        Assert.Null(observation.PriceE18);
        Assert.Contains("2026-04-06", observation.Detail, StringComparison.Ordinal);
    }

    private static PoolVerdict Judge(JsonElement c)
    {
        if (c.TryGetProperty("reject", out var reject))
        {
            var why = new CanisterCallException("kong", "pools", reject.GetProperty("message").GetString()!);
            return PoolVerdict.Refuse(VenueFaults.CodeOf(why), why.Message);
        }

        var reply = c.GetProperty("reply");
        if (reply.TryGetProperty("Err", out var err))
        {
            return PoolVerdict.Refuse(ReasonCodes.ErrVariant, err.GetString()!);
        }

        var want = c.GetProperty("want");
        return ReservePool.Judge(
            reply.GetProperty("Ok").EnumerateArray().Select(p => Read(p).ToReservePool()),
            Token(want[0].GetString()!),
            Token(want[1].GetString()!));
    }

    private static Asset Token(string ledger) => ledger switch
    {
        Known.DctLedger => Known.Dct,
        Known.IcpLedger => Known.Icp,
        Known.UsdtLedger => Known.Usdt,
        _ => Asset.Token(ledger, 8, Principal.FromText(ledger)),
    };

    private static KongPool Read(JsonElement p) => new(
        p.GetProperty("address_0").GetString()!,
        Known.Big(p.GetProperty("balance_0").GetString()!),
        Known.Big(p.GetProperty("lp_fee_0").GetString()!),
        p.GetProperty("address_1").GetString()!,
        Known.Big(p.GetProperty("balance_1").GetString()!),
        Known.Big(p.GetProperty("lp_fee_1").GetString()!),
        p.GetProperty("price") is { ValueKind: JsonValueKind.String } text
            ? double.Parse(text.GetString()!, CultureInfo.InvariantCulture)
            : p.GetProperty("price").GetDouble(),
        p.GetProperty("is_removed").GetBoolean());
}
