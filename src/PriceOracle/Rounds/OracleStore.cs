using System.Data;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Decent.Postgres;
using Decent.PriceOracle.Aggregation;
using Decent.PriceOracle.Settings;
using Decent.PriceOracle.Sources;
using Npgsql;

namespace Decent.PriceOracle.Rounds;

/// <summary>A feed's stored state, locked by the transaction that read it.</summary>
/// <param name="State">What the feed remembers.</param>
/// <param name="Version">Rises with every round.</param>
/// <param name="LastRoundAt">Business time of the last round.</param>
/// <param name="LastHash">Hash of the last round.</param>
internal sealed record StoredState(FeedState State, long Version, DateTimeOffset? LastRoundAt, byte[]? LastHash);

/// <summary>A sample as stored, with its route.</summary>
internal sealed record StoredSample(string RouteId, RouteSample Sample, long[] ObservationIds);

/// <summary>Writes what the oracle sees and decides.</summary>
internal sealed class OracleStore
{
    private const string InsertObservationSql = """
        insert into prices.observations (source_id, venue, base, quote, observed_at, code, detail, price_e18, tvl_quote_e18,
          depth_quote_e18, base_reserve_units, quote_reserve_units, sqrt_price_x96, liquidity, flags, raw, raw_sha256, latency_ms)
        values (@sourceId, @venue, @base, @quote, @at, @code, @detail, @price::numeric, @tvl::numeric, @depth::numeric,
          @baseUnits::numeric, @quoteUnits::numeric, @sqrtPrice::numeric, @liquidity::numeric, @flags, @raw, @digest, @latency)
        returning id
        """;

    private const string InsertSampleSql = """
        insert into prices.samples (asset, route_id, venue, observed_at, code, price_e18, tvl_usd_e6, depth_usd_e6, flags,
          observation_ids)
        values (@asset, @routeId, @venue, @at, @code, @price::numeric, @tvl::numeric, @depth::numeric, @flags, @observationIds)
        """;

    private const string SamplesSql = """
        select route_id, observed_at, code, price_e18::text, tvl_usd_e6::text, depth_usd_e6::text, flags, observation_ids
        from prices.samples where asset = @asset and observed_at > @after order by observed_at, id
        """;

    private const string EnsureStateSql = """
        insert into prices.states (asset, version, state, body) values (@asset, 1, 'Bootstrap', @body::jsonb)
        on conflict (asset) do nothing
        """;

    private const string LockStateSql =
        "select version, body::text, last_round_at, last_hash from prices.states where asset = @asset for update";

    private const string InsertRoundSql = """
        insert into prices.rounds (asset, started_at, outcome, value_e18, confidence_e18, price_e18, state_before, state_after,
          flags, reason, observation_ids, input, decision, previous_hash, hash)
        values (@asset, @at, @outcome, @value::numeric, @confidence::numeric, @price::numeric, @before, @after, @flags, @reason,
          @observationIds, @input, @decision, @previous, @hash)
        returning id
        """;

    private const string InsertPriceSql =
        "insert into prices.prices (round_id, asset, at, price_e18) values (@roundId, @asset, @at, @price::numeric)";

    private const string UpdateStateSql = """
        update prices.states
        set version = version + 1, state = @state, body = @body::jsonb, last_round_at = @at, last_hash = @hash
        where asset = @asset and version = @version
        """;

    private const string InsertEventSql = """
        insert into prices.events (asset, at, kind, state_from, state_to, detail, actor)
        values (@asset, @at, @kind, @from, @to, @detail, @actor)
        """;

    private const string DayAgoSql = """
        select price_e18::text from prices.prices where asset = @asset and at <= @until and at > @from
        order by at desc, round_id desc limit 1
        """;

    private readonly NpgsqlDataSource _dataSource;

    /// <summary>A store.</summary>
    public OracleStore(NpgsqlDataSource dataSource)
    {
        DapperSetup.Register();
        _dataSource = dataSource;
    }

    /// <summary>Opens a connection.</summary>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) =>
        await _dataSource.OpenConnectionAsync(cancellationToken);

