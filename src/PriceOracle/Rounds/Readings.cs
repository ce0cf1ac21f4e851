using System.Globalization;
using System.Numerics;
using Decent.Ledger;
using Decent.PriceOracle.Aggregation;
using Decent.PriceOracle.Settings;

namespace Decent.PriceOracle.Rounds;

/// <summary>What a stored state says at an instant. Pure.</summary>
internal static class Readings
{
    private const string PayableStates = $"{nameof(PriceState.Fresh)} or {nameof(PriceState.Override)}";

    /// <summary>The reading.</summary>
    public static PriceReading Of(Asset asset, FeedState stored, DateTimeOffset now, AggregationLimits limits,
        GateLimits gateLimits)
    {
        var state = stored.AgedTo(now, limits);
        if (state.Manual is { } manual && manual.IsInForce(now))
        {
            return OfManual(asset, state, manual, now);
        }

        var age = state.AgeAt(now);
        var shown = state.State is PriceState.Bootstrap or PriceState.Halted ? null : state.LastGoodE18;
        var gate = Gate(state, age, limits, gateLimits);
        return new PriceReading(
            asset,
            state.State,
            shown,
            shown is null ? null : state.LastGoodAt,
            shown is null ? null : age,
            shown is null ? null : state.LastGoodRound,
            shown is null ? [] : state.Flags,
            Words.OfReading(asset.Code, state, age, limits),
            gate.Open)
        {
            LastGoodE18 = state.LastGoodE18,
            ConfidenceBps = shown is { } price ? ConfidenceBps(state, price) : null,
            Venues = shown is null ? [] : state.Venues,
            Gate = gate,
        };
    }

    private static PriceReading OfManual(Asset asset, FeedState state, ManualPrice manual, DateTimeOffset now)
    {
        var known = manual.RoundId is not null;
        var gap = state.LastGoodE18 is { } last
            ? $"; the last good price of the market is {E18.Bps(manual.PriceE18, last, last)} basis points away"
            : "";
        PayoutGate gate = new(known,
        [
            new("state", known, nameof(PriceState.Override), PayableStates, known ? null : "E_STATE"),
            new("manual_price", true, $"until {manual.ValidTo:yyyy-MM-dd HH:mm} UTC", "in force", null),
        ]);
        return new PriceReading(
            asset,
            PriceState.Override,
            manual.PriceE18,
            manual.ValidFrom,
            now - manual.ValidFrom,
            manual.RoundId,
            [ReasonCodes.Manual],
            $"Two people set this price by hand until {manual.ValidTo:yyyy-MM-dd HH:mm} UTC{gap}.",
            gate.Open)
        {
            LastGoodE18 = state.LastGoodE18,
            Gate = gate,
        };
    }

    private static PayoutGate Gate(FeedState state, TimeSpan? age, AggregationLimits limits, GateLimits gate)
    {
        var known = state is { LastGoodE18: not null, LastGoodRound: not null };
        var confidence = state.LastGoodE18 is { } price ? ConfidenceBps(state, price) : 0;
        List<GateCondition> conditions =
        [
            new("state", known && state.State == PriceState.Fresh, state.State.ToString(), PayableStates,
                StateCode(state.State)),
            new("age", age <= limits.MaxAge, Seconds(age), "at most " + Seconds(limits.MaxAge), ReasonCodes.Stale),
            new("grace", state.GraceRounds == 0, Number(state.GraceRounds), "0 rounds to go", "E_GRACE"),
        ];
        if (known && !state.Declared)
        {
            // A declared value is nobody's vote: the operator answers for it, and what markets say only contradicts it.
            conditions.Add(new("venues", state.Venues.Count >= gate.MinVenues, Number(state.Venues.Count),
                "at least " + Number(gate.MinVenues), ReasonCodes.SingleVenue));
            conditions.Add(new("tvl", state.TvlUsdE6 >= gate.MinTvlUsdE6, Dollars(state.TvlUsdE6),
                "at least " + Dollars(gate.MinTvlUsdE6), ReasonCodes.LowTvl));
            conditions.Add(new("confidence", confidence <= gate.MaxConfidenceBps, Number(confidence) + " bps",
                "at most " + Number(gate.MaxConfidenceBps) + " bps", "E_CONFIDENCE"));
        }

        for (var i = 0; i < conditions.Count; i++)
        {
            conditions[i] = conditions[i].Holds ? conditions[i] with { Code = null } : conditions[i];
        }

        return new PayoutGate(conditions.TrueForAll(c => c.Holds), conditions);
    }

    private static string StateCode(PriceState state) => state == PriceState.Stale ? ReasonCodes.Stale : "E_STATE";

    private static int ConfidenceBps(FeedState state, BigInteger price) =>
        (int)BigInteger.Min(int.MaxValue, state.ConfidenceE18 * 10_000 / price);

    private static string Seconds(TimeSpan? span) =>
        span is { } s ? Math.Floor(s.TotalSeconds).ToString("0", CultureInfo.InvariantCulture) + " s" : "unknown";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Dollars(BigInteger usdE6) => "$" + (usdE6 / 1_000_000).ToString(CultureInfo.InvariantCulture);
}
