using System.Numerics;
using Decent.Ledger;
using Decent.PriceOracle.Quotes;

namespace Decent.Payments.Tests.Transfers;

/// <summary>A price that stands still, or none.</summary>
internal sealed class FakeQuotes(TimeProvider time) : IQuotes
{
    public BigInteger PriceE18 { get; set; } = BigInteger.Pow(10, 18) / 50;

    public QuoteResult.Refused? Refusal { get; set; }

    public Task<QuoteResult> QuoteAsync(Asset token, Money fiat, CancellationToken cancellationToken)
    {
        if (Refusal is not null)
        {
            return Task.FromResult<QuoteResult>(Refusal);
        }

        var units = (BigInteger)fiat.Units * BigInteger.Pow(10, 9) * BigInteger.Pow(10, token.Scale) / PriceE18;
        return Task.FromResult<QuoteResult>(
            new QuoteResult.Quoted(new Money(token, (Int128)units), PriceE18, 7, time.GetUtcNow(), []));
    }
}
