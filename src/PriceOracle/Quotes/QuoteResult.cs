using System.Numerics;
using Decent.Ledger;

namespace Decent.PriceOracle.Quotes;

/// <summary>Answer to a request for a quote.</summary>
public abstract record QuoteResult
{
    private QuoteResult()
    {
    }

    /// <summary>A quote.</summary>
    /// <param name="Units">What the currency amount buys, in the token's smallest unit; more than the ledger's
    /// fee.</param>
    /// <param name="PriceE18">US dollars per whole token × 10^18.</param>
    /// <param name="RoundId">The round that accepted the price.</param>
    /// <param name="ObservedAt">When it was accepted.</param>
    /// <param name="Flags">Codes that qualify the price.</param>
    public sealed record Quoted(
        Money Units, BigInteger PriceE18, long RoundId, DateTimeOffset ObservedAt, IReadOnlyList<string> Flags)
            : QuoteResult;

    /// <summary>No quote.</summary>
    /// <param name="Code"><c>price_unavailable</c>, <c>price_stale</c>, <c>currency_not_priced</c> or
    /// <c>dust</c>.</param>
    /// <param name="Words">One sentence for people.</param>
    public sealed record Refused(string Code, string Words) : QuoteResult;
}
