using System.Numerics;
using Decent.Candid;
using Decent.Ledger;
using Decent.PriceOracle.Aggregation;

namespace Decent.PriceOracle.Settings;

/// <summary>Everything the oracle is told by configuration, read once and checked.</summary>
internal sealed record OracleSettings
{
    /// <summary>The tokens of the installation with what their ledgers must say, by code.</summary>
    public required IReadOnlyDictionary<string, TokenSettings> Tokens { get; init; }

    /// <summary>The feeds, ordered by code.</summary>
    public required IReadOnlyList<FeedSettings> Feeds { get; init; }

    /// <summary>Declared values of stable legs, US dollars × 10^18, by code.</summary>
    public required IReadOnlyDictionary<string, BigInteger> StableLegs { get; init; }

    /// <summary>Planned distance of rounds.</summary>
    public TimeSpan RoundEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Planned distance of samples.</summary>
    public TimeSpan SampleEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Sampling window; zero decides from the last sample alone.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Each source's own limit, machine time.</summary>
    public TimeSpan SourceTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a ledger is asked for its facts, and a venue's registry for its pools.</summary>
    public TimeSpan FactsEvery { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How often a pinned pool is looked up again in the venue's registry.</summary>
    public TimeSpan RegistryEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Parameters of a round.</summary>
    public AggregationLimits Limits { get; init; } = new() { AllowSingleVenue = false };

    /// <summary>Parameters of the gate.</summary>
    public GateLimits Gate { get; init; } = new();

    /// <summary>ICPSwap; null when no route uses it.</summary>
    public IcpSwapSettings? IcpSwap { get; init; }

    /// <summary>TACO; null when no route uses it.</summary>
    public TacoSettings? Taco { get; init; }

    /// <summary>KongSwap; null when no route uses it.</summary>
    public KongSettings? Kong { get; init; }
}

/// <summary>A token and what its ledger must say.</summary>
/// <param name="Asset">The token.</param>
/// <param name="Symbol">Symbol on the ledger.</param>
/// <param name="FeeUnits">Transfer fee, smallest units.</param>
/// <param name="Profile">Name of the ledger's profile.</param>
internal sealed record TokenSettings(Asset Asset, string Symbol, UInt128 FeeUnits, string Profile);

/// <summary>One token's price.</summary>
/// <param name="Asset">The token.</param>
/// <param name="Routes">Ways to a US dollar value; empty for a declared asset.</param>
/// <param name="ExpectedE18">First price the operator expects; null when not given.</param>
internal sealed record FeedSettings(Asset Asset, IReadOnlyList<RouteSettings> Routes, BigInteger? ExpectedE18);

/// <summary>One way from a token to a stable asset at one venue.</summary>
/// <param name="Id">Id as configured: <c>venue:A>B>C</c>.</param>
/// <param name="Venue">The venue.</param>
/// <param name="Path">Tokens from the priced one to the stable one.</param>
internal sealed record RouteSettings(string Id, string Venue, IReadOnlyList<Asset> Path)
{
    /// <summary>Ids of the sources along the way, in order.</summary>
    public IReadOnlyList<string> SourceIds { get; } =
        [.. Path.Zip(Path.Skip(1), (a, b) => $"{Venue}:{a.Code}/{b.Code}")];

    /// <summary>The stable asset at the end.</summary>
    public Asset Stable => Path[^1];
}

/// <summary>ICPSwap.</summary>
/// <param name="Factory">The factory canister.</param>
/// <param name="PoolFee">Fee tier of its pools, millionths.</param>
internal sealed record IcpSwapSettings(Principal Factory, uint PoolFee);

/// <summary>TACO exchange.</summary>
/// <param name="Canister">The exchange canister.</param>
internal sealed record TacoSettings(Principal Canister);

/// <summary>KongSwap.</summary>
/// <param name="SunsetAt">When it closed.</param>
internal sealed record KongSettings(DateTimeOffset SunsetAt);

/// <summary>What must hold before money is converted at a price.</summary>
internal sealed record GateLimits
{
    /// <summary>Venues behind the price.</summary>
    public int MinVenues { get; init; } = 2;

    /// <summary>Money behind the poorest used venue, US dollars × 10^6.</summary>
    public BigInteger MinTvlUsdE6 { get; init; } = 5_000_000_000;

    /// <summary>Half-width of opinions, basis points of the price.</summary>
    public int MaxConfidenceBps { get; init; } = 300;
}
