using Decent.Ledger;

namespace Decent.PriceOracle.Sources;

/// <summary>One pair at one venue.</summary>
public interface IPriceSource
{
    /// <summary>Stable id: <c>venue:BASE/QUOTE</c>.</summary>
    string Id { get; }

    /// <summary>The venue; everything of one venue is one vote.</summary>
    string Venue { get; }

    /// <summary>The token that is priced.</summary>
    Asset Base { get; }

    /// <summary>The token it is priced in.</summary>
    Asset Quote { get; }

    /// <summary>When the venue closes or closed; null when no end is known.</summary>
    DateTimeOffset? SunsetAt { get; }

    /// <summary>
    /// Asks the venue once. What goes wrong at the venue becomes a reason code; only cancellation of
    /// <paramref name="cancellationToken" /> is thrown.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<Observation> SampleAsync(CancellationToken cancellationToken);
}
