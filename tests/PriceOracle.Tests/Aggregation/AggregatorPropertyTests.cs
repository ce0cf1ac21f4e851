using System.Numerics;
using CsCheck;
using Decent.PriceOracle.Aggregation;
using Decent.PriceOracle.Rounds;
using Decent.PriceOracle.Settings;
using Decent.Testing;

namespace Decent.PriceOracle.Tests.Aggregation;

public sealed class AggregatorPropertyTests
{
    private static readonly AggregationLimits House = new() { AllowSingleVenue = false };
    private static readonly BigInteger Around = Known.Big("20000000000000000");

    /// <summary>Mostly sound candidates around one price, with some garbage.</summary>
    private static readonly Gen<Candidate> AnyCandidate =
        from venue in Gen.Int[0, 4]
        from pool in Gen.Int[0, 2]
        from priceBps in Gen.Frequency((8, Gen.Int[9_000, 11_000]), (1, Gen.Int[-5, 30_000]))
        from spotBps in Gen.Frequency((8, Gen.Int[9_500, 10_500]), (1, Gen.Int[0, 20_000]))
        from tvl in Gen.Frequency((8, Gen.Long[500_000_000, 1_000_000_000_000]), (1, Gen.Long[-10, 600_000_000]))
        from depth in Gen.Long[0, 100_000_000_000]
        from age in Gen.Frequency((8, Gen.Int[0, 180]), (1, Gen.Int[-1_000, 1_000]))
        from coverage in Gen.Frequency((8, Gen.Int[6_000, 10_000]), (1, Gen.Int[0, 10_000]))
        from error in Gen.Frequency((9, Gen.Const((string?)null)),
            (1, Gen.OneOf<string?>("E_CALL", "E_ZERO_LIQ", "E_PEG")))
        select new Candidate
        {
            Source = $"v{venue}:{pool}",
            Venue = $"v{venue}",
            TwmE18 = Around * priceBps / 10_000,
            SpotE18 = Around * priceBps / 10_000 * spotBps / 10_000,
            TvlUsdE6 = tvl,
            DepthUsdE6 = depth,
            ObservedAt = Known.Start.AddSeconds(-age),
            CoverageBps = coverage,
            Error = error,
        };

    private static readonly Gen<Candidate[]> Candidates =
        AnyCandidate.Array[0, 8].Select(a => a.DistinctBy(c => c.Source).ToArray());

    private static readonly Gen<FeedState> AnyState =
        from state in Gen.OneOf(PriceState.Bootstrap, PriceState.Fresh, PriceState.Stale, PriceState.Held,
            PriceState.Halted)
        from last in Gen.Int[5_000, 20_000]
        from age in Gen.Int[0, 20_000]
        from pending in Gen.Int[9_000, 12_000].Array[0, 3]
        from reason in Gen.OneOf(HaltReasons.Age, HaltReasons.TripStep, HaltReasons.Operator)
        select state == PriceState.Bootstrap
            ? new FeedState { PendingE18 = [.. pending.Select(p => Around * p / 10_000)] }
            : new FeedState
            {
                State = state,
                LastGoodE18 = Around * last / 10_000,
                LastGoodAt = Known.Start.AddSeconds(-age),
                LastGoodRound = 1,
                PendingE18 = [.. pending.Select(p => Around * p / 10_000)],
                HaltReason = state == PriceState.Halted ? reason : null,
                Venues = ["v0", "v1"],
                TvlUsdE6 = 10_000_000_000,
            };

    [Fact]
    public void The_order_of_candidates_does_not_matter() =>
        Gen.Select(Candidates, AnyState, Gen.Int).Sample(
            (candidates, state, seed) =>
            {
                var shuffled = candidates.OrderBy(c => HashCode.Combine(c.Source, seed)).ToArray();
                return RoundJson.Write(Aggregator.Decide(Input(candidates, state))) == RoundJson.Write(
                    Aggregator.Decide(Input(shuffled, state)));
            },
            iter: Deep.Count(3_000));

    [Fact]
    public void A_candidate_with_an_error_changes_nothing_but_the_list_of_rejections() =>
        Gen.Select(Candidates, AnyState).Sample(
            (candidates, state) =>
            {
                var without = Aggregator.Decide(Input(candidates, state));
                var with = Aggregator.Decide(Input(
                    [.. candidates,
                    new Candidate { Source = "x", Venue = "v0", Error = ReasonCodes.Call,
                        ObservedAt = Known.Start }], state));

                // Unless all others come from the future: then an unreachable venue says nothing about our clock.
                return without.Outcome == Outcomes.Clock
                    || (with.Outcome == without.Outcome && with.ValueE18 == without.ValueE18
                        && with.After.State == without.After.State);
            },
            iter: Deep.Count(3_000));

    [Fact]
    public void Fewer_than_two_agreeing_venues_never_make_a_price() =>
        Gen.Select(Candidates, AnyState).Sample(
            (candidates, state) =>
            {
                var decision = Aggregator.Decide(Input(candidates, state));
                if (decision.Outcome != Outcomes.Accept)
                {
                    return decision.After.LastGoodE18 == state.LastGoodE18;
                }

                var used = candidates.Where(c => decision.Used.Contains(c.Source)).ToList();
                var values = used.ConvertAll(c => c.TwmE18!.Value);
                return used.DistinctBy(c => c.Venue).Count() == used.Count && used.Count >= 2
                    && (values.Max() - values.Min()) * 10_000 <= values.Min() * (used.Count == 2 ? 501 : 1_200)
                    && decision.ValueE18 >= values.Min() && decision.ValueE18 <= values.Max();
            },
            iter: Deep.Count(5_000));

