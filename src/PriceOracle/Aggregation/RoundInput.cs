using System.Numerics;
using System.Text.Json.Serialization;

namespace Decent.PriceOracle.Aggregation;

/// <summary>Everything a round decides from. Stored with the round, so that it can be decided again.</summary>
internal sealed record RoundInput
{
    /// <summary>Code of the token.</summary>
    public required string Asset { get; init; }

    /// <summary>Business time of the round.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The state before, as stored.</summary>
    public required FeedState Before { get; init; }

    /// <summary>The votes, in any order.</summary>
    public required IReadOnlyList<Candidate> Candidates { get; init; }

    /// <summary>Parameters.</summary>
    public required AggregationLimits Limits { get; init; }

    /// <summary>The price that was in force a day ago, US dollars × 10^18; null when unknown.</summary>
    public BigInteger? DayAgoE18 { get; init; }

    /// <summary>
    /// A first price the operator expects, US dollars × 10^18; null when none was given. Never a price itself.
    /// </summary>
    public BigInteger? ExpectedE18 { get; init; }

    /// <summary>
    /// The operator's declared value of a stable asset, US dollars × 10^18; null for measured assets.
    /// </summary>
    public BigInteger? DeclaredE18 { get; init; }

    /// <summary>What people did, for a round that people make; null for a round of the market.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OperatorAct? Act { get; init; }
}
