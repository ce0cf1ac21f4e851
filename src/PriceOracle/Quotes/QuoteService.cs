using System.Numerics;
using Decent.Ledger;
using Decent.PriceOracle.Settings;

namespace Decent.PriceOracle.Quotes;

/// <inheritdoc cref="IQuotes" />
internal sealed class QuoteService(OracleSettings settings, IPriceReader prices) : IQuotes
{
    private const string PricedCurrency = "USD";

    /// <inheritdoc />
    public async Task<QuoteResult> QuoteAsync(Asset token, Money fiat, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (token.Kind != AssetKind.Token)
        {
            throw new ArgumentException("A quote is given in a token.", nameof(token));
        }

        if (fiat.Asset is not { Kind: AssetKind.Fiat, Scale: Asset.FiatScale } || !fiat.IsPositive)
        {
            throw new ArgumentException("A quote is asked for a positive amount of a currency.", nameof(fiat));
        }

        if (fiat.Asset.Code != PricedCurrency)
        {
            return new QuoteResult.Refused(
                "currency_not_priced",
                $"Tokens are priced in {PricedCurrency}; there is no rate for {fiat.Asset.Code}.");
        }

        var reading = await prices.CurrentAsync(token, cancellationToken);
        if (!reading.UsableForPayout)
        {
            return Refuse(reading);
        }

        var units = Conversion.Units(fiat.Units, token.Scale, reading.PriceE18!.Value);
        if (units <= (BigInteger)settings.Tokens[token.Code].FeeUnits)
        {
            return new QuoteResult.Refused("dust", $"{fiat} is not more than the fee of the {token.Code} ledger.");
        }

        return units > (BigInteger)Int128.MaxValue
            ? new QuoteResult.Refused("price_unavailable", $"{fiat} is more {token.Code} than can be counted.")
            : new QuoteResult.Quoted(
                new Money(token, (Int128)units),
                reading.PriceE18.Value,
                reading.RoundId!.Value,
                reading.ObservedAt!.Value,
                reading.Flags);
    }

    private static QuoteResult.Refused Refuse(PriceReading reading)
    {
        var code = reading.State == PriceState.Stale ? "price_stale" : "price_unavailable";
        var shut = reading.Gate.Conditions.Where(c => !c.Holds && c.Name is not ("state" or "age")).ToList();
        var words = reading.State == PriceState.Fresh && shut.Count > 0
            ? $"The price of {reading.Asset.Code} may not be paid at: "
                + string.Join("; ", shut.Select(c => $"{c.Name} is {c.Value}, asked is {c.Limit}")) + "."
            : reading.ReasonInWords;
        return new QuoteResult.Refused(code, words);
    }
}
