using System.Globalization;
using Decent.Ledger;

namespace Decent.Payments.Commands;

/// <summary>An amount as JSON carries it.</summary>
/// <param name="Amount">Integer text: count of the asset's smallest unit.</param>
/// <param name="Asset">Code of the asset.</param>
public sealed record AmountView(string Amount, string Asset)
{
    /// <summary>The amount as JSON carries it.</summary>
    public static AmountView Of(Money money) => new(money.ToUnitsText(), money.Asset.Code);

    /// <summary>The amount as JSON carries it.</summary>
    /// <param name="units">Count of smallest units.</param>
    /// <param name="asset">Code of the asset.</param>
    public static AmountView Of(Int128 units, string asset) => new(units.ToString(CultureInfo.InvariantCulture), asset);
}
