using Dapper;
using Decent.Ledger;
using Decent.PriceOracle.Aggregation;
using Decent.PriceOracle.Sources;

namespace Decent.PriceOracle.Rounds;

/// <inheritdoc cref="IPriceHistory" />
internal sealed class PriceHistory(IReadOnlyList<IPriceSource> sources, OracleStore store) : IPriceHistory
{
    private const string RoundColumns =
        "select id, asset, started_at, outcome, state_before, state_after, flags, reason, observation_ids, input, decision, "
        + "previous_hash, hash from prices.rounds ";

    private const string ObservationsSql = """
        select source_id, venue, observed_at, code, detail, price_e18::text, latency_ms
        from prices.observations where id = any(@ids) order by source_id, observed_at
        """;

    private const string HealthSql = """
        select s.id as source_id, good.observed_at as last_ok_at, bad.observed_at as last_error_at, bad.code as last_error_code,
          bad.detail as last_error_detail, newest.latency_ms as last_latency_ms, p.pool_id
        from unnest(@ids) as s(id)
        left join lateral (select observed_at from prices.observations o
          where o.source_id = s.id and o.code = 'OK' order by observed_at desc limit 1) good on true
        left join lateral (select observed_at, code, detail from prices.observations o
          where o.source_id = s.id and o.code <> 'OK' order by observed_at desc limit 1) bad on true
        left join lateral (select latency_ms from prices.observations o
          where o.source_id = s.id order by observed_at desc limit 1) newest on true
        left join prices.pools p on p.source_id = s.id
        """;

