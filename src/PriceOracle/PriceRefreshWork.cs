using Dapper;
using Decent.PriceOracle.Rounds;
using Decent.PriceOracle.Settings;
using Decent.PriceOracle.Sources;

namespace Decent.PriceOracle;

/// <summary>
/// The oracle's recurring work: samples and rounds when they are due by the business clock. Missed rounds are not made
/// up for, since nobody can ask the past. Any number of hosts may run it.
/// </summary>
public sealed class PriceRefreshWork
{
    private const string LastSql = """
        select asset, last_round_at from prices.states where asset = any(@assets)
        """;

    private const string LastSampleSql =
        "select observed_at from prices.samples where asset = any(@assets) order by observed_at desc limit 1";

    private readonly OracleSettings _settings;
    private readonly PriceRounds _rounds;
    private readonly OracleStore _store;
    private readonly TimeProvider _time;

    internal PriceRefreshWork(OracleSettings settings, PriceRounds rounds, OracleStore store, TimeProvider time)
    {
        _settings = settings;
        _rounds = rounds;
        _store = store;
        _time = time;
    }

    /// <summary>Name of the work.</summary>
    public string Name { get; } = "refresh-prices";

    /// <summary>Samples, and decides rounds, when they are due.</summary>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Samples and rounds made now.</returns>
    public async Task<int> RunDueAsync(CancellationToken cancellationToken)
    {
        var (sampleAt, roundAt) = await DueAsync(cancellationToken);
        var now = _time.GetUtcNow();
        if (sampleAt > now && roundAt > now)
        {
            return 0;
        }

        IReadOnlyDictionary<string, Observation> observations = await _rounds.SampleAsync(cancellationToken);
        return roundAt > now
            ? 1
            : 1 + await _rounds.DecideAllAsync(observations, _settings.RoundEvery / 2, cancellationToken);
    }

    /// <summary>Business time of the next sample or round.</summary>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        var (sampleAt, roundAt) = await DueAsync(cancellationToken);
        return sampleAt < roundAt ? sampleAt : roundAt;
    }

    private async Task<(DateTimeOffset SampleAt, DateTimeOffset RoundAt)> DueAsync(CancellationToken cancellationToken)
    {
        var assets = _settings.Feeds.Select(f => f.Asset.Code).ToArray();
        await using var connection = await _store.OpenAsync(cancellationToken);
        var rounds = (await connection.QueryAsync<(string Asset, DateTimeOffset? At)>(new CommandDefinition(
            LastSql, new { assets }, cancellationToken: cancellationToken)))
                .ToDictionary(r => r.Asset, r => r.At, StringComparer.Ordinal);
        var now = _time.GetUtcNow();
        var roundAt = assets.Select(a => rounds.GetValueOrDefault(a) is { } at ? at + _settings.RoundEvery : now).Min();
        if (_settings.Window == TimeSpan.Zero)
        {
            // Without a window only the sample of the round itself counts.
            return (roundAt, roundAt);
        }

        var sampled = await connection.QuerySingleOrDefaultAsync<DateTimeOffset?>(new CommandDefinition(
            LastSampleSql, new { assets }, cancellationToken: cancellationToken));
        return (sampled is { } last ? last + _settings.SampleEvery : now, roundAt);
    }
}