    /// <summary>Stores answers and the samples made of them, together.</summary>
    public async Task RecordSamplesAsync(
        IReadOnlyList<(IPriceSource Source, Observation Observation)> observations,
        IReadOnlyList<(FeedSettings Feed, RouteSettings Route, RouteSample Sample)> samples,
        CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var ids = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (source, observation) in observations)
        {
            ids[source.Id] = await connection.QuerySingleAsync<long>(new CommandDefinition(
                InsertObservationSql, Row(source, observation), transaction, cancellationToken: cancellationToken));
        }

        foreach (var (feed, route, sample) in samples)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                InsertSampleSql,
                new
                {
                    asset = feed.Asset.Code,
                    routeId = route.Id,
                    venue = route.Venue,
                    at = sample.At,
                    code = sample.Code,
                    price = Text(sample.PriceE18),
                    tvl = Text(sample.TvlUsdE6),
                    depth = Text(sample.DepthUsdE6),
                    flags = sample.Flags.ToArray(),
                    observationIds = route.SourceIds.Where(ids.ContainsKey).Select(id => ids[id]).ToArray(),
                },
                transaction,
                cancellationToken: cancellationToken));
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The samples of a token after an instant, oldest first.</summary>
    public static async Task<IReadOnlyList<StoredSample>> SamplesAsync(
        NpgsqlTransaction transaction, string asset, DateTimeOffset after, CancellationToken cancellationToken)
    {
        var rows = await transaction.Connection!.QueryAsync<SampleRow>(new CommandDefinition(
            SamplesSql, new { asset, after }, transaction, cancellationToken: cancellationToken));
        return [.. rows.Select(r => new StoredSample(
            r.RouteId,
            new RouteSample(r.ObservedAt, r.Code, Number(r.PriceE18), Number(r.TvlUsdE6)!.Value,
                Number(r.DepthUsdE6)!.Value, r.Flags),
            r.ObservationIds))];
    }

    /// <summary>Reads a feed's state and locks it until the transaction ends.</summary>
    public static async Task<StoredState> LockAsync(
        NpgsqlTransaction transaction, string asset, CancellationToken cancellationToken)
    {
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            EnsureStateSql, new { asset, body = RoundJson.Write(FeedState.Initial) }, transaction,
            cancellationToken: cancellationToken));
        var row = await transaction.Connection!.QuerySingleAsync<StateRow>(new CommandDefinition(
            LockStateSql, new { asset }, transaction, cancellationToken: cancellationToken));
        return new StoredState(RoundJson.Read<FeedState>(row.Body), row.Version, row.LastRoundAt, row.LastHash);
    }

    /// <summary>
    /// The price in force a day before an instant; null when there was none within the day before that.
    /// </summary>
    public static async Task<BigInteger?> DayAgoAsync(
        NpgsqlTransaction transaction, string asset, FeedState state, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        Number(await transaction.Connection!.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            DayAgoSql,
            new
            {
                asset,
                until = now.AddDays(-1),
                from = state.ResumedAt is { } resumed && resumed > now.AddDays(-2) ? resumed : now.AddDays(-2),
            },
            transaction,
            cancellationToken: cancellationToken)));

    /// <summary>Stores a round, its price, its state and the change of state.</summary>
    public static async Task<long> RecordRoundAsync(
        NpgsqlTransaction transaction,
        StoredState before,
        RoundInput input,
        Decision decision,
        IReadOnlyList<long> observationIds,
        CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        var inputText = RoundJson.Write(input);
        var decisionText = RoundJson.Write(decision);
        var hash = RoundJson.Hash(before.LastHash, inputText, decisionText);
        var reason = Words.OfRound(input.Asset, decision);
        var aged = input.Before.AgedTo(input.Now, input.Limits);
        var id = await connection.QuerySingleAsync<long>(new CommandDefinition(
            InsertRoundSql,
            new
            {
                asset = input.Asset,
                at = input.Now,
                outcome = decision.Outcome,
                value = Text(decision.ValueE18),
                confidence = Text(decision.ConfidenceE18),
                price = Text(decision.After.LastGoodE18),
                before = aged.State.ToString(),
                after = decision.After.State.ToString(),
                flags = decision.Flags.ToArray(),
                reason,
                observationIds = observationIds.ToArray(),
                input = inputText,
                decision = decisionText,
                previous = before.LastHash,
                hash,
            },
            transaction,
            cancellationToken: cancellationToken));
        var after = decision.After;
        if (decision.Outcome == OperatorActs.Manual)
        {
            after = after with { Manual = after.Manual! with { RoundId = id } };
        }
        else if (decision.Outcome == Outcomes.Accept)
        {
            after = after with { LastGoodRound = id };
            await connection.ExecuteAsync(new CommandDefinition(
                InsertPriceSql,
                new { roundId = id, asset = input.Asset, at = input.Now, price = Text(after.LastGoodE18) },
                transaction,
                cancellationToken: cancellationToken));
        }

        await StoreStateAsync(transaction, before, input, after, hash, cancellationToken);
        if (after.State != before.State.State || input.Act is not null)
        {
            await RecordEventAsync(transaction, before.State.State, input, after.State, reason, cancellationToken);
        }

        return id;
    }

    /// <summary>Stores a change of state.</summary>
    private static async Task RecordEventAsync(
        NpgsqlTransaction transaction,
        PriceState from,
        RoundInput input,
        PriceState to,
        string detail,
        CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            InsertEventSql,
            new
            {
                asset = input.Asset,
                at = input.Now,
                kind = input.Act?.Kind.ToLowerInvariant() ?? "state",
                from = from.ToString(),
                to = to.ToString(),
                detail = input.Act is { } act ? $"{detail} {act.Reason}" : detail,
                actor = input.Act is { } by ? string.Join(", ", by.Actors) : "oracle/round",
            },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>A number as SQL text.</summary>
    internal static string? Text(BigInteger? value) => value?.ToString(CultureInfo.InvariantCulture);

    /// <summary>A number from SQL text.</summary>
    internal static BigInteger? Number(string? text) =>
        text is null ? null : BigInteger.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static async Task StoreStateAsync(
        NpgsqlTransaction transaction, StoredState before, RoundInput input, FeedState after, byte[] hash,
        CancellationToken cancellationToken)
    {
        var changed = await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            UpdateStateSql,
            new
            {
                asset = input.Asset,
                version = before.Version,
                state = after.State.ToString(),
                body = RoundJson.Write(after),
                at = input.Now,
                hash,
            },
            transaction,
            cancellationToken: cancellationToken));
        if (changed != 1)
        {
            throw new DBConcurrencyException($"The state of {input.Asset} changed under its lock.");
        }
    }

    private static object Row(IPriceSource source, Observation observation) => new
    {
        sourceId = source.Id,
        venue = source.Venue,
        @base = source.Base.Code,
        quote = source.Quote.Code,
        at = observation.ObservedAt,
        code = observation.Code,
        detail = observation.Detail,
        price = Text(observation.PriceE18),
        tvl = Text(observation.TvlQuoteE18),
        depth = Text(observation.DepthQuoteE18),
        baseUnits = Text(observation.BaseReserveUnits),
        quoteUnits = Text(observation.QuoteReserveUnits),
        sqrtPrice = Text(observation.SqrtPriceX96),
        liquidity = Text(observation.Liquidity),
        flags = observation.Flags.ToArray(),
        raw = observation.Raw,
        digest = observation.Raw is { } raw ? SHA256.HashData(Encoding.UTF8.GetBytes(raw)) : null,
        latency = observation.LatencyMs,
    };

    private sealed class SampleRow
    {
        public string RouteId { get; init; } = "";

        public DateTimeOffset ObservedAt { get; init; }

        public string Code { get; init; } = "";

        public string? PriceE18 { get; init; }

        public string TvlUsdE6 { get; init; } = "";

        public string DepthUsdE6 { get; init; } = "";

        public string[] Flags { get; init; } = [];

        public long[] ObservationIds { get; init; } = [];
    }

    private sealed class StateRow
    {
        public long Version { get; init; }

        public string Body { get; init; } = "";

        public DateTimeOffset? LastRoundAt { get; init; }

        public byte[]? LastHash { get; init; }
    }
}
