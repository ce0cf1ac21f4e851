using Decent.Ledger;

namespace Decent.Payments.Providers;

/// <summary>The enabled rails, and what their units are in assets of ours.</summary>
internal sealed class Rails(IEnumerable<IPaymentProvider> providers, AssetRegistry assets)
{
    private readonly Dictionary<string, IPaymentProvider> _providers =
        providers.ToDictionary(p => p.Id, StringComparer.Ordinal);

    /// <summary>The rail with an id, or null when it is not enabled.</summary>
    public IPaymentProvider? Find(string id) => _providers.GetValueOrDefault(id);

    /// <summary>The asset with a code, which must exist.</summary>
    public Asset Asset(string code) => assets.Get(code);

    /// <summary>An amount in a rail's unit as money of ours; null when the asset is not one of ours.</summary>
    /// <param name="rail">The rail.</param>
    /// <param name="unit">Currency in lower case, or ledger canister id.</param>
    /// <param name="units">Minor units of the currency, or base units of the ledger.</param>
    public Money? ToMoney(string rail, string unit, Int128 units)
    {
        if (Find(rail) is { Capabilities.PaysInTokens: true })
        {
            var token = assets.All.FirstOrDefault(
                a => a is { Kind: AssetKind.Token, LedgerCanister: { } ledger } && ledger.ToText() == unit);
            return token is null ? null : new Money(token, units);
        }

        return assets.Find(unit.ToUpperInvariant()) is { Kind: AssetKind.Fiat } currency
            && MinorUnits.ToUnits(units, currency.Code) is { } nano
            ? new Money(currency, nano)
            : null;
    }
}
