using Decent.Ledger;
using Decent.Payments.Commands;

namespace Decent.Api.Endpoints;

/// <summary>An amount in JSON.</summary>
/// <param name="Amount">Count of the asset's smallest unit as integer text; never a JSON number.</param>
/// <param name="Asset">Code of the asset.</param>
public sealed record MoneyBody(string Amount, string Asset)
{
    /// <summary>The body of an amount.</summary>
    public static MoneyBody Of(Money money) => new(money.ToUnitsText(), money.Asset.Code);

    /// <summary>The body of an amount, or null.</summary>
    public static MoneyBody? Of(Money? money) => money is { } value ? Of(value) : null;

    /// <summary>Reads the amount.</summary>
    /// <param name="assets">The installation's assets.</param>
    /// <param name="field">Name of the field, for the refusal.</param>
    /// <exception cref="RefusedException"><c>asset_unknown</c> or <c>amount_invalid</c>.</exception>
    public Money Read(AssetRegistry assets, string field)
    {
        var asset = assets.Find(Asset)
            ?? throw new RefusedException("asset_unknown", $"{field}.asset is not an asset of this installation.", RefusalKind.Invalid);
        return Money.TryParse(Amount, asset, out var money)
            ? money
            : throw new RefusedException(
                "amount_invalid", $"{field}.amount must be integer text within 128 bits.", RefusalKind.Invalid);
    }
}
