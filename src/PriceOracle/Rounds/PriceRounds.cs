using Decent.PriceOracle.Aggregation;
using Decent.PriceOracle.Settings;
using Decent.PriceOracle.Sources;
using Microsoft.Extensions.Logging;

namespace Decent.PriceOracle.Rounds;

/// <summary>Samples every source and decides one round per token.</summary>
internal sealed class PriceRounds(
    OracleSettings settings,
    IReadOnlyList<IPriceSource> sources,
    Sampler sampler,
    OracleStore store,
    TimeProvider time,
    ILogger<PriceRounds> log) : IPriceRefresh
{
    /// <inheritdoc />
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var observations = await SampleAsync(cancellationToken);
        await DecideAllAsync(observations, TimeSpan.Zero, cancellationToken);
    }

    /// <summary>Asks every source once and stores the answers; returns them by source id.</summary>
    public async Task<IReadOnlyDictionary<string, Observation>> SampleAsync(CancellationToken cancellationToken)
    {
        var observations = await sampler.AskAllAsync(sources, cancellationToken);
        var now = BusinessTime();
        var samples = settings.Feeds
            .SelectMany(f => f.Routes.Select(r =>
                (f, r, Routes.Combine(r, observations, settings.StableLegs[r.Stable.Code], now))))
            .ToList();
        await store.RecordSamplesAsync([.. sources.Select(s => (s, observations[s.Id]))], samples, cancellationToken);
        return observations;
    }

    /// <summary>Decides a round of every token. One token's failure does not keep the others from theirs.</summary>
    /// <param name="observations">The newest answers.</param>
    /// <param name="notWithin">Tokens whose last round is younger than this are left alone: another host was
    /// faster.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<int> DecideAllAsync(
        IReadOnlyDictionary<string, Observation> observations, TimeSpan notWithin, CancellationToken cancellationToken)
    {
        var decided = 0;
        List<Exception> failures = [];
        foreach (var feed in settings.Feeds)
        {
            try
            {
                decided += await DecideAsync(feed, observations, notWithin, cancellationToken) ? 1 : 0;
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                failures.Add(e);
            }
        }

        return failures.Count == 0 ? decided
            : throw new AggregateException("A price round could not be recorded.", failures);
    }

    private async Task<bool> DecideAsync(
        FeedSettings feed,
        IReadOnlyDictionary<string, Observation> observations,
        TimeSpan notWithin,
        CancellationToken cancellationToken)
    {
        await using var connection = await store.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var before = await OracleStore.LockAsync(transaction, feed.Asset.Code, cancellationToken);
        var now = BusinessTime();
        if (before.LastRoundAt is { } last && now - last < notWithin)
        {
            return false;
        }

        var samples = await OracleStore.SamplesAsync(transaction, feed.Asset.Code, now - Lookback(), cancellationToken);
        var isDeclared = settings.StableLegs.TryGetValue(feed.Asset.Code, out var declared);
        var input = new RoundInput
        {
            Asset = feed.Asset.Code,
            Now = now,
            Before = before.State,
            Candidates = isDeclared ? CrossChecks(feed, observations) : Candidates(feed, samples, now),
            Limits = settings.Limits,
            DayAgoE18 =
                await OracleStore.DayAgoAsync(transaction, feed.Asset.Code, before.State, now, cancellationToken),
            ExpectedE18 = feed.ExpectedE18,
            DeclaredE18 = isDeclared ? declared : null,
        };
        var decision = Aggregator.Decide(input);
        var ids = samples.SelectMany(s => s.ObservationIds).Distinct().Order().ToList();
        var id = await OracleStore.RecordRoundAsync(transaction, before, input, decision, ids, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (decision.After.State != before.State.State)
        {
            log.LogInformation(
                "Price of {Asset} went from {Before} to {After} in round {Round}: {Outcome}",
                feed.Asset.Code, before.State.State, decision.After.State, id, decision.Outcome);
        }

        return true;
    }

    private List<Candidate> Candidates(FeedSettings feed, IReadOnlyList<StoredSample> samples, DateTimeOffset now) =>
        [.. feed.Routes.Select(r => SampleWindow.Candidate(
            r.Id,
            r.Venue,
            samples.Where(s => s.RouteId == r.Id).Select(s => s.Sample),
            now,
            settings.Window,
            settings.SampleEvery))];

    private List<Candidate> CrossChecks(FeedSettings feed, IReadOnlyDictionary<string, Observation> observations)
    {
        List<Candidate> candidates =
            [.. Routes.CrossChecks(feed.Asset, settings.StableLegs[feed.Asset.Code], sources, observations)];
        if (sampler.FaultOf(feed.Asset) is { } fault)
        {
            candidates.Add(
                new Candidate { Source = "ledger:" + feed.Asset.Code, Venue = "ledger", Error = fault.Code });
        }

        return candidates;
    }

    private TimeSpan Lookback() =>
        settings.Window > TimeSpan.Zero ? settings.Window : settings.Limits.ObservationMaxAge;

    private DateTimeOffset BusinessTime() => Instants.Microseconds(time.GetUtcNow());
}
