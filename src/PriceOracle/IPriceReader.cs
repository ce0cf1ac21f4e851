using Decent.Ledger;

namespace Decent.PriceOracle;

/// <summary>Reads what is known of prices. Reading never asks a source.</summary>
public interface IPriceReader
{
    /// <summary>
    /// The reading of a token at the present business time; unknown tokens read as
    /// <see cref="PriceState.Bootstrap" />.
    /// </summary>
    /// <param name="asset">A token.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<PriceReading> CurrentAsync(Asset asset, CancellationToken cancellationToken);

    /// <summary>The readings of every configured token, ordered by code.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IReadOnlyList<PriceReading>> AllAsync(CancellationToken cancellationToken);
}
