using Decent.Candid;

namespace Decent.Ledger.Tests;

/// <summary>Assets the tests count in.</summary>
public static class Assets
{
    public static readonly Asset Usd = Asset.Fiat("USD");

    public static readonly Asset Icp = Asset.Token("ICP", 8, Principal.FromText("ryjl3-tyaaa-aaaaa-aaaba-cai"));

    public static Money Dollars(Int128 units) => new(Usd, units);

    public static Money Icps(Int128 units) => new(Icp, units);
}
