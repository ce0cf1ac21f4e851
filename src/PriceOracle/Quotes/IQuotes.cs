using Decent.Ledger;

namespace Decent.PriceOracle.Quotes;

/// <summary>Converts an amount of a currency into units of a token.</summary>
public interface IQuotes
{
    /// <summary>
    /// <c>units = floor(amount_e9s · 10^9 · 10^decimals / price_e18)</c> at the price usable now. The remainder, less
    /// than the value of one unit, stays with the platform.
    /// </summary>
    /// <param name="token">The token to pay in.</param>
    /// <param name="fiat">A positive amount at scale 9.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A quote, or a refusal: <c>price_unavailable</c>, <c>price_stale</c>, <c>currency_not_priced</c>,
    /// <c>dust</c>.</returns>
    /// <exception cref="ArgumentException">The token is not a token, or the amount is not a positive amount of a
    /// currency.</exception>
    Task<QuoteResult> QuoteAsync(Asset token, Money fiat, CancellationToken cancellationToken);
}
