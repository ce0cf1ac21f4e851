using System.Globalization;
using System.Numerics;
using Decent.Candid;
using Decent.Ledger;

namespace Decent.PriceOracle.Tests;

/// <summary>Tokens of the tests, under their real ledger ids.</summary>
internal static class Known
{
    public const string DctLedger = "ggi4a-wyaaa-aaaai-actqq-cai";
    public const string IcpLedger = "ryjl3-tyaaa-aaaaa-aaaba-cai";
    public const string UsdtLedger = "cngnf-vqaaa-aaaar-qag4q-cai";

    public static readonly Asset Dct = Asset.Token("DCT", 9, Principal.FromText(DctLedger));
    public static readonly Asset Icp = Asset.Token("ICP", 8, Principal.FromText(IcpLedger));
    public static readonly Asset Usdt = Asset.Token("ckUSDT", 6, Principal.FromText(UsdtLedger));
    public static readonly Asset Usd = Asset.Fiat("USD");
    public static readonly DateTimeOffset Start = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public static BigInteger Big(string digits) => BigInteger.Parse(digits, CultureInfo.InvariantCulture);
}
