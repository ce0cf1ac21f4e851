using System.Globalization;
using System.Numerics;
using Decent.PriceOracle;

namespace Decent.Api.Endpoints;

/// <summary>A vote of a round.</summary>
/// <param name="RouteId">The route.</param>
/// <param name="Venue">Its venue.</param>
/// <param name="PriceE18">US dollars per whole token × 10^18 as integer text, or null.</param>
/// <param name="Used">Whether it counted.</param>
/// <param name="Code">Why it did not.</param>
public sealed record PriceVoteBody(string RouteId, string Venue, string? PriceE18, bool Used, string? Code);

/// <summary>An answer of a source.</summary>
/// <param name="SourceId">The source.</param>
/// <param name="Venue">Its venue.</param>
/// <param name="ObservedAt">When.</param>
/// <param name="Code"><c>OK</c> or the reason why there is no price.</param>
/// <param name="Detail">What was seen.</param>
/// <param name="PriceE18">Quote token per whole base token × 10^18 as integer text, or null.</param>
public sealed record PriceObservationBody(
    string SourceId, string Venue, DateTimeOffset ObservedAt, string Code, string Detail, string? PriceE18);

/// <summary>A round: what was seen and what was decided.</summary>
/// <param name="Id">Id of the round.</param>
/// <param name="Asset">The token.</param>
/// <param name="StartedAt">Business time.</param>
/// <param name="Outcome">What was decided.</param>
/// <param name="ValueE18">The value arrived at, or null.</param>
/// <param name="PriceE18">The last good price after the round, or null.</param>
/// <param name="StateBefore">State before.</param>
/// <param name="StateAfter">State after.</param>
/// <param name="Flags">Codes that qualify the outcome.</param>
/// <param name="Reason">One sentence for people.</param>
/// <param name="Votes">The votes.</param>
/// <param name="Observations">The answers behind the votes.</param>
/// <param name="Hash">SHA-256 over the round and the hash of the one before, hex.</param>
public sealed record PriceRoundBody(
    long Id,
    string Asset,
    DateTimeOffset StartedAt,
    string Outcome,
    string? ValueE18,
    string? PriceE18,
    PriceState StateBefore,
    PriceState StateAfter,
    IReadOnlyList<string> Flags,
    string Reason,
    IReadOnlyList<PriceVoteBody> Votes,
    IReadOnlyList<PriceObservationBody> Observations,
    string Hash)
{
    /// <summary>The body of a round.</summary>
    public static PriceRoundBody Of(RoundView round) => new(
        round.Id,
        round.AssetCode,
        round.StartedAt,
        round.Outcome,
        Text(round.ValueE18),
        Text(round.PriceE18),
        round.StateBefore,
        round.StateAfter,
        round.Flags,
        round.ReasonInWords,
        [.. round.Candidates.Select(c => new PriceVoteBody(c.RouteId, c.Venue, Text(c.PriceE18), c.Used, c.Code))],
        [.. round.Observations.Select(o => new PriceObservationBody(
            o.SourceId, o.Venue, o.ObservedAt, o.Code, o.Detail, Text(o.PriceE18)))],
        round.Hash);

    private static string? Text(BigInteger? value) => value?.ToString(CultureInfo.InvariantCulture);
}