    /// <inheritdoc />
    public async Task<IReadOnlyList<RoundView>> RoundsAsync(
        Asset asset, long? beforeRoundId, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asset);
        await using var connection = await store.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<RoundRow>(new CommandDefinition(
            RoundColumns + "where asset = @asset and id < @before order by id desc limit @limit",
            new { asset = asset.Code, before = beforeRoundId ?? long.MaxValue, limit = Math.Clamp(limit, 1, 500) },
            cancellationToken: cancellationToken));
        return [.. rows.Select(r => View(r, []))];
    }

    /// <inheritdoc />
    public async Task<RoundView?> RoundAsync(long roundId, CancellationToken cancellationToken)
    {
        if (await FindAsync(roundId, cancellationToken) is not { } row)
        {
            return null;
        }

        await using var connection = await store.OpenAsync(cancellationToken);
        var observations = await connection.QueryAsync<ObservationRow>(new CommandDefinition(
            ObservationsSql, new { ids = row.ObservationIds }, cancellationToken: cancellationToken));
        return View(row, [.. observations.Select(o => new ObservationView(
            o.SourceId, o.Venue, o.ObservedAt, o.Code, o.Detail, OracleStore.Number(o.PriceE18), o.LatencyMs))]);
    }

    /// <inheritdoc />
    public async Task<ReplayResult?> ReplayAsync(long roundId, CancellationToken cancellationToken)
    {
        if (await FindAsync(roundId, cancellationToken) is not { } row)
        {
            return null;
        }

        var again = RoundJson.Write(Aggregator.Decide(RoundJson.Read<RoundInput>(row.Input)));
        if (again != row.Decision)
        {
            return new ReplayResult(roundId, false, $"Stored {row.Decision}, decided again {again}.");
        }

        return RoundJson.Hash(row.PreviousHash, row.Input, row.Decision).AsSpan().SequenceEqual(row.Hash)
            ? new ReplayResult(roundId, true, null)
            : new ReplayResult(roundId, false, "The stored hash does not belong to the stored round.");
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<PricePoint>> PricesAsync(
        Asset asset, DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asset);
        await using var connection = await store.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<PriceRow>(new CommandDefinition(
            """
            select at, price_e18::text, round_id from prices.prices
            where asset = @asset and at >= @from and at <= @to order by at, round_id limit @limit
            """,
            new { asset = asset.Code, from, to, limit = Math.Clamp(limit, 1, 100_000) },
            cancellationToken: cancellationToken));
        return [.. rows.Select(r => new PricePoint(r.At, OracleStore.Number(r.PriceE18)!.Value, r.RoundId))];
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<SourceHealth>> SourcesAsync(CancellationToken cancellationToken)
    {
        await using var connection = await store.OpenAsync(cancellationToken);
        var rows = (await connection.QueryAsync<HealthRow>(new CommandDefinition(
            HealthSql, new { ids = sources.Select(s => s.Id).ToArray() }, cancellationToken: cancellationToken)))
            .ToDictionary(r => r.SourceId, StringComparer.Ordinal);
        return [.. sources.OrderBy(s => s.Id, StringComparer.Ordinal).Select(s => (Source: s, Row: rows[s.Id]))
            .Select(x =>
            new SourceHealth(
                x.Source.Id, x.Source.Venue, x.Row.LastOkAt, x.Row.LastErrorAt, x.Row.LastErrorCode,
                x.Row.LastErrorDetail,
                x.Row.LastLatencyMs, x.Source.SunsetAt, x.Row.PoolId))];
    }

    private async Task<RoundRow?> FindAsync(long roundId, CancellationToken cancellationToken)
    {
        await using var connection = await store.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<RoundRow>(new CommandDefinition(
            RoundColumns + "where id = @roundId", new { roundId }, cancellationToken: cancellationToken));
    }

    private static RoundView View(RoundRow row, IReadOnlyList<ObservationView> observations)
    {
        var input = RoundJson.Read<RoundInput>(row.Input);
        var decision = RoundJson.Read<Decision>(row.Decision);
        var codes = decision.Rejected.GroupBy(r => r.Source, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.First().Code, StringComparer.Ordinal);
        return new RoundView(
            row.Id,
            row.Asset,
            row.StartedAt,
            row.Outcome,
            decision.ValueE18,
            decision.After.LastGoodE18,
            Enum.Parse<PriceState>(row.StateBefore),
            Enum.Parse<PriceState>(row.StateAfter),
            row.Flags,
            row.Reason,
            [.. input.Candidates.OrderBy(c => c.Source, StringComparer.Ordinal).Select(c => new CandidateView(
                c.Source, c.Venue, c.TwmE18, decision.Used.Contains(c.Source, StringComparer.Ordinal),
                codes.GetValueOrDefault(c.Source)))],
            observations,
            Convert.ToHexStringLower(row.Hash));
    }

    private sealed class RoundRow
    {
        public long Id { get; init; }

        public string Asset { get; init; } = "";

        public DateTimeOffset StartedAt { get; init; }

        public string Outcome { get; init; } = "";

        public string StateBefore { get; init; } = "";

        public string StateAfter { get; init; } = "";

        public string[] Flags { get; init; } = [];

        public string Reason { get; init; } = "";

        public long[] ObservationIds { get; init; } = [];

        public string Input { get; init; } = "";

        public string Decision { get; init; } = "";

        public byte[]? PreviousHash { get; init; }

        public byte[] Hash { get; init; } = [];
    }

    private sealed class ObservationRow
    {
        public string SourceId { get; init; } = "";

        public string Venue { get; init; } = "";

        public DateTimeOffset ObservedAt { get; init; }

        public string Code { get; init; } = "";

        public string Detail { get; init; } = "";

        public string? PriceE18 { get; init; }

        public long LatencyMs { get; init; }
    }

    private sealed class PriceRow
    {
        public DateTimeOffset At { get; init; }

        public string PriceE18 { get; init; } = "";

        public long RoundId { get; init; }
    }

    private sealed class HealthRow
    {
        public string SourceId { get; init; } = "";

        public DateTimeOffset? LastOkAt { get; init; }

        public DateTimeOffset? LastErrorAt { get; init; }

        public string? LastErrorCode { get; init; }

        public string? LastErrorDetail { get; init; }

        public long? LastLatencyMs { get; init; }

        public string? PoolId { get; init; }
    }
}
