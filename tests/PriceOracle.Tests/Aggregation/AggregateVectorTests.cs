using System.Numerics;
using System.Text.Json;
using Decent.PriceOracle.Aggregation;
using Decent.Testing;

namespace Decent.PriceOracle.Tests.Aggregation;

public sealed class AggregateVectorTests
{
    [Fact]
    public void Published_rounds_are_decided_as_published()
    {
        var failures = new List<string>();
        using var file = JsonDocument.Parse(Vectors.Text("oracle-aggregate.json"));
        var defaults = file.RootElement.GetProperty("config_defaults");
        foreach (var c in file.RootElement.GetProperty("cases").EnumerateArray())
        {
            var decision = Aggregator.Decide(Input(c, defaults));
            failures.AddRange(
                Differences(decision, c.GetProperty("expect")).Select(d => $"{c.GetProperty("id").GetString()}: {d}"));
        }

        Assert.Empty(failures);
    }

    private static IEnumerable<string> Differences(Decision decision, JsonElement expect)
    {
        (string What, string? Is, string? Asked)[] lines =
        [
            ("outcome", decision.Outcome, expect.GetProperty("outcome").GetString()),
            ("used", string.Join(',', decision.Used), Join(expect.GetProperty("used"))),
            ("rejected", string.Join(',', decision.Rejected.Select(r => r.Source + "=" + r.Code)),
                string.Join(',',
                    expect.GetProperty("rejected").EnumerateArray()
                    .Select(r => r[0].GetString() + "=" + r[1].GetString()))),
            ("flags", string.Join(',', decision.Flags), Join(expect.GetProperty("flags"))),
            ("value", decision.ValueE18?.ToString(), expect.GetProperty("candidate_e18").GetString()),
            ("pending", string.Join(',', decision.After.PendingE18), Join(expect.GetProperty("pending_e18"))),
            ("state", decision.After.State.ToString().ToUpperInvariant(), expect.GetProperty("state").GetString()),
            ("price", decision.After.LastGoodE18?.ToString(), expect.GetProperty("price_e18").GetString()),
            ("price at", decision.After.LastGoodAt?.ToUnixTimeSeconds().ToString(),
                expect.GetProperty("price_at") is { ValueKind: JsonValueKind.Number } at ? at.GetInt64().ToString()
                    : null),
            ("halt reason", decision.After.HaltReason, expect.GetProperty("halt_reason").GetString()),
        ];
        return lines.Where(l => l.Is != l.Asked).Select(l => $"{l.What} is '{l.Is}', published is '{l.Asked}'");
    }

    private static RoundInput Input(JsonElement c, JsonElement defaults)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(c.GetProperty("now").GetInt64());
        var before = c.GetProperty("before");
        return new RoundInput
        {
            Asset = "DCT",
            Now = now,
            Before = new FeedState
            {
                State = Enum.Parse<PriceState>(before.GetProperty("state").GetString()!, ignoreCase: true),
                LastGoodE18 = before.GetProperty("last_good_e18").GetString() is { } last ? Known.Big(last) : null,
                LastGoodAt = before.GetProperty("last_good_at") is { ValueKind: JsonValueKind.Number } at
                    ? DateTimeOffset.FromUnixTimeSeconds(at.GetInt64())
                    : null,
                PendingE18 =
                    [.. before.GetProperty("pending_e18").EnumerateArray().Select(p => Known.Big(p.GetString()!))],
            },
            Candidates = [.. c.GetProperty("candidates").EnumerateArray().Select(x => Candidate(x, now))],
            Limits = Limits(defaults, c.GetProperty("config_override")),
        };
    }

    private static Candidate Candidate(JsonElement c, DateTimeOffset now) => new()
    {
        Source = c.GetProperty("source").GetString()!,
        Venue = c.GetProperty("venue").GetString()!,
        TwmE18 = Known.Big(c.GetProperty("twm_e18").GetString()!),
        SpotE18 = Known.Big(c.GetProperty("spot_e18").GetString()!),
        TvlUsdE6 = Known.Big(c.GetProperty("tvl_usd_e6").GetString()!),
        DepthUsdE6 = Known.Big(c.GetProperty("depth_usd_e6").GetString()!),
        ObservedAt = now.AddSeconds(-c.GetProperty("age_s").GetInt32()),
        CoverageBps = c.GetProperty("coverage_bps").GetInt32(),
        Error = c.TryGetProperty("error", out var error) ? error.GetString() : null,
    };

    private static AggregationLimits Limits(JsonElement defaults, JsonElement change)
    {
        JsonElement Get(string name) => change.TryGetProperty(name, out var other) ? other : defaults.GetProperty(name);
        int Number(string name) => Get(name).GetInt32();
        TimeSpan Seconds(string name) => TimeSpan.FromSeconds(Get(name).GetInt32());
        return new AggregationLimits
        {
            ObservationMaxAge = Seconds("obs_max_age_s"),
            FutureSkew = Seconds("future_skew_s"),
            AbsoluteMinE18 = Known.Big(Get("abs_min_e18").GetString()!),
            AbsoluteMaxE18 = Known.Big(Get("abs_max_e18").GetString()!),
            MinTvlUsdE6 = new BigInteger(Get("min_tvl_usd_e6").GetInt64()),
            MinCoverageBps = Number("min_coverage_bps"),
            SpotMaxBps = Number("spot_twm_max_bps"),
            AllowSingleVenue = Get("allow_single_venue").GetBoolean(),
            AgreementBps = Number("two_venue_max_bps"),
            DominanceRatio = Number("dominance_ratio"),
            DominantMaxBps = Number("dominant_vs_last_max_bps"),
            OutlierBps = Number("outlier_bps"),
            SpreadMaxBps = Number("spread_max_bps"),
            StepSoftBps = Number("step_soft_bps"),
            StepHardBps = Number("step_hard_bps"),
            DriftHardBps = Number("drift24h_hard_bps"),
            ConfirmRounds = Number("confirm_rounds"),
            ConfirmRoundsSingle = Number("confirm_rounds_single"),
            ConfirmSpreadBps = Number("confirm_spread_bps"),
            MaxAge = Seconds("fresh_ttl_s"),
            HaltAfter = Seconds("halt_after_s"),
        };
    }

    private static string Join(JsonElement list) => string.Join(',', list.EnumerateArray().Select(e => e.GetString()));
}