    [Fact]
    public void Scaling_every_price_scales_the_value() =>
        Gen.Select(Candidates, AnyState).Sample(
            (candidates, state) =>
            {
                var plain = Aggregator.Decide(Input(candidates, state));
                var scaled = Aggregator.Decide(Input(
                    [.. candidates.Select(c => c with { TwmE18 = c.TwmE18 * 8, SpotE18 = c.SpotE18 * 8 })],
                    state with
                    {
                        LastGoodE18 = state.LastGoodE18 * 8,
                        PendingE18 = [.. state.PendingE18.Select(p => p * 8)]
                    }));
                return plain.Outcome == scaled.Outcome && plain.After.State == scaled.After.State
                    && (plain.ValueE18 is null) == (scaled.ValueE18 is null)
                    && (plain.ValueE18 is null
                        || BigInteger.Abs(scaled.ValueE18!.Value - (plain.ValueE18.Value * 8)) < 8);
            },
            iter: Deep.Count(3_000));

    [Fact]
    public void More_pools_of_one_venue_change_only_which_of_them_speaks() =>
        Gen.Select(Candidates, AnyState, Gen.Int[1, 5]).Sample(
            (candidates, state, more) =>
            {
                var before = Aggregator.Decide(Input(candidates, state));
                if (before.Used.Count == 0)
                {
                    return true;
                }

                // Shallower pools of a venue that already has its vote, at any price.
                var speaker = candidates.Single(c => c.Source == before.Used[0]);
                var extra = Enumerable.Range(0, more).Select(i => speaker with
                {
                    Source = "z" + i,
                    TwmE18 = speaker.TwmE18 * 3,
                    SpotE18 = speaker.TwmE18 * 3,
                    DepthUsdE6 = speaker.DepthUsdE6 - 1 - i,
                }).Where(c => c.DepthUsdE6.Sign >= 0);
                var after = Aggregator.Decide(Input([.. candidates, .. extra], state));
                return after.ValueE18 == before.ValueE18 && after.Outcome == before.Outcome
                    && after.Used.SequenceEqual(before.Used);
            },
            iter: Deep.Count(3_000));

    [Fact]
    public void No_history_steps_too_far_or_loses_its_price_or_pays_when_not_fresh() =>
        Gen.Select(Candidates.Array[1, 30], Gen.Int[1, 400].Array[30], Gen.Int[50, 200].Array[30]).Sample(
            (rounds, minutes, drift) =>
            {
                var state = FeedState.Initial;
                var now = Known.Start;
                var market = Around;
                for (var i = 0; i < rounds.Length; i++)
                {
                    now = now.AddMinutes(minutes[i] > 200 ? 5 : minutes[i]);
                    market =
                        BigInteger.Max(BigInteger.Pow(10, 13),
                        BigInteger.Min(BigInteger.Pow(10, 20), market * (drift[i] > 150 ? 100 : drift[i]) / 100));
                    var candidates = rounds[i].Select(c => c with
                    {
                        ObservedAt = now,
                        TwmE18 = c.TwmE18 * market / Around,
                        SpotE18 = c.SpotE18 * market / Around,
                    }).ToArray();
                    var decision = Aggregator.Decide(Input(candidates, state) with { Now = now });
                    if (!StepIsSound(state, decision) || !ReadingIsSound(decision.After, now))
                    {
                        return false;
                    }

                    state = decision.After.State == PriceState.Fresh && decision.Outcome == Outcomes.Accept
                        ? decision.After with { LastGoodRound = i + 1 }
                        : decision.After;
                }

                return true;
            },
            iter: Deep.Count(1_000));

    private static bool StepIsSound(FeedState before, Decision decision)
    {
        var after = decision.After;
        if (after.LastGoodE18 is null != (after.State == PriceState.Bootstrap) || after.LastGoodE18 is { Sign: <= 0 })
        {
            return false;
        }

        if (before.LastGoodE18 is not { } last || after.LastGoodE18 is not { } next
            || decision.Outcome != Outcomes.Accept)
        {
            return before.LastGoodE18 == after.LastGoodE18 || decision.Outcome == Outcomes.Accept;
        }

        var step = E18.StepBps(last, next);
        return step <= (decision.Flags.Contains(ReasonCodes.Reanchored) ? 5_000 : 1_500);
    }

    private static bool ReadingIsSound(FeedState state, DateTimeOffset now)
    {
        foreach (
            var later in new[] { TimeSpan.Zero, TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(16),
            TimeSpan.FromHours(5) })
        {
            var reading =
                Readings.Of(Known.Dct, state with { LastGoodRound = state.LastGoodE18 is null ? null : 1 },
                now + later, House, new GateLimits());
            var sound =
                (!reading.UsableForPayout
                || (reading.State == PriceState.Fresh && reading.Age <= TimeSpan.FromMinutes(15)))
                && reading.PriceE18 is null == (reading.State is PriceState.Bootstrap or PriceState.Halted)
                && reading.ReasonInWords.Length > 10;
            if (!sound)
            {
                return false;
            }
        }

        return true;
    }

    private static RoundInput Input(IReadOnlyList<Candidate> candidates, FeedState state) => new()
    {
        Asset = "DCT",
        Now = Known.Start,
        Before = state,
        Candidates = candidates,
        Limits = House,
    };
}
