using System.Numerics;
using Decent.Ledger;

namespace Decent.PriceOracle;

/// <summary>One answer of one source, as recorded.</summary>
/// <param name="SourceId">The source, such as <c>icpswap:ICP/ckUSDT</c>.</param>
/// <param name="Venue">The venue; one venue is one vote.</param>
/// <param name="ObservedAt">Business time of the answer.</param>
/// <param name="Code"><c>OK</c> or the reason why there is no price, such as <c>E_ZERO_LIQ</c>.</param>
/// <param name="Detail">What was seen, for people.</param>
/// <param name="PriceE18">Quote token per whole base token × 10^18; null unless the code is <c>OK</c>.</param>
/// <param name="LatencyMs">How long the answer took, milliseconds of machine time.</param>
public sealed record ObservationView(
    string SourceId, string Venue, DateTimeOffset ObservedAt, string Code, string Detail, BigInteger? PriceE18,
    long LatencyMs);

/// <summary>One route's vote in a round.</summary>
/// <param name="RouteId">The route, such as <c>icpswap:DCT>ICP>ckUSDT</c>.</param>
/// <param name="Venue">Its venue.</param>
/// <param name="PriceE18">US dollars per whole token × 10^18; null when the route has no price.</param>
/// <param name="Used">True when the vote was counted.</param>
/// <param name="Code">Why it was not counted; null when it was.</param>
public sealed record CandidateView(string RouteId, string Venue, BigInteger? PriceE18, bool Used, string? Code);

/// <summary>A round: what was seen and what was decided. Rounds are never changed.</summary>
/// <param name="Id">Id of the round, rising.</param>
/// <param name="AssetCode">The token.</param>
/// <param name="StartedAt">Business time.</param>
/// <param name="Outcome">Outcome in words of the oracle: <c>ACCEPT</c>, <c>DISAGREE</c>, <c>NO_QUORUM</c>,
/// <c>NONE</c> …</param>
/// <param name="ValueE18">The value the round arrived at, whether accepted or not; US dollars × 10^18.</param>
/// <param name="PriceE18">The last good price after the round.</param>
/// <param name="StateBefore">State before.</param>
/// <param name="StateAfter">State after.</param>
/// <param name="Flags">Codes that qualify the outcome.</param>
/// <param name="ReasonInWords">One sentence for people.</param>
/// <param name="Candidates">The votes.</param>
/// <param name="Observations">The answers behind the votes; empty in lists.</param>
/// <param name="Hash">SHA-256 over the round and the hash of the one before, hex.</param>
public sealed record RoundView(
    long Id,
    string AssetCode,
    DateTimeOffset StartedAt,
    string Outcome,
    BigInteger? ValueE18,
    BigInteger? PriceE18,
    PriceState StateBefore,
    PriceState StateAfter,
    IReadOnlyList<string> Flags,
    string ReasonInWords,
    IReadOnlyList<CandidateView> Candidates,
    IReadOnlyList<ObservationView> Observations,
    string Hash);

/// <summary>How a source is doing.</summary>
/// <param name="SourceId">The source.</param>
/// <param name="Venue">Its venue.</param>
/// <param name="LastOkAt">Business time of its last usable answer.</param>
/// <param name="LastErrorAt">Business time of its last failure.</param>
/// <param name="LastErrorCode">Reason code of it.</param>
/// <param name="LastErrorDetail">What was seen.</param>
/// <param name="LastLatencyMs">Machine time of its last answer, milliseconds.</param>
/// <param name="SunsetAt">When the venue closes or closed; null when no end is known.</param>
/// <param name="PoolId">The pinned pool, for sources that pin one.</param>
public sealed record SourceHealth(
    string SourceId,
    string Venue,
    DateTimeOffset? LastOkAt,
    DateTimeOffset? LastErrorAt,
    string? LastErrorCode,
    string? LastErrorDetail,
    long? LastLatencyMs,
    DateTimeOffset? SunsetAt,
    string? PoolId);

/// <summary>An accepted price, for charts.</summary>
/// <param name="At">Business time.</param>
/// <param name="PriceE18">US dollars per whole token × 10^18.</param>
/// <param name="RoundId">The round.</param>
public sealed record PricePoint(DateTimeOffset At, BigInteger PriceE18, long RoundId);

/// <summary>Whether a round, decided again from its stored input, gives the stored decision.</summary>
/// <param name="RoundId">The round.</param>
/// <param name="Equal">True when every number and word is the same.</param>
/// <param name="Difference">What differs; null when equal.</param>
public sealed record ReplayResult(long RoundId, bool Equal, string? Difference);

/// <summary>History and provenance, for the console and the API.</summary>
public interface IPriceHistory
{
    /// <summary>Rounds of a token, newest first, without their observations.</summary>
    /// <param name="asset">The token.</param>
    /// <param name="beforeRoundId">Only rounds with a smaller id; null for the newest.</param>
    /// <param name="limit">At most this many, 1 to 500.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IReadOnlyList<RoundView>> RoundsAsync(
        Asset asset, long? beforeRoundId, int limit, CancellationToken cancellationToken);

    /// <summary>One round with its observations, or null.</summary>
    Task<RoundView?> RoundAsync(long roundId, CancellationToken cancellationToken);

    /// <summary>Decides a stored round again; null when there is no such round.</summary>
    Task<ReplayResult?> ReplayAsync(long roundId, CancellationToken cancellationToken);

    /// <summary>Accepted prices of a token in a span of business time, oldest first.</summary>
    Task<IReadOnlyList<PricePoint>> PricesAsync(
        Asset asset, DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancellationToken);

    /// <summary>Every configured source with its health, ordered by id.</summary>
    Task<IReadOnlyList<SourceHealth>> SourcesAsync(CancellationToken cancellationToken);
}
