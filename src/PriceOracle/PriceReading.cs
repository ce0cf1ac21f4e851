using System.Numerics;
using Decent.Ledger;

namespace Decent.PriceOracle;

/// <summary>What is known of an asset's price at one instant.</summary>
/// <param name="Asset">The token.</param>
/// <param name="State">State at the instant of reading; age is taken into account.</param>
/// <param name="PriceE18">US dollars per whole token × 10^18; null when unknown. Never zero.</param>
/// <param name="ObservedAt">When the price was accepted; null when there is none.</param>
/// <param name="Age">Time since then.</param>
/// <param name="RoundId">The round that accepted the price; links postings to it.</param>
/// <param name="Flags">Codes that qualify the price, such as <c>W_PEG_UNKNOWN</c>.</param>
/// <param name="ReasonInWords">One sentence for people.</param>
/// <param name="UsableForPayout">True when money may be converted at this price now.</param>
public sealed record PriceReading(
    Asset Asset,
    PriceState State,
    BigInteger? PriceE18,
    DateTimeOffset? ObservedAt,
    TimeSpan? Age,
    long? RoundId,
    IReadOnlyList<string> Flags,
    string ReasonInWords,
    bool UsableForPayout)
{
    /// <summary>
    /// The last accepted price, US dollars × 10^18, also while nothing is shown; null when there never was one.
    /// </summary>
    public BigInteger? LastGoodE18 { get; init; }

    /// <summary>
    /// Half-width of what the sources say, in basis points of the price; null when there is no price.
    /// </summary>
    public int? ConfidenceBps { get; init; }

    /// <summary>Venues whose votes made the price.</summary>
    public IReadOnlyList<string> Venues { get; init; } = [];

    /// <summary>The conditions for paying at this price, one by one.</summary>
    public PayoutGate Gate { get; init; } = PayoutGate.Closed;
}
